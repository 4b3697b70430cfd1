package dev.sluice.analyzer;

import java.util.OptionalLong;

/** What the looks so far say of one metric: a comparison, or why there is none yet. */
public sealed interface Finding {

  /**
   * Effect with its interval, and the evidence so far.
   *
   * @param effect how the canary differs from the baseline (or what it is, for a limit)
   * @param canaryValue the canary's own value over the step, in the unit of the metric
   * @param baselineValue the baseline's, or the limit for a test against a limit
   * @param canarySize units behind the canary's value
   * @param baselineSize units behind the baseline's value, 0 for a test against a limit
   * @param logHarm natural logarithm of the e-value against "not worse than the margin", over the
   *     whole rollout
   * @param logSafe natural logarithm of the e-value against "worse than the margin", in this step
   * @param harmful whether this metric is named as a culprit of a proven harm
   * @param safe whether it is proven safe in this step, confirmed
   * @param tier what the promise rests on
   * @param dispersion the variance inflation in use, at least 1
   */
  record Comparison(
      Effect effect,
      double canaryValue,
      double baselineValue,
      double canarySize,
      double baselineSize,
      double logHarm,
      double logSafe,
      boolean harmful,
      boolean safe,
      Tier tier,
      double dispersion)
      implements Finding {

    Comparison provenWithin() {
      return new Comparison(
          effect.withinMargin(),
          canaryValue,
          baselineValue,
          canarySize,
          baselineSize,
          logHarm,
          logSafe,
          harmful,
          safe,
          tier,
          dispersion);
    }
  }

  /**
   * Too little to compare.
   *
   * @param shortage the name of what is missing
   * @param detail one sentence: what is missing and what would help
   * @param looksMissing how many more looks at the present traffic, where that can be said
   */
  record Insufficient(
      Shortage shortage,
      String detail,
      OptionalLong looksMissing,
      double canarySize,
      double baselineSize)
      implements Finding {}

  /** Why a metric cannot be compared yet. */
  enum Shortage {
    /** This look had no data at all, see {@link Absence}. */
    NO_DATA,
    /** Too few looks or units so far. */
    TOO_FEW,
    /** The latency reference is still being learned from the baseline. */
    LEARNING,
    /** The quantile lies beyond the last finite bucket: nothing can be said at this resolution. */
    NOT_MEASURABLE,
    /** No concurrent baseline, and the test needs one. */
    NO_BASELINE
  }

  /** What the false-alarm promise rests on. */
  enum Tier {
    /** A theorem: events are independent given the interval's rate. */
    EXACT,
    /** Dispersion measured from baseline pods or history. */
    CALIBRATED,
    /** Dispersion learned from the stream itself. */
    UNCALIBRATED,
    /**
     * Nothing: the baseline is of another period, and what the clock does to it cannot be told from
     * what the release does.
     */
    ANOTHER_PERIOD
  }
}
