package dev.sluice.service.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever text comes, there is a reading, and every problem has a place inside of the text. */
class PlanFuzzTest {
  private static final int MUTANTS = Integer.getInteger("sluice.fuzz.mutants", 1500);
  private static final int MOST_MUTATIONS = 4;
  private static final long SEED = Long.getLong("sluice.fuzz.seed", 20_261_124);

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

  private final Random random = new Random(SEED);
  private final PlanReader reader = new PlanReader();

  @Test
  void noTextMakesTheReaderThrow() {
    List<String> seeds =
        List.of(
            Texts.resource("/plan/base.plan.yaml"),
            Texts.repository("docs/examples/checkout-migration.plan.yaml"));
    int read = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String text = seeds.get(i % seeds.size());
      for (int mutations = 1 + random.nextInt(MOST_MUTATIONS); mutations > 0; mutations--) {
        text = mutate(text);
      }
      read += check(text) ? 1 : 0;
    }
    assertTrue(read > MUTANTS / 100, "hardly any mutant is still a plan: " + read);
    assertTrue(read < MUTANTS / 2, "hardly any mutant is broken: " + read);
  }

  private boolean check(String text) {
    PlanReading reading;
    try {
      reading = reader.read(text);
    } catch (RuntimeException | StackOverflowError e) {
      return fail("the reader threw at:\n" + text, e);
    }
    return switch (reading) {
      case PlanReading.Ok ok -> true;
      case PlanReading.Broken broken -> {
        assertFalse(broken.problems().isEmpty());
        int lines = text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1).length;
        for (Problem problem : broken.problems()) {
          boolean inside = problem.line() >= 1 && problem.line() <= lines && problem.column() >= 1;
          assertTrue(inside, problem + " in:\n" + text);
          assertFalse(problem.message().isBlank());
        }
        yield false;
      }
    };
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
