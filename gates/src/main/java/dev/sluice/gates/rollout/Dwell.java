package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import java.time.Duration;

/** Which part of a look counts as time the canary was watched at this step. */
final class Dwell {
  private Dwell() {}

  /**
   * The whole window or nothing: it counts when the step's exposure was confirmed before the window
   * began, every guardrail had data, the traffic followed the plan, and nobody had paused the
   * rollout.
   */
  static Duration credited(Rollout rollout, Assessment assessment) {
    boolean applied =
        rollout.appliedAt().filter(at -> !at.isAfter(assessment.window().from())).isPresent();
    boolean watched = assessment.usable() && assessment.trafficTrouble().isEmpty();
    return applied && watched && counts(rollout.stage())
        ? assessment.window().length()
        : Duration.ZERO;
  }

  private static boolean counts(Stage stage) {
    return switch (stage) {
      case Stage.Baking b -> true;
      case Stage.Held h -> true;
      case Stage.AwaitingApproval a -> true;
      case Stage.Pending p -> false;
      case Stage.Applying a -> false;
      case Stage.Paused p -> false;
      case Stage.RollingBack r -> false;
      case Stage.RolledBack r -> false;
      case Stage.Completed c -> false;
      case Stage.Aborted a -> false;
    };
  }
}
