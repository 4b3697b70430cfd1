package dev.sluice.analyzer.evidence;

/**
 * What all harm processes of a judge share.
 *
 * @param cap most nats that one interval may contribute; positive infinity for no cap
 * @param onset prior of the moment at which a regression begins
 * @param dispersion whether evidence is divided by the measured dispersion
 */
public record Tuning(double cap, Onset onset, boolean dispersion) {
  /** One interval is worth at most half of what a verdict needs. */
  public static final double CAP_FRACTION = 0.5;

  public static Tuning withDefaults(double alpha, double horizonSeconds) {
    return new Tuning(cap(alpha), Onset.withDefaults(horizonSeconds), true);
  }

  public static double cap(double alpha) {
    return CAP_FRACTION * Math.log(1 / alpha);
  }

  OnsetMixture mixture(double[] weights) {
    return dispersion
        ? OnsetMixture.withBank(weights, onset, cap)
        : OnsetMixture.exact(weights, onset, cap);
  }
}
