package dev.sluice.gates.plan;

import java.time.Duration;

/**
 * What counts as one exposed unit, and what to do when the traffic does not follow the plan.
 *
 * @param counter PromQL counter with $cohort
 * @param grace how long after a change of exposure the split may still be off
 */
public record ExposureRule(
    String counter, OnTrouble onMismatch, OnTrouble onNoTraffic, Duration grace) {

  /** What broken traffic does to the rollout. */
  public enum OnTrouble {
    HOLD,
    ROLLBACK,
    WARN
  }
}
