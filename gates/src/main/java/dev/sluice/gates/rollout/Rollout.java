package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Pushes;
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
 * @param fullSince since when everybody is on the canary without a break: the retention counts from
 *     here; absent below 100 %, and in rollouts of older versions
 * @param extension by how much people moved the deadline of this step, or the end of its retention
 * @param silence observed time in a row in which nothing at all was seen of the canary; looks that
 *     are made up for later do not count
 * @param readiness what was last said of the old system; absent: nothing, and it counts as ready
 * @param proposal what one person wants and a second one has to agree to
 * @param drift where somebody else has put the flag
 * @param pushes what was pushed and looks may still need
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
    Instant updatedAt,
    Optional<Instant> fullSince,
    Optional<Duration> extension,
    Optional<Duration> silence,
    Optional<Readiness> readiness,
    Optional<Proposal> proposal,
    Optional<Drift> drift,
    Optional<Pushes> pushes) {

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

  /** What was pushed and looks may still need. */
  public Pushes pushed() {
    return pushes.orElse(Pushes.NONE);
  }

  /** When the step has lasted as long as it may; absent where it may last for ever. */
  public Optional<Instant> deadline() {
    return step().atMost().map(most -> stepEnteredAt.plus(most).plus(extended()));
  }

  /** How long the step lasts at least; for a retention on the calendar. */
  public Duration atLeast() {
    return step().kind() == Step.Kind.RETAIN ? step().atLeast().plus(extended()) : step().atLeast();
  }

  private Duration extended() {
    return extension.orElse(Duration.ZERO);
  }

  /**
   * When the old system was kept ready for as long as the plan wants; absent outside of the
   * retention. Counts from the moment at which everybody was on the canary, and not from the
   * retention's beginning.
   */
  public Optional<Instant> keptUntil() {
    return retaining() ? keptSince().map(since -> since.plus(atLeast())) : Optional.empty();
  }

  /** From when on the retention counts. */
  Optional<Instant> keptSince() {
    return fullSince.or(this::appliedAt);
  }

  /** Whether the old system is being kept ready, and not more than that. */
  public boolean retaining() {
    return step().kind() == Step.Kind.RETAIN && !ended();
  }

  /** Whether everybody could be taken back: nobody has said otherwise. */
  public boolean backIsReady() {
    return readiness.map(Readiness::ready).orElse(true);
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
