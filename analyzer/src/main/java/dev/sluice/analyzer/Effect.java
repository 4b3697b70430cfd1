package dev.sluice.analyzer;

/**
 * An effect with its confidence sequence: an interval that is valid at every look, at level 1 -
 * falsePass.
 *
 * @param scale how to read the three numbers
 * @param lower lower end; 0 or negative infinity where nothing bounds it
 * @param estimate the point estimate
 * @param upper upper end; positive infinity where nothing bounds it yet
 * @param margin the edge of what is accepted on the same scale, in the worse direction
 */
public record Effect(Scale scale, double lower, double estimate, double upper, double margin) {

  /**
   * The same effect where it is proven to lie within the margin: the interval then ends at the
   * margin at the latest, so that what is read and what is concluded agree. An end that was further
   * out came from another test with the same data; both hold together with probability 1 - 2
   * falsePass.
   */
  Effect withinMargin() {
    if (estimate <= margin && upper > margin && !(scale == Scale.RATIO && margin < 1)) {
      return new Effect(scale, lower, estimate, margin, margin);
    }
    if (estimate >= margin && lower < margin && !(scale == Scale.RATIO && margin > 1)) {
      return new Effect(scale, margin, estimate, upper, margin);
    }
    return this;
  }

  /** How an effect is expressed. */
  public enum Scale {
    /** canary divided by baseline: 1 is no change. */
    RATIO,
    /** canary minus baseline, in the unit of the metric: 0 is no change. */
    DIFFERENCE,
    /** the canary's own value, compared with a limit. */
    VALUE
  }
}
