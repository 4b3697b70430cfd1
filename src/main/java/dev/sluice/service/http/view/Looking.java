package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Instant;
import java.util.Optional;

/**
 * When the metrics are looked at next; in some stages nobody looks, and then nothing is overdue.
 */
final class Looking {
  private Looking() {}

  static Optional<Instant> next(Rollout rollout) {
    return looks(rollout.stage()) ? Optional.of(rollout.nextLookDue()) : Optional.empty();
  }

  private static boolean looks(Stage stage) {
    return switch (stage) {
      case Stage.Applying s -> true;
      case Stage.Baking s -> true;
      case Stage.Held s -> true;
      case Stage.AwaitingApproval s -> true;
      case Stage.Paused s -> looks(s.from());
      case Stage.Pending s -> false;
      case Stage.RollingBack s -> false;
      case Stage.RolledBack s -> false;
      case Stage.Completed s -> false;
      case Stage.Aborted s -> false;
    };
  }
}
