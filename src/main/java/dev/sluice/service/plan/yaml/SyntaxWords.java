package dev.sluice.service.plan.yaml;

import dev.sluice.service.plan.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What the YAML parser complains about, as a person would say it. */
final class SyntaxWords {
  private static final String QUOTES =
      "text with braces, brackets, commas or ': ' needs quotes: 'rate(x{a=\"b\"}[5m])'";

  /**
   * @param sign part of the parser's message
   */
  private record Saying(String sign, String message, String hint) {}

  /** The first that fits is said. */
  private static final List<Saying> SAYINGS =
      List.of(
          new Saying("\\t", "a tab stands where YAML wants spaces", "indent with spaces"),
          new Saying(
              "that cannot start any token",
              "a value cannot begin with this character",
              "put the text in quotes"),
          new Saying(
              "mapping values are not allowed here", "a ':' stands where no key can be", QUOTES),
          new Saying(
              "expected <block end>", "this does not fit the lines above", "check the indentation"),
          new Saying("expected ',' or '}'", "a ',' or a '}' is missing before this", QUOTES),
          new Saying("expected ',' or ']'", "a ',' or a ']' is missing before this", QUOTES),
          new Saying(
              "could not find expected ':'",
              "this line is neither 'key: value' nor '- item'",
              "check the indentation, and quotes that are not closed"),
          new Saying(
              "found unexpected end of stream",
              "a quote is opened here and never closed",
              "close it, or use the other kind of quotes"),
          new Saying(
              "sequence entries are not allowed here",
              "a list cannot begin here",
              "put '- ' on a line of its own, below its key"),
          new Saying(
              "found unknown escape character",
              "this backslash means nothing inside of double quotes",
              "double it, or use single quotes"),
          new Saying(
              "found a duplicate anchor", "this anchor was set before", "give it another name"),
          new Saying(
              "while scanning an anchor", "a name must follow '&'", "put the text in quotes"),
          new Saying("while scanning an alias", "a name must follow '*'", "put the text in quotes"),
          new Saying(
              "while scanning a block scalar", "the text after '|' or '>' does not fit", QUOTES));

  private SyntaxWords() {}

  static Problem of(MarkedYAMLException e) {
    String said = text(e.getContext()) + " " + text(e.getProblem());
    boolean begin = said.contains("while scanning a quoted scalar");
    Place place =
        begin
            ? place(e.getContextMark(), e.getProblemMark())
            : place(e.getProblemMark(), e.getContextMark());
    return SAYINGS.stream()
        .filter(s -> said.contains(s.sign()))
        .findFirst()
        .map(s -> problem(place, s.message(), Optional.of(s.hint())))
        .orElseGet(
            () -> problem(place, "this cannot be read as YAML: " + said.strip(), Optional.empty()));
  }

  private static Problem problem(Place place, String message, Optional<String> hint) {
    return new Problem("", place.line(), place.column(), message, hint);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Place place(@Nullable Mark best, @Nullable Mark other) {
    Mark mark = best == null ? other : best;
    return mark == null ? Place.START : YamlReader.place(mark);
  }
}
