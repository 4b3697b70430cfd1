package dev.sluice.gates.plan;

import java.util.Optional;

/**
 * The promises of the whole plan.
 *
 * @param falseAlarm chance of any wrong rollback by statistics, over all looks, metrics and steps
 * @param falsePass chance of calling a metric proven safe while it is worse than its tolerance
 * @param dryRun decide and report, act on nothing
 * @param onServiceRestart what a rollout does when the service comes back
 * @param fourEyes when a second person has to agree; absent in plans of older versions: never
 * @param deadMan what silence does; absent in plans of older versions: {@link DeadMan#DEFAULT}
 */
public record Policy(
    double falseAlarm,
    double falsePass,
    boolean dryRun,
    OnRestart onServiceRestart,
    Optional<FourEyes> fourEyes,
    Optional<DeadMan> deadMan) {

  /** What silence does. */
  public DeadMan silence() {
    return deadMan.orElse(DeadMan.DEFAULT);
  }

  /** Whether going on by hand takes two people. */
  public boolean takesTwo(boolean forced) {
    return switch (fourEyes.orElse(FourEyes.NEVER)) {
      case NEVER -> false;
      case FORCED -> forced;
      case ALWAYS -> true;
    };
  }

  /** What a rollout does when the service comes back. */
  public enum OnRestart {
    RESUME,
    HOLD
  }
}
