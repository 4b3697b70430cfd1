package dev.sluice.analyzer.planner;

/**
 * From the expected increments of an e-process to the number of looks it takes.
 *
 * <p><b>Formula.</b> Alternative {@code k} has weight {@code w_k} and gains {@code g_k} nats per
 * look on average when the truth is as assumed; with dispersion {@code phi} and at most {@code cap}
 * nats in one look,
 *
 * <pre>
 *   T = min over k of  (threshold - standing + max(0, ln(1/w_k) - max(0, standing))) / min(g_k / phi, cap)
 * </pre>
 *
 * and {@code confirm - 1} looks for the confirmation. The price {@code ln(1/w_k)} of not knowing
 * the alternative is due at the beginning and paid once the mixture stands above it.
 *
 * <p>The increments are linear in the counts, so their expectation is the increment of the expected
 * counts: no approximation is made there. What is approximate is the rest: the mean of the first
 * passage is put in the place of its median (which lies lower), overshoot and the neighbours of the
 * best alternative are left out (they shorten), and the dispersion is taken as it is now. Compared
 * with seeded simulations the estimate lies within a factor of two of the median.
 *
 * <p>Source: A. Wald, "Sequential Analysis" (1947), section 3.5 (expected sample number); for
 * mixtures the price of the prior as in H. Robbins, "Statistical methods related to the law of the
 * iterated logarithm" (1970).
 */
public final class Drift {
  private Drift() {}

  /**
   * @param expected nats per look of each alternative, of any sign
   * @param weights of the alternatives, with sum 1
   * @param threshold ln of what the e-value must reach
   * @param standing ln of what it is
   * @param phi dispersion, at least 1
   * @param cap most that one look contributes
   * @return infinite if no alternative gains anything
   */
  public static double looks(
      double[] expected,
      double[] weights,
      double threshold,
      double standing,
      double phi,
      double cap) {
    double least = Double.POSITIVE_INFINITY;
    double missing = Math.max(0, threshold - standing);
    for (int k = 0; k < expected.length; k++) {
      double price = Math.max(0, Math.log(1 / weights[k]) - Math.max(0, standing));
      double drift = Math.min(expected[k] / phi, cap);
      if (drift > 0) {
        least = Math.min(least, (missing + price) / drift);
      }
    }
    return least;
  }
}
