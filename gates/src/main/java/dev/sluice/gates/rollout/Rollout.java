package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The state of one execution of a plan: what folding its events gives.
 *
 * @param version number of events folded; every write carries the version it saw
 * @param startedAt looks are counted from here: when the first step was entered, and until then
 *     when the rollout was asked for
 * @param stepIndex from 0
 * @param stepEnteredAt when the step began, whether or not the flag system had obeyed
 * @param appliedAt when the flag system confirmed the step's exposure
 * @param resumedAt when it was last resumed: windows that began before may hold paused time
 * @param dwell observed time of the step: with usable data, applied and not paused
 * @param looks number of the last look taken; the next one is one higher
 * @param stepLooks looks taken in this step since the exposure was applied
 * @param desired what the plan wants now
 * @param applied what the flag system last confirmed
 * @param decisions number of decisions so far
 * @param lastDecision the latest of them
 * @param lastAssessment of the latest look
 * @param waived ids of failing checks that a person went over with a forced promotion: they no
 *     longer roll back or hold
 * @param retentionWarned whether people were told that the retention ends soon
 * @param blindSince since when the metrics system cannot be reached
 */
public record Rollout(
    RolloutId id,
    Plan plan,
    long version,
    Instant startedAt,
    Actor startedBy,
    int stepIndex,
    Stage stage,
    Instant stepEnteredAt,
    Optional<Instant> appliedAt,
    Optional<Instant> resumedAt,
    Duration dwell,
    long looks,
    long stepLooks,
    Exposure desired,
    Exposure applied,
    long decisions,
    Optional<Decision> lastDecision,
    Optional<Assessment> lastAssessment,
    Set<String> waived,
    boolean retentionWarned,
    Optional<Instant> blindSince,
    Instant updatedAt) {

  public Rollout {
    waived = Set.copyOf(waived);
  }

  public Step step() {
    return plan.steps().get(stepIndex);
  }

  public boolean lastStep() {
    return stepIndex == plan.steps().size() - 1;
  }

  public boolean ended() {
    return stage.ended();
  }

  /** End of the window of the next look. */
  public Instant nextLookEnd() {
    return startedAt.plus(plan.source().every().multipliedBy(looks + 1));
  }

  /** When the next look may be taken: its window has settled. */
  public Instant nextLookDue() {
    return nextLookEnd().plus(plan.source().settle());
  }

  /** When the next look may be taken, in the stages in which looks are taken. */
  public Optional<Instant> upcomingLook() {
    return stage.watched() ? Optional.of(nextLookDue()) : Optional.empty();
  }
}
