package dev.sluice.analyzer;

import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Units per look of late: the mean of the first {@value #LOOKS} looks, then an exponential average
 * with that memory. Looks without data are no looks without traffic; they are left out.
 */
final class Traffic {
  private static final int LOOKS = 20;

  private double canary;
  private double baseline;
  private long looks;

  void take(double canaryUnits, double baselineUnits) {
    looks = Math.min(LOOKS, looks + 1);
    canary += (canaryUnits - canary) / looks;
    baseline += (baselineUnits - baseline) / looks;
  }

  /** A cohort had none, and so there was nothing to compare. */
  void none() {
    looks = Math.min(LOOKS, looks + 1);
    canary -= canary / looks;
  }

  boolean known() {
    return looks > 0;
  }

  Pace pace() {
    return new Pace(canary, baseline);
  }

  void save(StateWriter out) {
    out.put(canary).put(baseline).put(looks);
  }

  void load(StateReader in) {
    canary = in.next();
    baseline = in.next();
    looks = in.nextWhole(0, LOOKS);
  }
}
