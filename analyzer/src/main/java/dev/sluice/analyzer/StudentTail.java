package dev.sluice.analyzer;

import org.apache.commons.math3.special.Beta;

/**
 * The one-sided tail of Student's t, divided by its own density kernel.
 *
 * <p>{@code M_n(x) = (1 + x^2/n)^(n/2) * P(t_n <= x)}. The first factor grows as fast as the tail
 * falls, so that neither can be computed alone for large {@code |x|}; the product is a Mills ratio
 * and stays moderate: it falls like {@code 1/|x|} to the left.
 *
 * <p>With {@code w = n/(n + x^2)} the tail is {@code P(t_n <= -|x|) = I_w(n/2, 1/2)/2}, and the
 * prefactor {@code w^(n/2)} of the incomplete beta's continued fraction (Abramowitz and Stegun
 * 26.5.8, evaluated with Lentz's method) is exactly the inverse of the kernel: it cancels
 * analytically, nothing under- or overflows. The fraction converges fast for {@code w < (a + 1)/(a
 * + b + 2)}; elsewhere the complement is used, where both factors are of order one. Its power
 * series is cheaper than the fraction and serves to the right as far as it is short: there the tail
 * is more than half, and nothing cancels.
 *
 * <p>Relative error about 1e-13 for n from 1 to 1e5 and |x| to 1e150 (checked against 40-digit
 * arithmetic in the tests).
 */
final class StudentTail {
  private static final int MOST_TERMS = 500;
  private static final double TINY = 1e-300;
  private static final double LAST_TERM = 1e-17;
  private static final double LOG_2 = Math.log(2);

  /** Up to here the power series has at most some fifty terms, fewer than the fraction's. */
  private static final double SOON = 12;

  private final double n;
  private final double logBeta;

  /**
   * @param n degrees of freedom, at least 1
   */
  StudentTail(double n) {
    this.n = n;
    this.logBeta = Beta.logBeta(n / 2, 0.5);
  }

  /** {@code ln M_n(x)}. */
  double logM(double x) {
    double square = x * x / n;
    double a = n / 2;
    double w = 1 / (1 + square);
    boolean far = w < (a + 1) / (a + 2.5);
    if (far && x < 0) {
      return -LOG_2
          + 0.5 * Math.log(square * w)
          - Math.log(a)
          - logBeta
          + Math.log(fraction(w, a, 0.5));
    }
    double kernel = a * Math.log1p(square);
    if (x < 0) {
      return kernel + Math.log(0.5 * (1 - body(square * w, a, kernel)));
    }
    boolean soon = w > 0.5 && square * w * (a + 0.5) < SOON;
    double tail =
        0.5 * (soon || !far ? 1 - body(square * w, a, kernel) : farTail(square * w, w, a));
    return kernel + Math.log(1 - tail);
  }

  private double farTail(double v, double w, double a) {
    return Math.exp(a * Math.log(w) + 0.5 * Math.log(v) - logBeta) / a * fraction(w, a, 0.5);
  }

  /**
   * {@code I_v(1/2, n/2)}, the probability of |t| below |x|, by its power series (Abramowitz and
   * Stegun 26.5.4): all terms are positive, and there are about twenty for |x| up to 2.
   */
  private double body(double v, double a, double kernel) {
    if (v == 0) {
      return 0;
    }
    double term = 1;
    double sum = 1;
    for (int m = 0; m < MOST_TERMS && term > sum * LAST_TERM; m++) {
      term *= v * (a + 0.5 + m) / (1.5 + m);
      sum += term;
    }
    return 2 * sum * Math.exp(0.5 * Math.log(v) - kernel - logBeta);
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / guard(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m <= MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / guard(1 + even * d);
      c = guard(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / guard(1 + odd * d);
      c = guard(1 + odd / c);
      double step = d * c;
      h *= step;
      if (Math.abs(step - 1) < 1e-15) {
        break;
      }
    }
    return h;
  }

  private static double guard(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
