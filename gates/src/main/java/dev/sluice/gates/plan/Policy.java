package dev.sluice.gates.plan;

/**
 * The promises of the whole plan.
 *
 * @param falseAlarm chance of any wrong rollback by statistics, over all looks, metrics and steps
 * @param falsePass chance of calling a metric proven safe while it is worse than its tolerance
 * @param dryRun decide and report, act on nothing
 * @param onServiceRestart what a rollout does when the service comes back
 */
public record Policy(
    double falseAlarm, double falsePass, boolean dryRun, OnRestart onServiceRestart) {

  /** What a rollout does when the service comes back. */
  public enum OnRestart {
    RESUME,
    HOLD
  }
}
