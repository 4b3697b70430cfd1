package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;

/** What a rollout can be asked to do. */
public sealed interface Command {

  /** The next look was taken and judged. */
  record TakeLook(long look, Assessment assessment) implements Command {}

  /**
   * The next look could not be taken: the metrics system does not answer at all. It will be made up
   * for.
   */
  record LoseSource(String detail) implements Command {}

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
}
