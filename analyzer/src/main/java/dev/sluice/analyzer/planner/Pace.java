package dev.sluice.analyzer.planner;

/**
 * The traffic of one look.
 *
 * @param canary units of the canary (requests, orders), at least 0
 * @param baseline units of the baseline, at least 0; 0 where there is none
 */
public record Pace(double canary, double baseline) {

  /** Whether both cohorts have traffic. */
  public boolean both() {
    return canary > 0 && baseline > 0;
  }
}
