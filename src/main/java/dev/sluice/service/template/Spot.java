package dev.sluice.service.template;

/**
 * A place in the text of a template.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record Spot(int line, int column) {

  static Spot of(String text, int offset) {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        begin = i + 1;
      }
    }
    return new Spot(line, text.codePointCount(begin, offset) + 1);
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
