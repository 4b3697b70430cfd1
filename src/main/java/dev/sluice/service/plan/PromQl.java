package dev.sluice.service.plan;

import java.util.Locale;
import java.util.Optional;

/**
 * Walks over a PromQL text: names, quoted strings, variables. As much of the grammar as plans need.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/">Querying basics,
 *     string literals</a>
 */
final class PromQl {
  private final String text;
  private int at;

  PromQl(String text) {
    this.text = text;
  }

  /** A mistake in a PromQL text. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    Fault(String message, String hint) {
      super(message, null, false, false);
      this.hint = hint;
    }

    String said() {
      return String.valueOf(getMessage());
    }

    String hint() {
      return hint;
    }
  }

  boolean done() {
    return at >= text.length();
  }

  char peek() {
    return done() ? '\0' : text.charAt(at);
  }

  char next() {
    return text.charAt(at++);
  }

  String rest() {
    String rest = text.substring(at);
    return rest.length() > 40 ? rest.substring(0, 40) + "..." : rest;
  }

  void skipSpace() {
    while (!done() && (Character.isWhitespace(peek()) || peek() == '#')) {
      if (next() == '#') {
        while (!done() && peek() != '\n') {
          at++;
        }
      }
    }
  }

  boolean accept(String symbol) {
    boolean there = text.startsWith(symbol, at);
    at += there ? symbol.length() : 0;
    return there;
  }

  boolean atQuote() {
    return peek() == '"' || peek() == '\'' || peek() == '`';
  }

  /** A name of letters, digits and '_', and ':' in names of metrics; empty where there is none. */
  String name(boolean colons) {
    int from = at;
    while (!done() && part(peek(), colons, at > from)) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean part(char c, boolean colons, boolean digits) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (colons && c == ':')
        || (digits && c >= '0' && c <= '9');
  }

  /** The meaning of a quoted string; the reader stands on its first quote. */
  String string() throws Fault {
    char quote = next();
    StringBuilder value = new StringBuilder();
    while (!done()) {
      char c = next();
      if (c == quote) {
        return value.toString();
      }
      if (c == '\n' && quote != '`') {
        break;
      }
      value.append(c == '\\' && quote != '`' ? escape() : Character.toString(c));
    }
    throw new Fault("a " + quote + " is opened and never closed", "close the quote");
  }

  private String escape() throws Fault {
    char c = done() ? '\0' : next();
    return switch (c) {
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'v' -> "\u000b";
      case '\\', '"', '\'' -> Character.toString(c);
      case 'x' -> code(2, 16);
      case 'u' -> code(4, 16);
      case 'U' -> code(8, 16);
      case '0', '1', '2', '3' -> {
        at--;
        yield code(3, 8);
      }
      default ->
          throw new Fault(
              "'\\" + c + "' means nothing inside of quotes",
              "double the backslash: '\\\\" + c + "'");
    };
  }

  private String code(int digits, int radix) throws Fault {
    int end = Math.min(text.length(), at + digits);
    String written = text.substring(at, end);
    Optional<Integer> code = parse(written, radix).filter(Character::isValidCodePoint);
    if (written.length() < digits || code.isEmpty() || (digits < 4 && code.get() > 0x7f)) {
      throw new Fault(
          "'\\" + written.toLowerCase(Locale.ROOT) + "' is no character", "write the character");
    }
    at = end;
    return Character.toString(code.get());
  }

  private static Optional<Integer> parse(String digits, int radix) {
    try {
      return Optional.of(Integer.parseInt(digits, radix));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The shortest double-quoted form. */
  static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            quoted.append(String.format("\\x%02x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
