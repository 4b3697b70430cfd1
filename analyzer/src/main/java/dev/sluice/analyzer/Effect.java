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
