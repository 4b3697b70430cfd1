package dev.sluice.service.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into its parts, and finds all that is wrong with them. */
final class Parser {
  private static final Pattern TAG =
      Pattern.compile("\\{\\{(.*?)}}|\\$\\{([^{}\\n]*)}", Pattern.DOTALL);
  private static final Pattern NAME =
      Pattern.compile("\\.|-first|-last|[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*");
  private static final Pattern REFERENCE = Pattern.compile("(env|file):.+");
  private static final String JSON = "json ";
  private static final int DEEPEST = 10;

  private final String text;
  private final List<Slip> slips = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /** A section that is not closed yet; the outermost is the template itself. */
  private record Open(Optional<Part.Name> name, boolean inverted, List<Part> parts) {}

  private Parser(String text) {
    this.text = text;
    open.push(new Open(Optional.empty(), false, new ArrayList<>()));
  }

  record Parsed(List<Part> parts, List<Slip> slips) {}

  static Parsed parse(String text) {
    Parser parser = new Parser(text);
    List<Part> parts = parser.parts();
    return new Parsed(parts, parser.slips);
  }

  private List<Part> parts() {
    Matcher tags = TAG.matcher(text);
    int from = 0;
    while (tags.find()) {
      literal(from, tags.start());
      Spot spot = Spot.of(text, tags.start());
      if (tags.group(1) != null) {
        tag(tags.group(1), spot);
      } else {
        reference(tags.group(2), spot);
      }
      from = tags.end();
    }
    literal(from, text.length());
    while (open.size() > 1) {
      Open left = open.pop();
      left.name()
          .ifPresent(
              name ->
                  slip(
                      name.spot(),
                      "the section '" + name.written() + "' is never closed",
                      "end it with {{/" + name.written() + "}}"));
    }
    return open.getFirst().parts();
  }

  private void literal(int from, int to) {
    String piece = text.substring(from, to);
    int brace = piece.indexOf("{{");
    if (brace >= 0) {
      slip(Spot.of(text, from + brace), "'{{' is never closed", "end it with }}");
    }
    if (!piece.isEmpty()) {
      add(new Part.Literal(piece));
    }
  }

  private void add(Part part) {
    open.getFirst().parts().add(part);
  }

  private void slip(Spot spot, String what, String hint) {
    slips.add(new Slip(spot, what, hint));
  }

  private void tag(String inside, Spot spot) {
    String tag = inside.strip();
    char kind = tag.isEmpty() ? ' ' : tag.charAt(0);
    switch (kind) {
      case '!' -> {}
      case '#', '^' -> name(tag.substring(1), spot).ifPresent(name -> begin(name, kind == '^'));
      case '/' -> name(tag.substring(1), spot).ifPresent(this::end);
      case '{', '&' ->
          slip(
              spot,
              "a value cannot be put in unescaped",
              "write {{name}}, or {{json name}} for a whole JSON value");
      case '>' -> slip(spot, "there are no partial templates here", "put its text here");
      case '=' -> slip(spot, "the delimiters cannot be changed", "they are {{ and }}");
      default -> gap(tag, spot);
    }
  }

  private void gap(String tag, Spot spot) {
    boolean json = tag.startsWith(JSON);
    name(json ? tag.substring(JSON.length()) : tag, spot)
        .ifPresent(name -> add(new Part.Gap(name, json)));
  }

  private Optional<Part.Name> name(String written, Spot spot) {
    String name = written.strip();
    if (!NAME.matcher(name).matches()) {
      slip(spot, "'" + name + "' is no name", "like {{flag.key}}");
      return Optional.empty();
    }
    List<String> path = name.equals(".") ? List.of() : Arrays.asList(name.split("\\.", -1));
    return Optional.of(new Part.Name(path, spot));
  }

  private void begin(Part.Name name, boolean inverted) {
    if (open.size() > DEEPEST) {
      slip(name.spot(), "sections are nested deeper than " + DEEPEST, "make it flatter");
    }
    open.push(new Open(Optional.of(name), inverted, new ArrayList<>()));
  }

  private void end(Part.Name name) {
    Open last = open.getFirst();
    if (last.name().isEmpty()) {
      slip(
          name.spot(),
          "the section '" + name.written() + "' is closed and was never begun",
          "begin it with {{#" + name.written() + "}}");
      return;
    }
    Part.Name begun = last.name().get();
    if (!begun.path().equals(name.path())) {
      slip(
          name.spot(),
          "'" + name.written() + "' is closed where '" + begun.written() + "' was begun last",
          "close '" + begun.written() + "' first; it begins in " + begun.spot());
    }
    open.pop();
    add(new Part.Section(begun, last.inverted(), last.parts()));
  }

  private void reference(String reference, Spot spot) {
    if (REFERENCE.matcher(reference).matches()) {
      add(new Part.Reference(reference, spot));
    } else {
      slip(
          spot,
          "'${" + reference + "}' refers to nothing that is known",
          "write ${env:NAME} or ${file:/path}");
    }
  }
}
