package dev.sluice.analyzer.evidence;

/**
 * What is believed beforehand of the moment at which a regression begins.
 *
 * @param startMass share of the prior that is spent on the first interval
 * @param stepMass share of what is left that is spent on the first interval of every further step:
 *     a change of exposure is when load-dependent regressions show
 * @param horizonSeconds the rest is spent at the rate of one horizon, so that a regression after
 *     hours costs a few nats instead of all the evidence of health collected before it
 */
public record Onset(double startMass, double stepMass, double horizonSeconds) {

  /** Everything on the first interval: no unknown onset. */
  public static final Onset AT_ONCE = new Onset(1, 0, Double.POSITIVE_INFINITY);

  public static Onset withDefaults(double horizonSeconds) {
    return new Onset(0.5, 0.25, horizonSeconds);
  }

  double share(boolean first, boolean newStep, double seconds) {
    if (first) {
      return startMass;
    }
    return newStep ? stepMass : Math.min(1, seconds / horizonSeconds);
  }
}
