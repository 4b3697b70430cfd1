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

  /** Whether only the time moves it on. */
  static boolean ticks(Stage stage) {
    return stage instanceof Stage.Pending || stage instanceof Stage.RollingBack;
  }

  /** How long until something is to be done; absent where only a command moves it on. */
  static Optional<Duration> untilNext(Rollout rollout, Instant now) {
    if (ticks(rollout.stage())) {
      return Optional.of(TICK);
    }
    return rollout.upcomingLook().map(due -> Duration.between(now, due));
  }

  /** How late the next look is. */
  static Duration lag(Rollout rollout, Instant now) {
    return rollout
        .upcomingLook()
        .filter(now::isAfter)
        .map(due -> Duration.between(due, now))
        .orElse(Duration.ZERO);
  }
}
