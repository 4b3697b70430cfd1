package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.dispersion.Dispersion;

/**
 * What all harm processes of a judge share.
 *
 * @param cap most that one interval may contribute
 * @param onset prior of the moment at which a regression begins
 * @param dispersion whether evidence is divided by the dispersion that the stream shows
 * @param differences whether the stream's dispersion is taken from differences of neighbouring
 *     intervals only, so that the beginning of a regression does not pass for noise
 * @param bank whether evidence is kept for every dispersion, so that one from elsewhere can be
 *     applied
 */
public record Tuning(Cap cap, Onset onset, boolean dispersion, boolean differences, boolean bank) {

  /** The reference implementation's. */
  public static Tuning ofReference(double alpha, double horizonSeconds) {
    return new Tuning(Cap.steady(alpha), Onset.withDefaults(horizonSeconds), true, false, true);
  }

  /** A dispersion that is learned as this says. */
  public Dispersion learning(Dispersion belief) {
    return differences ? belief.ofDifferences() : belief;
  }

  /** A mixture over these alternatives. */
  public OnsetMixture mixture(double[] weights) {
    return bank
        ? OnsetMixture.withBank(weights, onset, cap)
        : OnsetMixture.exact(weights, onset, cap);
  }
}
