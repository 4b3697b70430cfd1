package dev.sluice.analyzer;

/**
 * The promises a judge keeps, and what it assumes to keep them.
 *
 * @param falseAlarm chance of ever calling harm in a rollout in which no metric is worse than its
 *     margin, over all looks, metrics and steps; in (0, 0.5]
 * @param falsePass chance of calling one metric safe in a step while it is worse than its margin;
 *     in (0, 0.5]
 * @param horizonSeconds planned length of the whole rollout, more than 0: spreads the prior of when
 *     a regression begins
 * @param confirm on how many successive looks the evidence must stand, at least 1
 * @param dispersion whether evidence is divided by the measured overdispersion (tier C or U) or
 *     taken as exact (tier E)
 * @param designEffect by how much sticky users inflate the variance of per-request counts, at least
 *     1
 */
public record JudgeSettings(
    double falseAlarm,
    double falsePass,
    double horizonSeconds,
    int confirm,
    boolean dispersion,
    double designEffect,
    Pace pace) {

  public JudgeSettings {
    Require.between("falseAlarm", falseAlarm, 0, 0.5000001);
    Require.between("falsePass", falsePass, 0, 0.5000001);
    Require.between("horizonSeconds", horizonSeconds, 0, Double.POSITIVE_INFINITY);
    if (confirm < 1) {
      throw new IllegalArgumentException("confirm must be at least 1, was " + confirm);
    }
    if (!(designEffect >= 1 && Double.isFinite(designEffect))) {
      throw new IllegalArgumentException("designEffect must be at least 1, was " + designEffect);
    }
  }

  /** How evidence is weighed; what is promised is the same. */
  public enum Pace {
    /** The reference implementation, look by look. */
    STEADY,
    /**
     * Means and values are judged for a jump at an unknown moment instead of a level. Counts and
     * histograms have the same evidence, but the start of a regression does not pass for noise
     * ({@link dev.sluice.analyzer.dispersion.Dispersion#ofDifferences}), and the price of its
     * unknown onset is not paid at the speed limit of a single look ({@link
     * dev.sluice.analyzer.evidence.Cap#halfWay}).
     */
    SWIFT
  }

  /** At the pace of the reference implementation. */
  public JudgeSettings(
      double falseAlarm,
      double falsePass,
      double horizonSeconds,
      int confirm,
      boolean dispersion,
      double designEffect) {
    this(falseAlarm, falsePass, horizonSeconds, confirm, dispersion, designEffect, Pace.STEADY);
  }

  public static JudgeSettings withDefaults() {
    return new JudgeSettings(0.01, 0.05, 86_400, 2, true, 1, Pace.SWIFT);
  }

  public JudgeSettings with(double newFalseAlarm, double newFalsePass, double newHorizonSeconds) {
    return new JudgeSettings(
        newFalseAlarm, newFalsePass, newHorizonSeconds, confirm, dispersion, designEffect, pace);
  }

  public JudgeSettings with(Pace newPace) {
    return new JudgeSettings(
        falseAlarm, falsePass, horizonSeconds, confirm, dispersion, designEffect, newPace);
  }
}
