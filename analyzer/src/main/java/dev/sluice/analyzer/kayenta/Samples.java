package dev.sluice.analyzer.kayenta;

import dev.sluice.analyzer.classical.Quantiles;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What is done to the samples of a cohort before they are compared. */
final class Samples {
  private static final double NOISE = 1e-5;

  private Samples() {}

  static double[] withoutNan(double[] values, Options.NanStrategy strategy) {
    return switch (strategy) {
      case REMOVE -> Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
      case REPLACE -> Arrays.stream(values).map(v -> Double.isNaN(v) ? 0 : v).toArray();
    };
  }

  static double[] withoutOutliers(double[] values, Options options) {
    if (options.outliers() == Options.Outliers.KEEP) {
      return values;
    }
    boolean[] outlier = outsideFences(values, options.outlierFactor());
    double[] kept = new double[values.length];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      if (!outlier[i]) {
        kept[size++] = values[i];
      }
    }
    return Arrays.copyOf(kept, size);
  }

  /** Tukey's fences, never narrower than the first and the last percentile. */
  static boolean[] outsideFences(double[] values, double factor) {
    boolean[] outside = new boolean[values.length];
    if (values.length == 0) {
      return outside;
    }
    double q1 = Quantiles.of(values, 0.25);
    double q3 = Quantiles.of(values, 0.75);
    double reach = factor * (q3 - q1);
    double low = Math.min(Quantiles.of(values, 0.01), q1 - reach);
    double high = Math.max(Quantiles.of(values, 0.99), q3 + reach);
    for (int i = 0; i < values.length; i++) {
      outside[i] = values[i] < low || values[i] > high;
    }
    return outside;
  }

  /** Further from the mean than this many standard deviations. */
  static boolean[] outsideDeviations(double[] values, double factor) {
    double mean = mean(values);
    double reach = factor * Math.sqrt(variance(values));
    boolean[] outside = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      outside[i] = Math.abs(values[i] - mean) > reach;
    }
    return outside;
  }

  static boolean constant(double[] values) {
    return Arrays.stream(values).distinct().count() == 1;
  }

  /**
   * Noise far below the size of the values, so that ranks can be told apart; the same for the same
   * length and seed.
   */
  static double[] withNoise(double[] values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Arrays.stream(values)
        .map(v -> v + Math.abs(v) * NOISE * random.nextGaussian())
        .toArray();
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  static double variance(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return values.length < 2 ? 0 : squares / (values.length - 1);
  }
}
