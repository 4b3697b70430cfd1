package dev.sluice.service.loop;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a rollout waits for in each stage. */
final class Pace {
  /** How often a rollout that only waits for the time is told that it has passed. */
  private static final Duration TICK = Duration.ofSeconds(15);

  private Pace() {}

  /** Whether the metrics are looked at in this stage. */
  static boolean looks(Stage stage) {
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

  /** Whether only the time moves it on. */
  static boolean ticks(Stage stage) {
    return stage instanceof Stage.Pending || stage instanceof Stage.RollingBack;
  }

  /** How long until something is to be done; absent where only a command moves it on. */
  static Optional<Duration> untilNext(Rollout rollout, Instant now) {
    if (ticks(rollout.stage())) {
      return Optional.of(TICK);
    }
    return looks(rollout.stage())
        ? Optional.of(Duration.between(now, rollout.nextLookDue()))
        : Optional.empty();
  }

  /** How late the next look is. */
  static Duration lag(Rollout rollout, Instant now) {
    if (!looks(rollout.stage()) || !now.isAfter(rollout.nextLookDue())) {
      return Duration.ZERO;
    }
    return Duration.between(rollout.nextLookDue(), now);
  }
}
