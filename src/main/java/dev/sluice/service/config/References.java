package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in for {@code ${env:NAME}} and {@code ${file:/path}}. What goes wrong is told by the
 * name of the variable or file, never by a value.
 *
 * @param folder relative paths start here
 */
record References(Path folder, Map<String, String> environment) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");
  private static final int MOST_CHARACTERS = 64 * 1024;

  References {
    environment = Map.copyOf(environment);
  }

  /** The text with every reference replaced; empty, and a problem, where one cannot be. */
  Optional<String> resolve(Field field) {
    return field.text().flatMap(text -> resolve(field, text));
  }

  /** A variable that takes the place of a field; one that is empty is as good as not set. */
  Optional<String> override(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  Optional<Secret> secret(Field field) {
    return resolve(field).map(Secret::new);
  }

  private Optional<String> resolve(Field field, String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    boolean whole = true;
    while (reference.find()) {
      Optional<String> value = value(field, reference.group(1));
      whole &= value.isPresent();
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value.orElse("")));
    }
    reference.appendTail(resolved);
    return whole ? Optional.of(resolved.toString()) : Optional.empty();
  }

  private Optional<String> value(Field field, String reference) {
    int colon = reference.indexOf(':');
    String scheme = colon < 0 ? "" : reference.substring(0, colon);
    String name = reference.substring(colon + 1);
    return switch (scheme) {
      case "env" -> variable(field, name);
      case "file" -> file(field, name);
      default -> {
        field.problem(
            "'${" + reference + "}' refers to nothing that is known",
            "write ${env:" + name + "} or ${file:/path}");
        yield Optional.empty();
      }
    };
  }

  /**
   * What a reference stands for at this moment; empty where it cannot be read.
   *
   * @param reference "env:NAME" or "file:/path"
   */
  Optional<String> now(String reference) {
    int colon = reference.indexOf(':');
    String name = reference.substring(colon + 1);
    Optional<String> value =
        switch (reference.substring(0, Math.max(colon, 0))) {
          case "env" -> Optional.ofNullable(environment.get(name));
          case "file" ->
              path(name)
                  .map(TextFile::read)
                  .flatMap(
                      read ->
                          read instanceof TextFile.Text text
                              ? Optional.of(text.text())
                              : Optional.empty());
          default -> Optional.empty();
        };
    return value.map(String::strip).filter(v -> !v.isEmpty() && v.length() <= MOST_CHARACTERS);
  }

  /** A problem where a reference within this field cannot be read now. */
  void check(Field field, String reference) {
    value(field, reference);
  }

  private Optional<String> variable(Field field, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      field.problem(
          "the environment variable " + name + (value == null ? " is not set" : " is empty"),
          "set it for this process, or use ${file:/path}");
      return Optional.empty();
    }
    return Optional.of(value.strip());
  }

  private Optional<String> file(Field field, String name) {
    Optional<Path> path = path(name);
    if (path.isEmpty()) {
      field.problem("'" + name + "' is no name of a file", "like ${file:/run/secrets/name}");
      return Optional.empty();
    }
    return switch (TextFile.read(path.get())) {
      case TextFile.Unreadable u -> {
        field.problem(
            "the file " + path.get() + " " + u.sentence(), "create it, or let this user read it");
        yield Optional.empty();
      }
      case TextFile.Text t -> content(field, path.get(), t.text().strip());
    };
  }

  private static Optional<String> content(Field field, Path path, String content) {
    if (content.isEmpty() || content.length() > MOST_CHARACTERS) {
      field.problem(
          "the file " + path + (content.isEmpty() ? " is empty" : " is too large for a secret"),
          "it holds one value and nothing else");
      return Optional.empty();
    }
    return Optional.of(content);
  }

  @Override
  public String toString() {
    return "references from " + folder;
  }

  /** A path as it is meant from the configuration's folder. */
  Optional<Path> path(String name) {
    try {
      return Optional.of(folder.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
