package dev.sluice.analyzer;

/**
 * What one metric is tested for: which shape its samples have, which way is worse, how much worse
 * is accepted.
 *
 * <p>Every test is three-way and valid at every look. "Harm" is evidence against "not worse than
 * {@code harm} allows"; "safe" is evidence against "worse than {@code safe} allows". With the same
 * margin on both sides, which is what a plan's single tolerance means, exactly one of the two can
 * be true.
 */
public sealed interface MetricTest {

  /** Events among units, compared between cohorts: {@link Counts}. */
  record OfCounts(Direction direction, Margin harm, Margin safe) implements MetricTest {}

  /**
   * The canary's events against a fixed bound, no baseline needed: {@link Counts}.
   *
   * @param direction HIGHER_IS_WORSE for an upper bound, LOWER_IS_WORSE for a lower one
   * @param bound the bound on events per unit of exposure
   */
  record OfCountsAgainstLimit(Direction direction, double bound) implements MetricTest {
    public OfCountsAgainstLimit {
      Require.count("limit", bound);
      if (direction == Direction.EITHER) {
        throw new IllegalArgumentException("a limit has one side; judge max and min as two tests");
      }
    }
  }

  /**
   * A latency quantile, compared between cohorts: {@link Buckets}. Higher is worse.
   *
   * @param quantile in (0, 1); 0.99 for p99
   */
  record OfQuantile(double quantile, Margin harm, Margin safe) implements MetricTest {
    public OfQuantile {
      Require.between("quantile", quantile, 0, 1);
    }
  }

  /**
   * The canary's latency quantile against a fixed bound: {@link Buckets}. Tested as "the share of
   * values above the bound is at most 1 - quantile", on the highest edge that is not above the
   * bound: with buckets that have no edge at the bound this is stricter than what was asked.
   */
  record OfQuantileAgainstLimit(double quantile, double bound) implements MetricTest {
    public OfQuantileAgainstLimit {
      Require.between("quantile", quantile, 0, 1);
      Require.count("limit", bound);
    }
  }

  /**
   * A mean per unit, compared between cohorts: {@link Moments}.
   *
   * @param blockLooks how many looks are pooled into one comparison for the interval and for
   *     safety, so that a mean has enough values behind it; 0 for as many as bring about 30 values
   *     of the canary. Harm pools looks by itself, and fewer.
   */
  record OfMean(Direction direction, Margin harm, Margin safe, int blockLooks)
      implements MetricTest {
    public OfMean {
      if (blockLooks < 0) {
        throw new IllegalArgumentException("blockLooks must be at least 0, was " + blockLooks);
      }
    }

    public OfMean(Direction direction, Margin harm, Margin safe) {
      this(direction, harm, safe, 0);
    }
  }

  /** One scalar per look and cohort: {@link Values}. */
  record OfValue(Direction direction, Margin harm, Margin safe) implements MetricTest {}
}
