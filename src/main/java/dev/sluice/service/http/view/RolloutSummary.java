package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Rollout;
import java.time.Instant;

/**
 * A rollout in one line.
 *
 * @param percent of the users, as the flag system last confirmed
 * @param step id of the present step, or of the one it ended in
 */
public record RolloutSummary(
    String id,
    String plan,
    long version,
    String state,
    boolean ended,
    String sentence,
    double percent,
    String step,
    Instant startedAt,
    Instant updatedAt) {

  public static RolloutSummary of(Rollout rollout) {
    return new RolloutSummary(
        rollout.id().value(),
        rollout.plan().name(),
        rollout.version(),
        Words.state(rollout.stage()),
        rollout.ended(),
        new Headline(rollout).sentenceWithClock(),
        rollout.applied().percent(),
        rollout.step().id(),
        rollout.startedAt(),
        rollout.updatedAt());
  }
}
