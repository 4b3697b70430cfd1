package dev.sluice.analyzer.evidence;

/**
 * Sums of numbers that are only known by their logarithms. Negative infinity is the logarithm of
 * nothing and is handled as such; results never become NaN unless an argument was.
 */
public final class LogSpace {
  private LogSpace() {}

  /** {@code ln(exp(a) + exp(b))}, without leaving the logarithmic scale. */
  public static double add(double a, double b) {
    if (a == Double.NEGATIVE_INFINITY) {
      return b;
    }
    if (b == Double.NEGATIVE_INFINITY) {
      return a;
    }
    double high = Math.max(a, b);
    double low = Math.min(a, b);
    return high + Math.log1p(Math.exp(low - high));
  }

  /** {@code ln(sum of exp(x))}. */
  public static double sum(double[] logs) {
    double high = Double.NEGATIVE_INFINITY;
    for (double x : logs) {
      high = Math.max(high, x);
    }
    if (high == Double.NEGATIVE_INFINITY) {
      return high;
    }
    double sum = 0;
    for (double x : logs) {
      sum += Math.exp(x - high);
    }
    return high + Math.log(sum);
  }

  /** Logarithms of weights that are scaled to sum to 1. */
  public static double[] normalised(double[] weights) {
    double total = 0;
    for (double w : weights) {
      total += w;
    }
    double[] logs = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      logs[k] = Math.log(weights[k] / total);
    }
    return logs;
  }

  /** {@code count} equal weights. */
  public static double[] equalWeights(int count) {
    double[] weights = new double[count];
    java.util.Arrays.fill(weights, 1);
    return weights;
  }

  /** Equal weights with sum 1. */
  public static double[] equalShares(int count) {
    double[] weights = new double[count];
    java.util.Arrays.fill(weights, 1.0 / count);
    return weights;
  }
}
