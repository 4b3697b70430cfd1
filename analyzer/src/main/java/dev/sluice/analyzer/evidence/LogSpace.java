package dev.sluice.analyzer.evidence;

/**
 * Sums of numbers that are only known by their logarithms. Negative infinity is the logarithm of
 * nothing and is handled as such; results never become NaN unless an argument was.
 */
public final class LogSpace {
  /** A smaller summand than this share of the larger one, e^-45, is lost in its rounding. */
  private static final double NEGLIGIBLE = -45;

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
    double behind = Math.min(a, b) - high;
    return behind < NEGLIGIBLE ? high : high + Math.log1p(Math.exp(behind));
  }

  /** {@code ln(sum of exp(x))}. */
  public static double sum(double[] logs) {
    return sum(logs, logs.length);
  }

  /** {@code ln(sum of exp(x))} of the first {@code count}. */
  public static double sum(double[] logs, int count) {
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      high = Math.max(high, logs[i]);
    }
    if (high == Double.NEGATIVE_INFINITY) {
      return high;
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double behind = logs[i] - high;
      sum += behind < NEGLIGIBLE ? 0 : Math.exp(behind);
    }
    return high + Math.log(sum);
  }

  /**
   * {@code sum of weight * exp(log - high)} for logarithms that are at most 50 below {@code high}
   * and hardly above it. Overwrites the logarithms.
   *
   * <p>The exponential is the 256th power of a polynomial: nothing but products and sums, which the
   * compiler turns into vector instructions. Its relative error is below 1e-13.
   *
   * @param count how many logarithms, from the first one on
   * @param from index of the first weight
   */
  static double weightedSum(double[] logs, int count, double high, double[] weights, int from) {
    for (int i = 0; i < count; i++) {
      double t = (logs[i] - high) * (1.0 / 256);
      double low = 1 + t * (1 + t * (1.0 / 2 + t * (1.0 / 6 + t * (1.0 / 24 + t * (1.0 / 120)))));
      double t3 = t * t * t;
      double rest = 1.0 / 5040 + t * (1.0 / 40320 + t * (1.0 / 362880 + t * (1.0 / 3628800)));
      double p = low + t3 * t3 * (1.0 / 720 + t * rest);
      p *= p;
      p *= p;
      p *= p;
      p *= p;
      p *= p;
      p *= p;
      p *= p;
      p *= p;
      logs[i] = p;
    }
    double sum = 0;
    double other = 0;
    for (int i = 0; i + 1 < count; i += 2) {
      sum += logs[i] * weights[from + i];
      other += logs[i + 1] * weights[from + i + 1];
    }
    return sum + other + (count % 2 == 1 ? logs[count - 1] * weights[from + count - 1] : 0);
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
}
