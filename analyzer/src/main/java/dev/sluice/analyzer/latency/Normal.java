package dev.sluice.analyzer.latency;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;

/**
 * Upper tail of the standard normal distribution and its inverse, with relative precision in the
 * tail.
 */
final class Normal {
  private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);
  private static final int POLISH = 2;

  private Normal() {}

  static double tail(double z) {
    return 0.5 * Erf.erfc(z / Math.sqrt(2));
  }

  /**
   * z with {@code tail(z) = p}, p in (0, 1). The library's inverse loses digits for small p; Newton
   * steps on the tail bring them back.
   */
  static double inverseTail(double p) {
    if (p > 0.5) {
      return -inverseTail(1 - p);
    }
    double z = -STANDARD.inverseCumulativeProbability(p);
    for (int i = 0; i < POLISH; i++) {
      double density = STANDARD.density(z);
      if (density > 0) {
        z += (tail(z) - p) / density;
      }
    }
    return z;
  }
}
