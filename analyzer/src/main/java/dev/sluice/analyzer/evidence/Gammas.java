package dev.sluice.analyzer.evidence;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/** Logarithms of the gamma and beta functions, as the mixtures need them. */
final class Gammas {
  private Gammas() {}

  static double logGamma(double x) {
    return Gamma.logGamma(x);
  }

  /** {@code ln Beta(p, q)} without the cancellation that differences of large logGammas suffer. */
  static double logBeta(double p, double q) {
    return Beta.logBeta(p, q);
  }
}
