package dev.sluice.analyzer.evidence;

/**
 * Confidence sequence for one proportion.
 *
 * <p><b>Formula.</b> {@code {p : x ln p + (n - x) ln(1 - p) >= ln Beta(x + 1/2, n - x + 1/2) - ln
 * Beta(1/2, 1/2) + ln alpha}}: the prior-posterior ratio of the binomial likelihood with Jeffreys'
 * prior. Time-uniform; 0 and 1 are ends when no event, or nothing but events, were seen.
 *
 * <p>Source: Robbins, "Statistical methods related to the law of the iterated logarithm" (1970),
 * the beta-binomial mixture. No memory: totals are enough.
 */
public final class ProportionSequence {
  private static final double PRIOR = 0.5;
  private static final int HALVINGS = 200;

  private final double x;
  private final double n;
  private final double cut;

  /**
   * @param x events, from 0 to n; may be fractional
   * @param n trials, more than 0
   */
  public ProportionSequence(double x, double n, double alpha) {
    this.x = x;
    this.n = n;
    this.cut = logMarginal(x, n) + Math.log(alpha);
  }

  static double logMarginal(double x, double n) {
    return Gammas.logBeta(PRIOR + x, PRIOR + n - x) - Gammas.logBeta(PRIOR, PRIOR);
  }

  private double logL(double p) {
    double hits = x > 0 ? x * Math.log(p) : 0;
    double misses = n > x ? (n - x) * Math.log1p(-p) : 0;
    return hits + misses;
  }

  /** Whether it is shown that the proportion is below {@code p}. */
  public boolean below(double p) {
    return x / n < p && logL(p) < cut;
  }

  /** Whether it is shown that the proportion is above {@code p}. */
  public boolean above(double p) {
    return x / n > p && logL(p) < cut;
  }

  public double lower() {
    return x == 0 ? 0 : cross(0, x / n, true);
  }

  public double upper() {
    return x == n ? 1 : cross(x / n, 1, false);
  }

  private double cross(double from, double to, boolean rising) {
    double low = from;
    double high = to;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if ((logL(middle) >= cut) == rising) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (low + high) / 2;
  }
}
