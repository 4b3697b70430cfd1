package dev.sluice.service.http.facade;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the small part of PromQL that is answered here:
 *
 * <pre>
 *   query    = sum | "vector" "(" number ")" | name [ "{" [ label "=" string { "," ... } [","] ] "}" ]
 *   sum      = number { "+" number }
 *   string   = in double or single quotes with \\ escapes, or in backticks without
 * </pre>
 *
 * Everything else is refused with a sentence: an expression that is silently something else would
 * be a verdict that nobody has given.
 */
final class QuestionReader {
  private static final int LONGEST = 4096;
  private static final int MOST_LABELS = 10;

  private final String text;
  private int at;

  private QuestionReader(String text) {
    this.text = text;
  }

  /** The query is none that is answered here; the message says where it ends to be one. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    Unreadable(String sentence) {
      super(sentence, null, false, false);
      this.sentence = sentence;
    }

    String sentence() {
      return sentence;
    }
  }

  static Question read(String query) {
    if (query.length() > LONGEST) {
      throw new Unreadable("A query may have " + LONGEST + " characters.");
    }
    QuestionReader reader = new QuestionReader(query);
    Question question = reader.question();
    reader.space();
    if (reader.at < query.length()) {
      throw reader.unexpected("the end");
    }
    return question;
  }

  private Question question() {
    space();
    if (at < text.length() && isPartOfANumber(text.charAt(at))) {
      return sum();
    }
    String name = name();
    space();
    if (name.equals("vector")) {
      expect('(');
      double value = number();
      expect(')');
      return new Question.Constant(value, true);
    }
    return new Question.Series(name, labels());
  }

  private Question sum() {
    double value = number();
    space();
    while (at < text.length() && text.charAt(at) == '+') {
      at++;
      value += number();
      space();
    }
    return new Question.Constant(value, false);
  }

  private static boolean isPartOfANumber(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private double number() {
    space();
    int from = at;
    while (at < text.length() && isPartOfANumber(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(from, at);
    if (!digits.matches("[0-9]{1,15}(\\.[0-9]{1,15})?|\\.[0-9]{1,15}")) {
      at = from;
      throw unexpected("a number");
    }
    return Double.parseDouble(digits);
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    if (at >= text.length() || text.charAt(at) != '{') {
      return labels;
    }
    at++;
    space();
    while (!next('}')) {
      String name = name();
      expect('=');
      space();
      if (labels.put(name, string()) != null || labels.size() > MOST_LABELS) {
        throw new Unreadable("Label '" + name + "' is there twice, or there are too many labels.");
      }
      space();
      if (!next(',')) {
        expect('}');
        return labels;
      }
      space();
    }
    return labels;
  }

  private boolean next(char wanted) {
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private String name() {
    int from = at;
    while (at < text.length() && isPartOfAName(text.charAt(at), at == from)) {
      at++;
    }
    if (at == from) {
      throw unexpected("a name");
    }
    return text.substring(from, at);
  }

  private static boolean isPartOfAName(char c, boolean first) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    return letter || (!first && c >= '0' && c <= '9');
  }

  private String string() {
    char quote = at < text.length() ? text.charAt(at) : ' ';
    if (quote != '"' && quote != '\'' && quote != '`') {
      throw unexpected("a text in quotes");
    }
    at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      value.append(c == '\\' && quote != '`' ? escaped() : c);
    }
    expect(quote);
    return value.toString();
  }

  private char escaped() {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '\\', '"', '\'' -> c;
      default -> {
        at--;
        throw unexpected("an escape like \\n or \\\"");
      }
    };
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char wanted) {
    space();
    if (at >= text.length() || text.charAt(at) != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    at++;
  }

  private Unreadable unexpected(String wanted) {
    return new Unreadable(
        "At character "
            + (at + 1)
            + " there must be "
            + wanted
            + ". Answered are vector(1) and a series of Sluice, like sluice_gate{plan=\"checkout\"}.");
  }
}
