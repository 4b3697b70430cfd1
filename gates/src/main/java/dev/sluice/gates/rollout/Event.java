package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Observation;
import dev.sluice.gates.plan.Exposure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened to a rollout. Folding the events of a rollout in order gives its state. */
public sealed interface Event {
  Instant at();

  /**
   * @param overFreeze why it was started although the plan was frozen after a rollback
   */
  record Started(Actor actor, Instant at, Optional<String> overFreeze) implements Event {}

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

  /** Somebody wants to go on by hand, and a second person has to agree. */
  record SecondAsked(Proposal proposal, Instant at) implements Event {}

  /**
   * @param until the deadline, or the end of the retention, as it is now
   */
  record Extended(Actor actor, String reason, Duration by, Instant until, Instant at)
      implements Event {}

  /** The old system was kept ready as long as the plan wants. Only a person lets go of it. */
  record RetentionOver(Instant at) implements Event {}

  record Retired(Actor actor, String reason, Instant at) implements Event {}

  record ReadinessChanged(Readiness readiness, Instant at) implements Event {}

  /**
   * Somebody else moved the flag.
   *
   * @param seen where it stands now
   */
  record Drifted(Exposure seen, String detail, Instant at) implements Event {}

  /** The flag is where the plan wants it again. */
  record DriftEnded(Instant at) implements Event {}

  record Observed(Actor actor, List<Observation> observations, Instant at) implements Event {
    public Observed {
      observations = List.copyOf(observations);
    }
  }

  /**
   * The evidence could not be read and was made anew.
   *
   * @param cause why it could not be read
   * @param replayed how many of the looks so far were judged again
   * @param looks how many there were
   */
  record EvidenceRenewed(String cause, long replayed, long looks, Instant at) implements Event {}
}
