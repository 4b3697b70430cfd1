package dev.sluice.analyzer.evidence;

/**
 * What all harm processes of a judge share.
 *
 * @param cap most nats that one interval may contribute; positive infinity for no cap
 * @param onset prior of the moment at which a regression begins
 * @param dispersion whether evidence is divided by the dispersion that the stream shows
 * @param bank whether evidence is kept for every dispersion, so that one from elsewhere can be
 *     applied
 */
public record Tuning(double cap, Onset onset, boolean dispersion, boolean bank) {
  /** One interval is worth at most half of what a verdict needs. */
  public static final double CAP_FRACTION = 0.5;

  public static Tuning withDefaults(double alpha, double horizonSeconds) {
    return new Tuning(cap(alpha), Onset.withDefaults(horizonSeconds), true, true);
  }

  public static double cap(double alpha) {
    return CAP_FRACTION * Math.log(1 / alpha);
  }

  /** A mixture over these alternatives. */
  public OnsetMixture mixture(double[] weights) {
    return bank
        ? OnsetMixture.withBank(weights, onset, cap)
        : OnsetMixture.exact(weights, onset, cap);
  }
}
