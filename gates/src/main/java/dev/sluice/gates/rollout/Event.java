package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.Exposure;
import java.time.Duration;
import java.time.Instant;

/** What happened to a rollout. Folding the events of a rollout in order gives its state. */
public sealed interface Event {
  Instant at();

  record Started(Actor actor, Instant at) implements Event {}

  /**
   * A step began and the flag system is told.
   *
   * @param moves whether the exposure changes; a step that moves nothing bakes at once
   */
  record StepEntered(int stepIndex, Exposure desired, boolean moves, Instant at) implements Event {}

  record ExposureApplied(Exposure exposure, Instant at) implements Event {}

  record ExposureRefused(String detail, Instant at) implements Event {}

  /**
   * @param credited how much of the window counts as dwell
   */
  record LookTaken(long look, Duration credited, Assessment assessment, Instant at)
      implements Event {}

  record SourceLost(String detail, Instant at) implements Event {}

  record SourceBack(Instant at) implements Event {}

  record Decided(Decision decision, Instant at) implements Event {}

  record HeldBack(Reason reason, Instant at) implements Event {}

  record Released(Instant at) implements Event {}

  record ApprovalAsked(Reason reason, Instant at) implements Event {}

  record Approved(Actor actor, String reason, Instant at) implements Event {}

  record PausedBy(Actor actor, String reason, Instant at) implements Event {}

  record ResumedBy(Actor actor, String reason, Instant at) implements Event {}

  record RollbackConfirmed(Instant at) implements Event {}

  /** The rollback was not confirmed in the time the plan allows; asked again for ever. */
  record RollbackOverdue(Instant at) implements Event {}

  /** The old system will not be kept ready for much longer. */
  record RetentionEnding(Instant endsAt, Instant at) implements Event {}

  record Finished(Instant at) implements Event {}

  record AbortedBy(Actor actor, String reason, Instant at) implements Event {}
}
