package dev.sluice.service.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/**
 * What is printed for people. Text that came from elsewhere loses its control characters here: a
 * reason must not be able to clear somebody's screen.
 */
final class Terminal {
  private final PrintWriter out;
  private final boolean ascii;
  private final boolean colours;

  Terminal(PrintWriter out, boolean ascii) {
    this.out = out;
    this.ascii = ascii;
    this.colours = Ansi.AUTO.enabled() && !ascii;
  }

  /** Whether a person watches, so that the screen can be drawn anew. */
  boolean interactive() {
    return colours;
  }

  void clear() {
    out.print("\u001b[H\u001b[2J");
  }

  void line(String text) {
    out.println(shown(text));
    out.flush();
  }

  /** A text with its own line breaks: as it is. */
  void text(String text) {
    out.print(text.endsWith("\n") ? text : text + "\n");
    out.flush();
  }

  /** JSON and the like: as it is. */
  void raw(String text) {
    out.println(text);
    out.flush();
  }

  /** As it will be printed: columns are measured on this. */
  String shown(String text) {
    return ascii ? plain(text) : text;
  }

  private static String plain(String text) {
    return text.replace("…", "..")
        .replace("≤", "<=")
        .replace("≥", ">=")
        .replace("±", "+/-")
        .replace("✔", "+")
        .replace("✖", "x")
        .replace("◌", "?")
        .replace("∅", "-")
        .replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** A check mark in the colour of its verdict. */
  String mark(String verdict) {
    return switch (verdict) {
      case "pass" -> coloured("✔", "fg(green)");
      case "fail" -> coloured("✖", "fg(red),bold");
      case "noData" -> coloured("∅", "fg(yellow)");
      default -> coloured("◌", "fg(yellow)");
    };
  }

  private String coloured(String text, String style) {
    return colours ? Ansi.ON.string("@|" + style + " " + text + "|@") : text;
  }

  /** One line without control characters. */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(Character.isISOControl(c) ? ' ' : c);
    }
    return safe.toString().strip();
  }

  /** Padded on the right. */
  static String column(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }
}
