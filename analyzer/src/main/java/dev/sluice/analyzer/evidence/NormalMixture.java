package dev.sluice.analyzer.evidence;

/**
 * The two-sided normal-mixture boundary: how far a sum of {@code v} standardised terms strays, at
 * any time, with probability at most {@code alpha}.
 *
 * <pre>
 *   b(v) = sqrt((v + t) (ln(1 + v/t) + 2 ln(1/alpha)))      t = v_opt / (2 ln(1/alpha) + ln(1 + 2 ln(1/alpha)))
 * </pre>
 *
 * {@code t} makes it tightest near {@code v_opt}. Inverted it is an e-value: {@code ln E = S^2 / (2
 * (v + t)) - ln(1 + v/t) / 2} reaches {@code ln(1/alpha)} exactly where {@code |S| = b(v)}.
 *
 * <p>Source: Robbins (1970); Howard et al. (2021), equation 14, and their rule for the tuning.
 */
public final class NormalMixture {
  private final double alpha;
  private final double t;

  public NormalMixture(double alpha, double vOpt) {
    this.alpha = alpha;
    double twice = 2 * Math.log(1 / alpha);
    this.t = vOpt / (twice + Math.log1p(twice));
  }

  /** The mixing parameter t. */
  public double tuning() {
    return t;
  }

  public double bound(double v) {
    return Math.sqrt((v + t) * (Math.log1p(v / t) + 2 * Math.log(1 / alpha)));
  }

  /** ln of the e-value of a sum {@code s} at time {@code v}. */
  public double logE(double s, double v) {
    return s * s / (2 * (v + t)) - Math.log1p(v / t) / 2;
  }
}
