package dev.sluice.analyzer.kayenta;

import java.util.OptionalDouble;

/**
 * How one metric is judged: the words of a canary configuration.
 *
 * @param tolerance share of the estimated shift that the interval must lie beyond; shipped: 0.25
 * @param confidence of the interval; shipped: 0.98
 * @param allowedIncrease effect from which an increase counts; absent: the measure's "no effect"
 * @param allowedDecrease effect down to which a decrease counts; absent likewise
 * @param criticalIncrease effect from which an increase of a critical metric fails everything
 * @param criticalDecrease effect down to which a decrease of one does
 */
public record Options(
    Direction direction,
    boolean critical,
    boolean mustHaveData,
    NanStrategy nanStrategy,
    Outliers outliers,
    double outlierFactor,
    Measure measure,
    OptionalDouble allowedIncrease,
    OptionalDouble allowedDecrease,
    OptionalDouble criticalIncrease,
    OptionalDouble criticalDecrease,
    double tolerance,
    double confidence) {

  public static Options withDefaults() {
    return new Options(
        Direction.EITHER,
        false,
        false,
        NanStrategy.REMOVE,
        Outliers.KEEP,
        3,
        Measure.MEAN_RATIO,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0.25,
        0.98);
  }

  /** Which way of the metric fails. */
  public enum Direction {
    INCREASE,
    DECREASE,
    EITHER
  }

  /** What becomes of a sample that is not a number. */
  public enum NanStrategy {
    REMOVE,
    /** It becomes 0, and a cohort without samples passes. */
    REPLACE
  }

  /** Whether samples outside of the interquartile fences are dropped, in each cohort by itself. */
  public enum Outliers {
    KEEP,
    REMOVE
  }

  /** How the size of an effect is expressed. */
  public enum Measure {
    /** Mean of the canary divided by that of the baseline; 1 is no effect. */
    MEAN_RATIO(1),
    /** Chance that a sample of the canary is larger than one of the baseline; 0.5 is no effect. */
    CLES(0.5);

    private final double none;

    Measure(double none) {
      this.none = none;
    }

    double none() {
      return none;
    }
  }
}
