package dev.sluice.service.config;

import dev.sluice.gates.plan.Exposure;

/**
 * The smallest share of the users that a flag system can be told.
 *
 * @param percent every exposure is a multiple of this many percent; 0: any exposure
 */
public record Granularity(double percent) {
  public static final Granularity ANY = new Granularity(0);
  public static final Granularity WHOLE_PERCENT = new Granularity(1);

  /** Exposures closer than this are the same number, written differently. */
  private static final double SAME = 1e-9;

  public Granularity {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("granularity must be 0 to 100 percent, was " + percent);
    }
  }

  /** Whether the flag system can be told exactly this. */
  public boolean carries(Exposure exposure) {
    return percent == 0
        || Math.abs(exposure.percent() / percent - Math.rint(exposure.percent() / percent)) < SAME;
  }

  /** Whether the flag system cannot tell the two apart. */
  public boolean same(Exposure one, Exposure other) {
    return Math.abs(one.percent() - other.percent()) < Math.max(percent / 2, SAME);
  }

  /** "whole percents", "multiples of 0.001 %". */
  public String words() {
    if (percent == 0) {
      return "any exposure";
    }
    return percent == 1 ? "whole percents" : "multiples of " + new Exposure(percent);
  }
}
