package dev.sluice.service.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Breaks texts, the same way for the same seed. */
public final class Mutator {
  private static final int MOST_MUTATIONS = 4;

  /** What trips YAML parsers, numbers, patterns and PromQL. */
  private static final List<String> SPICE =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ": ",
          "- ",
          "'",
          "\"",
          "`",
          "#",
          "\t",
          "\n",
          "\n\n",
          "&a ",
          "*a",
          "|",
          ">",
          "!!int ",
          "!x ",
          "%",
          "@",
          "? ",
          "---\n",
          "...\n",
          "<<: *a",
          "null",
          "~",
          "yes",
          "0777",
          "1e999",
          "-1",
          "99999999999999999999",
          ".nan",
          "\u0000",
          "\uFEFF",
          "\u2028",
          "\u0085",
          "\uD83D",
          "\uD83D\uDEA6",
          "$cohort",
          "${x}",
          "$",
          "\\",
          "{{",
          "}}",
          "=~\"(((\"",
          "((((((((((((((((",
          "1s1s1s1s1s",
          "{}",
          "[]",
          "percent: 200",
          "kind: retain",
          "type: value",
          "baseline: null",
          "\r\n",
          "\r",
          "a".repeat(300));

  private final Random random;

  public Mutator(long seed) {
    random = new Random(seed);
  }

  /** The text with one to four things wrong with it. */
  public String mutant(String text) {
    String mutant = text;
    for (int mutations = 1 + random.nextInt(MOST_MUTATIONS); mutations > 0; mutations--) {
      mutant = mutate(mutant);
    }
    return mutant;
  }

  private String mutate(String text) {
    return switch (random.nextInt(7)) {
      case 0 -> insert(text, SPICE.get(random.nextInt(SPICE.size())));
      case 1 -> delete(text, 1 + random.nextInt(12));
      case 2 -> lines(text, lines -> lines.remove(random.nextInt(lines.size())));
      case 3 -> lines(text, lines -> lines.add(random.nextInt(lines.size()), any(lines)));
      case 4 -> lines(text, lines -> Collections.swap(lines, place(lines), place(lines)));
      case 5 -> replaceWord(text);
      default -> text.substring(0, random.nextInt(text.length() + 1));
    };
  }

  private interface Change {
    void on(List<String> lines);
  }

  private static String lines(String text, Change change) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (!lines.isEmpty()) {
      change.on(lines);
    }
    return String.join("\n", lines) + "\n";
  }

  private int place(List<String> lines) {
    return random.nextInt(lines.size());
  }

  private String any(List<String> lines) {
    return lines.get(place(lines));
  }

  private String insert(String text, String spice) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + spice + text.substring(at);
  }

  private String delete(String text, int length) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + text.substring(Math.min(text.length(), at + length));
  }

  /** Puts something else where a value stands. */
  private String replaceWord(String text) {
    return lines(
        text,
        lines -> {
          int at = place(lines);
          String line = lines.get(at);
          int colon = line.indexOf(": ");
          if (colon > 0) {
            String spice = SPICE.get(random.nextInt(SPICE.size()));
            lines.set(at, line.substring(0, colon + 2) + spice);
          }
        });
  }
}
