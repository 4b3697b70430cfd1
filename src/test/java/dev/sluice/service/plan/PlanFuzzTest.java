package dev.sluice.service.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever text comes, there is a reading, and every problem has a place inside of the text. */
class PlanFuzzTest {
  private static final int MUTANTS = Integer.getInteger("sluice.fuzz.mutants", 1500);
  private static final long SEED = Long.getLong("sluice.fuzz.seed", 20_261_124);

  private final Mutator mutator = new Mutator(SEED);
  private final PlanReader reader = new PlanReader();

  @Test
  void noTextMakesTheReaderThrow() {
    List<String> seeds =
        List.of(
            Texts.resource("/plan/base.plan.yaml"),
            Texts.repository("docs/examples/checkout-migration.plan.yaml"));
    int read = 0;
    for (int i = 0; i < MUTANTS; i++) {
      read += check(mutator.mutant(seeds.get(i % seeds.size()))) ? 1 : 0;
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
}
