package dev.sluice.service.metrics.prometheus;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of PromQL text. Knows just enough of the language not to mistake what stands in quotes or
 * comments for something else: text can be replaced in it without a parser.
 */
record PromqlToken(Kind kind, String text) {

  enum Kind {
    /** Names, numbers, durations. */
    WORD,
    /** With its quotes. */
    STRING,
    /** {@code $name} or {@code ${name}}. */
    VARIABLE,
    /** Space and comments. */
    BLANK,
    /** Any other single character. */
    SIGN
  }

  boolean is(char sign) {
    return kind == Kind.SIGN && text.charAt(0) == sign;
  }

  /** The name of a variable, without dollar and braces. */
  String variable() {
    return text.startsWith("${") ? text.substring(2, text.length() - 1) : text.substring(1);
  }

  static List<PromqlToken> all(String text) throws BadQuery {
    List<PromqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      PromqlToken token = next(text, at);
      tokens.add(token);
      at += token.text.length();
    }
    return tokens;
  }

  private static PromqlToken next(String text, int from) throws BadQuery {
    char c = text.charAt(from);
    if (c == '"' || c == '\'' || c == '`') {
      return new PromqlToken(Kind.STRING, text.substring(from, endOfString(text, from)));
    }
    if (c == '#' || Character.isWhitespace(c)) {
      return new PromqlToken(Kind.BLANK, text.substring(from, endOfBlank(text, from)));
    }
    int end = endOfVariable(text, from);
    if (end > from) {
      return new PromqlToken(Kind.VARIABLE, text.substring(from, end));
    }
    end = from;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end > from
        ? new PromqlToken(Kind.WORD, text.substring(from, end))
        : new PromqlToken(Kind.SIGN, String.valueOf(c));
  }

  private static int endOfString(String text, int from) throws BadQuery {
    char quote = text.charAt(from);
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '`') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    throw new BadQuery(
        "the string that begins at character " + (from + 1) + " is not closed: " + text);
  }

  private static int endOfBlank(String text, int from) {
    int end = from;
    if (text.charAt(from) == '#') {
      while (end < text.length() && text.charAt(end) != '\n') {
        end++;
      }
      return end;
    }
    while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Where the variable that begins here ends, or {@code from} if none does. */
  static int endOfVariable(String text, int from) {
    if (text.charAt(from) != '$') {
      return from;
    }
    boolean braced = text.startsWith("{", from + 1);
    int begin = from + (braced ? 2 : 1);
    int end = begin;
    while (end < text.length() && isName(text.charAt(end), end > begin)) {
      end++;
    }
    if (end == begin || (braced && !text.startsWith("}", end))) {
      return from;
    }
    return braced ? end + 1 : end;
  }

  private static boolean isName(char c, boolean digits) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (digits && c >= '0' && c <= '9');
  }

  private static boolean isWord(char c) {
    return isName(c, true) || c == ':' || c == '.';
  }
}
