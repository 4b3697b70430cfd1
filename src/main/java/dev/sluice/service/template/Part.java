package dev.sluice.service.template;

import java.util.List;

/** A piece of a template. */
sealed interface Part {

  record Literal(String text) implements Part {}

  /**
   * {@code {{name}}}, or {@code {{json name}}}.
   *
   * @param json write the value as JSON, whatever it is
   */
  record Gap(Name name, boolean json) implements Part {}

  /**
   * {@code {{#name}}...{{/name}}}: once if the value is true, there, and not empty; for a list once
   * for each item. {@code {{^name}}...{{/name}}}: once if it is not.
   */
  record Section(Name name, boolean inverted, List<Part> parts) implements Part {
    public Section {
      parts = List.copyOf(parts);
    }
  }

  /**
   * {@code ${env:NAME}}, {@code ${file:/path}}: filled in when it is sent.
   *
   * @param reference without the braces
   */
  record Reference(String reference, Spot spot) implements Part {}

  /**
   * @param path the words between the dots; empty: the item itself
   */
  record Name(List<String> path, Spot spot) {
    public Name {
      path = List.copyOf(path);
    }

    String written() {
      return path.isEmpty() ? "." : String.join(".", path);
    }
  }
}
