package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens when nothing at all is seen of the canary while users are on it: the dead man's
 * handle.
 *
 * @param holdAfter the rollout is held after so long without anything seen
 * @param rollbackAfter the canary is taken back after so long, where {@code rollbackUpTo} allows
 *     it; absent: silence never takes anybody back
 * @param rollbackUpTo the highest exposure that silence may take back; above it the rollout is only
 *     held, because taking back half of the users blindly may hurt more than waiting
 */
public record DeadMan(Duration holdAfter, Optional<Duration> rollbackAfter, Exposure rollbackUpTo) {

  /** Holds after ten minutes and takes nobody back. */
  public static final DeadMan DEFAULT =
      new DeadMan(Duration.ofMinutes(10), Optional.empty(), new Exposure(10));

  /** After how long the silence takes back somebody who has this exposure; absent: never. */
  public Optional<Duration> rollbackAfter(Exposure applied) {
    return rollbackAfter.filter(after -> applied.compareTo(rollbackUpTo) <= 0);
  }
}
