package dev.sluice.analyzer.classical;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.FisherExactTest;

/**
 * Events among units in two cohorts, canary first.
 *
 * @param canaryEvents 0 to canaryUnits
 * @param baselineEvents 0 to baselineUnits
 */
public record TwoProportions(
    int canaryEvents, int canaryUnits, int baselineEvents, int baselineUnits) {

  public TwoProportions {
    if (canaryEvents < 0
        || baselineEvents < 0
        || canaryEvents > canaryUnits
        || baselineEvents > baselineUnits) {
      throw new IllegalArgumentException("events must lie between 0 and the units");
    }
  }

  /**
   * The z test with the pooled proportion, hypothesis: both proportions are equal. The statistic is
   * z, positive where the canary's share is larger. An approximation: for a handful of events use
   * {@link #fisher}.
   */
  public Described<TwoSamples.Test> z() {
    if (canaryUnits == 0 || baselineUnits == 0) {
      return new Described.Unknown<>("A cohort has no units.");
    }
    double pooled =
        ((double) canaryEvents + baselineEvents) / ((double) canaryUnits + baselineUnits);
    if (pooled == 0 || pooled == 1) {
      return new Described.Unknown<>("All units are alike: there is nothing to compare.");
    }
    double difference =
        (double) canaryEvents / canaryUnits - (double) baselineEvents / baselineUnits;
    double z =
        difference / Math.sqrt(pooled * (1 - pooled) * (1.0 / canaryUnits + 1.0 / baselineUnits));
    return new Described.Known<>(
        new TwoSamples.Test(z, Erf.erfc(Math.abs(z) / Math.sqrt(2)), upperTail(z), upperTail(-z)));
  }

  private static double upperTail(double z) {
    return Erf.erfc(z / Math.sqrt(2)) / 2;
  }

  /**
   * Fisher's exact test, hypothesis: the odds are equal, given the margins. The statistic is the
   * odds ratio of the sample, infinite where the baseline has no events.
   */
  public Described<TwoSamples.Test> fisher() {
    if (canaryUnits == 0
        || baselineUnits == 0
        || canaryEvents + (long) baselineEvents == 0
        || canaryEvents + (long) baselineEvents == canaryUnits + (long) baselineUnits) {
      return new Described.Unknown<>("All units are alike: there is nothing to compare.");
    }
    int[][] table = {
      {canaryEvents, canaryUnits - canaryEvents}, {baselineEvents, baselineUnits - baselineEvents}
    };
    FisherExactTest test = FisherExactTest.withDefaults();
    return new Described.Known<>(
        new TwoSamples.Test(
            test.statistic(table),
            test.test(table).getPValue(),
            test.with(AlternativeHypothesis.GREATER_THAN).test(table).getPValue(),
            test.with(AlternativeHypothesis.LESS_THAN).test(table).getPValue()));
  }
}
