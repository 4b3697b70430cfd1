package dev.sluice.service.notify.text;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Metric;
import java.util.Comparator;
import java.util.List;

/** Which checks are told first, and which are left out where there is no room. */
public final class Weight {
  private Weight() {}

  /**
   * The named culprits first, then what fails, what is unclear, what has no data and what passes;
   * within each, guardrails before signals. What is only observed comes last.
   */
  public static List<Check> heaviestFirst(Assessment assessment) {
    return assessment.checks().stream()
        .sorted(
            Comparator.comparingInt((Check check) -> place(assessment, check))
                .thenComparing(check -> check.role() == Metric.Role.OBSERVE)
                .thenComparingInt(Weight::verdict)
                .thenComparing(Check::role))
        .toList();
  }

  private static int place(Assessment assessment, Check check) {
    int place = assessment.harm() ? assessment.culprits().indexOf(check.id()) : -1;
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  private static int verdict(Check check) {
    return switch (check.verdict()) {
      case FAIL -> 0;
      case INCONCLUSIVE -> 1;
      case NO_DATA -> 2;
      case PASS -> 3;
    };
  }
}
