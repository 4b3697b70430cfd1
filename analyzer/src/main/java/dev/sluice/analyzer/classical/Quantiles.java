package dev.sluice.analyzer.classical;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Quantiles of one sample, and what can be said of the quantile behind it. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * Ranks count from 1; a rank outside the sample means that the sample does not bound that side.
   *
   * @param lower negative infinity where unbounded
   * @param upper positive infinity where unbounded
   */
  public record Interval(int lowerRank, int upperRank, double lower, double upper) {}

  /**
   * @param standardDeviation of the resampled quantile
   */
  public record Resampled(double lower, double upper, double standardDeviation) {}

  /**
   * Linear interpolation between the closest ranks, type 7 of Hyndman and Fan (1996).
   *
   * @param values at least one
   * @param q in [0, 1]
   */
  public static double of(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted, q);
  }

  static double ofSorted(double[] sorted, double q) {
    double position = (sorted.length - 1) * q;
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The distribution-free interval between two order statistics: the ranks are quantiles of
   * Binomial(n, q) (David and Nagaraja, Order Statistics, section 7.1).
   *
   * @param q in (0, 1)
   * @param confidence in (0, 1)
   */
  public static Interval interval(double[] values, double q, double confidence) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    BinomialDistribution ranks = new BinomialDistribution(null, sorted.length, q);
    double tail = (1 - confidence) / 2;
    int lower = ranks.inverseCumulativeProbability(tail);
    int upper = ranks.inverseCumulativeProbability(1 - tail) + 1;
    return new Interval(
        lower,
        upper,
        lower < 1 ? Double.NEGATIVE_INFINITY : sorted[lower - 1],
        upper > sorted.length ? Double.POSITIVE_INFINITY : sorted[upper - 1]);
  }

  /**
   * Percentile bootstrap of a quantile (Efron, 1979): the same seed gives the same numbers.
   *
   * @param replicates at least 2
   */
  public static Resampled bootstrap(
      double[] values, double q, double confidence, int replicates, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] seen = new double[replicates];
    double[] draw = new double[values.length];
    for (int r = 0; r < replicates; r++) {
      for (int i = 0; i < draw.length; i++) {
        draw[i] = values[random.nextInt(values.length)];
      }
      Arrays.sort(draw);
      seen[r] = ofSorted(draw, q);
    }
    Arrays.sort(seen);
    double tail = (1 - confidence) / 2;
    return new Resampled(ofSorted(seen, tail), ofSorted(seen, 1 - tail), deviation(seen));
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
