package dev.sluice.service.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * One case of a golden table: a text, written out or made by changing a base, and what is said.
 *
 * @param title what is wrong, in words
 */
public record GoldenCase(String title, String text, List<String> expected) {

  /** The cases of a table; the head of the table tells its format. */
  public static List<GoldenCase> read(String table, String base) {
    List<Draft> drafts = new ArrayList<>();
    for (String line : table.lines().toList()) {
      if (line.startsWith("== ")) {
        drafts.add(new Draft(line.substring(3), base));
      } else if (!drafts.isEmpty() && !line.isEmpty()) {
        drafts.getLast().take(line.charAt(0), line.substring(1));
      }
    }
    return drafts.stream().map(Draft::done).toList();
  }

  private static final class Draft {
    private final String title;
    private final StringBuilder whole = new StringBuilder();
    private final List<String> expected = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder in = new StringBuilder();
    private String text;
    private boolean written;

    Draft(String title, String base) {
      this.title = title;
      text = base;
    }

    void take(char mark, String rest) {
      if (mark == '-' && !in.isEmpty()) {
        change();
      }
      switch (mark) {
        case '-' -> out.append(rest).append('\n');
        case '+' -> in.append(rest).append('\n');
        case '|' -> {
          written = true;
          whole.append(rest).append('\n');
        }
        case '>' -> expected.add(rest.substring(1));
        case '#' -> {}
        default -> throw new IllegalStateException(title + ": a line begins with '" + mark + "'");
      }
    }

    private void change() {
      String lines = "\n" + out;
      int at = text.indexOf(lines);
      if (at < 0 && text.startsWith(out.toString())) {
        text = in + text.substring(out.length());
      } else if (at < 0 || text.indexOf(lines, at + 1) >= 0) {
        throw new IllegalStateException(title + ": these lines do not occur once:\n" + out);
      } else {
        text = text.substring(0, at + 1) + in + text.substring(at + lines.length());
      }
      out.setLength(0);
      in.setLength(0);
    }

    GoldenCase done() {
      if (!out.isEmpty()) {
        change();
      }
      return new GoldenCase(title, written ? whole.toString() : text, List.copyOf(expected));
    }
  }
}
