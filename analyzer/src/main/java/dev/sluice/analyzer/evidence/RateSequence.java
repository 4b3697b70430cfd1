package dev.sluice.analyzer.evidence;

/**
 * Confidence sequence for one rate: events among exposure, a proportion or not.
 *
 * <p><b>Formula.</b> With {@code x} events in exposure {@code n} and a Gamma(1/2, 1/(2 m)) prior
 * around a typical rate {@code m}, the kept rates are
 *
 * <pre>
 *   { p : x ln p - n p >= a ln b - lnG(a) + lnG(a + x) - (a + x) ln(n + b) + ln alpha }     a = 1/2, b = 1/(2m)
 * </pre>
 *
 * the prior-posterior ratio of the Poisson likelihood. Because {@code 1 + z <= e^z} it is valid for
 * Bernoulli events too, where it is a little wide. Overdispersion {@code phi} enters as {@code x /
 * phi} and {@code n / phi}. It is about a rate that is constant over the exposure.
 *
 * <p>Source: Gamma-Poisson mixture, Howard et al., "Time-uniform, nonparametric, nonasymptotic
 * confidence sequences" (2021), section 3.2. No memory: totals are enough.
 */
public final class RateSequence {
  private static final double SHAPE = 0.5;
  private static final int HALVINGS = 200;

  private final double x;
  private final double n;
  private final double cut;

  private RateSequence(double x, double n, double cut) {
    this.x = x;
    this.n = n;
    this.cut = cut;
  }

  /**
   * @param exposure more than 0
   * @param typical a rate of the order that is due; more than 0
   * @return lower and upper end; the upper one is finite
   */
  public static double[] interval(
      double events, double exposure, double phi, double typical, double alpha) {
    double x = events / phi;
    double n = exposure / phi;
    double b = SHAPE / typical;
    double logM =
        SHAPE * Math.log(b)
            - Gammas.logGamma(SHAPE)
            + Gammas.logGamma(SHAPE + x)
            - (SHAPE + x) * Math.log(n + b);
    return new RateSequence(x, n, logM + Math.log(alpha)).ends();
  }

  private double[] ends() {
    double best = x / n;
    double high = Math.max(best, 1 / n);
    while (logL(high) >= cut) {
      high *= 2;
    }
    double lower = x > 0 ? cross(0, best, true) : 0;
    return new double[] {lower, cross(best, high, false)};
  }

  private double logL(double p) {
    return (x > 0 ? x * Math.log(p) : 0) - n * p;
  }

  private double cross(double from, double to, boolean rising) {
    double low = from;
    double high = to;
    for (int i = 0; i < HALVINGS && low < high; i++) {
      double middle = low + (high - low) / 2;
      if ((logL(middle) >= cut) == rising) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low + (high - low) / 2;
  }
}
