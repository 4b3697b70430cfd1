package dev.sluice.service.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An element of a page. Text and attributes are escaped here and nowhere else, and there is no way
 * to add markup as text: what people write in names and reasons cannot become part of the page.
 */
final class Tag {
  private static final Set<String> VOID = Set.of("meta", "link", "input", "br");

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Object> content = new ArrayList<>();

  private Tag(String name) {
    this.name = name;
  }

  static Tag of(String name) {
    return new Tag(name);
  }

  static Tag of(String name, String cssClass) {
    return new Tag(name).with("class", cssClass);
  }

  Tag with(String attribute, String value) {
    attributes.put(attribute, value);
    return this;
  }

  /** An attribute without a value. */
  Tag flag(String attribute) {
    return with(attribute, "");
  }

  Tag text(String text) {
    content.add(text);
    return this;
  }

  Tag add(Tag child) {
    content.add(child);
    return this;
  }

  Tag add(Optional<Tag> child) {
    child.ifPresent(content::add);
    return this;
  }

  Tag add(Stream<Tag> children) {
    children.forEach(content::add);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder to = new StringBuilder();
    write(to);
    return to.toString();
  }

  private void write(StringBuilder to) {
    to.append('<').append(name);
    attributes.forEach(
        (key, value) -> {
          to.append(' ').append(key);
          if (!value.isEmpty()) {
            to.append("=\"").append(escaped(value)).append('"');
          }
        });
    to.append('>');
    if (VOID.contains(name)) {
      return;
    }
    for (Object part : content) {
      if (part instanceof Tag child) {
        child.write(to);
      } else {
        to.append(escaped(part.toString()));
      }
    }
    to.append("</").append(name).append('>');
  }

  static String escaped(String text) {
    StringBuilder to = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> to.append("&amp;");
        case '<' -> to.append("&lt;");
        case '>' -> to.append("&gt;");
        case '"' -> to.append("&quot;");
        case '\'' -> to.append("&#39;");
        default -> to.append(harmless(c) ? c : '\uFFFD');
      }
    }
    return to.toString();
  }

  /** Control characters break pages; characters that turn the direction of text rearrange them. */
  private static boolean harmless(char c) {
    boolean control = Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r';
    boolean turns = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    return !control && !turns;
  }
}
