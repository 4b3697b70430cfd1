package dev.sluice.analyzer.evidence;

/**
 * The race: in one interval, who gets the events, canary or baseline, given how the traffic was
 * split?
 *
 * <p><b>Hypothesis.</b> {@code p_c <= rho p_b + a} (a rise is harm; with {@code >=} and {@code -a}
 * for a fall), where {@code p_b} may be anything and may differ in every interval.
 *
 * <p><b>Formula.</b> With {@code r = n_c / n_b} and an alternative ratio {@code psi},
 *
 * <pre>
 *   ln B = log1p(rho r) - log1p(psi r)        ln A = ln(psi / rho) + ln B
 *   l    = x_c ln A + x_b ln B - n_c a (A - 1)
 *   rho = 0:  ln A = u, ln B = 0              (a bound that needs no baseline)
 * </pre>
 *
 * <p><b>Why it is valid.</b> For independent Bernoulli or Poisson events {@code E[A^x_c B^x_b] <=
 * exp(n_c p_c (A-1) + n_b p_b (B-1))}, because {@code 1 + z <= e^z}. By construction {@code B - 1 =
 * -rho r (A - 1)}; on the line {@code p_c = rho p_b + a} the exponent is {@code n_c a (A - 1)},
 * which the last term takes away, and inside the hypothesis it is smaller. So a shock that
 * multiplies the rate of both cohorts cancels exactly, no rate has to be known, and counts of any
 * size are exact, zero included. With {@code a = 0} it is the likelihood ratio of the canary's
 * share of the events, which loses nothing at small rates; at large ones it wastes a factor of
 * about {@code 1 / (1 - p)}.
 *
 * <p>Edges: no events give 0 (and the reward or price of the allowance); fractional counts are
 * accepted. Both exposures must be more than 0, and their ratio finite.
 *
 * <p>Sources: the conditional test of two Poisson rates (Przyborowski and Wilenski 1940); Turner,
 * Ly, Gruenwald, "Generic E-variables for exact sequential k-sample tests" (2024); the allowance is
 * this project's.
 */
final class RaceIncrement {
  private final Bound bound;
  private final double[] psi;
  private final double[] logLift;

  /**
   * @param psi alternative ratios; for a bound with rho = 0 the factors {@code A} themselves
   */
  RaceIncrement(Bound bound, double[] psi) {
    this.bound = bound;
    this.psi = psi;
    this.logLift = new double[psi.length];
    for (int k = 0; k < psi.length; k++) {
      logLift[k] = Math.log(bound.rho() > 0 ? psi[k] / bound.rho() : psi[k]);
    }
  }

  int alternatives() {
    return psi.length;
  }

  double[] psi() {
    return psi.clone();
  }

  /** ln A, ln B and the price of the allowance per canary request. */
  record Factors(double logA, double logB, double price) {}

  /**
   * @param r exposure of the canary divided by the baseline's; ignored where rho is 0
   */
  Factors factors(int k, double r) {
    double logB = logB(k, r, logTolerated(r));
    double logA = logLift[k] + logB;
    return new Factors(logA, logB, price(logA));
  }

  private double logTolerated(double r) {
    return bound.rho() > 0 ? Math.log1p(bound.rho() * r) : 0;
  }

  private double logB(int k, double r, double logTolerated) {
    return bound.rho() > 0 ? logTolerated - Math.log1p(psi[k] * r) : 0;
  }

  private double price(double logA) {
    return bound.shift() == 0 ? 0 : bound.shift() * Math.expm1(logA);
  }

  /** Log increment of every alternative for one interval. */
  double[] of(double xc, double nc, double xb, double nb) {
    double r = bound.rho() > 0 ? nc / nb : 0;
    double logTolerated = logTolerated(r);
    double[] raw = new double[psi.length];
    for (int k = 0; k < psi.length; k++) {
      double logB = logB(k, r, logTolerated);
      double logA = logLift[k] + logB;
      raw[k] = xc * logA + xb * logB - nc * price(logA);
    }
    return raw;
  }
}
