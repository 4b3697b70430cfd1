package dev.sluice.service.loop;

import dev.sluice.gates.rollout.RolloutId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the loop is doing, for readiness, alerts and the page.
 *
 * @param resumed whether the live rollouts were found and taken up after the start of the service
 * @param stopping whether no further look will be taken
 * @param rollouts all that are watched, by id
 */
public record EngineStatus(boolean resumed, boolean stopping, List<OfRollout> rollouts) {
  public EngineStatus {
    rollouts =
        rollouts.stream().sorted(Comparator.comparing((OfRollout r) -> r.id().value())).toList();
  }

  /**
   * One watched rollout.
   *
   * @param lastLook when this process last took a look of it
   * @param lag how long its next look has been due; zero while none is
   * @param failures attempts in a row that failed: of ours or of the store
   * @param blind whether its metrics system cannot be reached
   */
  public record OfRollout(
      RolloutId id, Optional<Instant> lastLook, Duration lag, int failures, boolean blind) {}

  /** The longest lag of all; zero when nothing is late. */
  public Duration worstLag() {
    return rollouts.stream()
        .map(OfRollout::lag)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }
}
