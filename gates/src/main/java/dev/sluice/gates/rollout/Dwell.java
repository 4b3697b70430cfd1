package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Which part of a look counts as time the canary was watched at this step. */
final class Dwell {
  private Dwell() {}

  /**
   * The whole window or nothing: it counts when the step's exposure was confirmed before the window
   * began, every guardrail had data, the traffic followed the plan, nobody else had moved the flag,
   * and nobody had paused the rollout during the window. A look that is taken late is judged by its
   * window, not by the hour at which it is taken.
   */
  static Duration credited(Rollout rollout, Assessment assessment) {
    Window window = assessment.window();
    boolean watched =
        assessment.usable()
            && !Standing.trafficCounts(rollout, assessment)
            && rollout.drift().isEmpty();
    return began(rollout.appliedAt(), window)
            && watched
            && counts(rollout.stage(), window)
            && (rollout.resumedAt().isEmpty() || began(rollout.resumedAt(), window))
        ? window.length()
        : Duration.ZERO;
  }

  private static boolean began(Optional<Instant> instant, Window window) {
    return instant.filter(at -> !at.isAfter(window.from())).isPresent();
  }

  private static boolean counts(Stage stage, Window window) {
    return switch (stage) {
      case Stage.Baking b -> true;
      case Stage.Held h -> true;
      case Stage.AwaitingApproval a -> true;
      case Stage.RetireReady r -> true;
      case Stage.Paused p -> !p.since().isBefore(window.to()) && counts(p.from(), window);
      case Stage.Pending p -> false;
      case Stage.Applying a -> false;
      case Stage.RollingBack r -> false;
      case Stage.RolledBack r -> false;
      case Stage.Completed c -> false;
      case Stage.Aborted a -> false;
    };
  }
}
