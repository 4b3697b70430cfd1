package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Observation;
import dev.sluice.gates.plan.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a rollout can be asked to do. */
public sealed interface Command {

  /** The next look was taken and judged. */
  record TakeLook(long look, Assessment assessment) implements Command {}

  /**
   * The next look could not be taken: the metrics system does not answer at all. It will be made up
   * for.
   *
   * @param attempt how often in a row it was tried in vain by this process, from 1: a process that
   *     has just come back, or whose clock was set forward, does not take hours that it did not see
   *     for hours of silence
   */
  record LoseSource(String detail, int attempt) implements Command {}

  /** The flag system obeyed the decision with this sequence. */
  record ConfirmApplied(long decisionSequence) implements Command {}

  /** The flag system refuses or does not answer. */
  record ReportNotApplied(long decisionSequence, String detail) implements Command {}

  /** Time has passed. */
  record Tick() implements Command {}

  /** The service came back. */
  record Restarted() implements Command {}

  record Pause(Actor actor, String reason) implements Command {}

  record Resume(Actor actor, String reason) implements Command {}

  /**
   * Go to the next step. Over a gate that is not open it is a forced promotion and needs a reason.
   */
  record Promote(Actor actor, String reason) implements Command {}

  /** Answer to a question the rollout asked. */
  record Approve(Actor actor, String reason) implements Command {}

  /** Needs nothing and works in every live state. */
  record RollBack(Actor actor, String reason) implements Command {}

  /** End the rollout and leave the exposure as it is. */
  record Abort(Actor actor, String reason) implements Command {}

  /**
   * Move the deadline of the present step, or the end of the retention. Needs a reason.
   *
   * @param by more than zero
   */
  record Extend(Actor actor, String reason, Duration by) implements Command {}

  /** Let go of the old system. Before the retention is over it needs a reason. */
  record Retire(Actor actor, String reason) implements Command {}

  /**
   * Somebody who watches the old system says whether everybody could be taken back to it.
   *
   * @param reason why not; needed where {@code ready} is false
   * @param validFor when it is not said again within this time it counts as not ready; absent: it
   *     holds until something else is said
   */
  record ReportReadiness(Actor actor, boolean ready, String reason, Optional<Duration> validFor)
      implements Command {}

  /**
   * The flag system was read: this share of the users is on the canary.
   *
   * @param detail who changed it and when, if the flag system says so
   * @param sameUsers whether the plan alone decides who they are, in the way it always did; where
   *     it does not, the flag has drifted although as many are on the canary
   */
  record ReportExposure(Exposure seen, String detail, boolean sameUsers) implements Command {
    public ReportExposure(Exposure seen, String detail) {
      this(seen, detail, true);
    }
  }

  /** Somebody pushes what the plan's pushed metrics want to know. */
  record Observe(Actor actor, List<Observation> observations) implements Command {
    public Observe {
      observations = List.copyOf(observations);
    }
  }

  /**
   * The evidence could not be read and was made anew.
   *
   * @param cause why it could not be read
   * @param replayed how many of the looks so far were judged again
   */
  record RenewEvidence(String cause, long replayed) implements Command {}
}
