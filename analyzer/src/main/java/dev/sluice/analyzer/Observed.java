package dev.sluice.analyzer;

import java.util.Optional;

/**
 * What a look knows of one metric: the samples of both cohorts, or the named reason why there are
 * none.
 */
public sealed interface Observed {

  /**
   * @param baseline absent where the plan has no concurrent baseline; only tests against a limit
   *     can use that
   */
  record Seen(Sample canary, Optional<Sample> baseline) implements Observed {
    public static Seen of(Sample canary, Sample baseline) {
      return new Seen(canary, Optional.of(baseline));
    }
  }

  /**
   * @param why the name of the absence
   * @param detail one sentence for people: what is missing and the remedy
   */
  record Absent(Absence why, String detail) implements Observed {}
}
