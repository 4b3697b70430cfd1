package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.Step;
import java.time.Instant;

/** Why the gate of the present step is not open, in words. */
final class Closure {
  private final Rollout rollout;
  private final boolean nextMayBeRaised;
  private final Instant now;

  Closure(Rollout rollout, boolean nextMayBeRaised, Instant now) {
    this.rollout = rollout;
    this.nextMayBeRaised = nextMayBeRaised;
    this.now = now;
  }

  /** Empty when the gate is open. */
  String why() {
    if (rollout.blindSince().isPresent()) {
      return "The metrics system cannot be reached.";
    }
    if (!nextMayBeRaised) {
      return "The plan lets the exposure be raised only in certain hours, and this is not one of"
          + " them.";
    }
    boolean approval = rollout.step().kind() == Step.Kind.APPROVE;
    return rollout
        .lastAssessment()
        .map(last -> approval ? whyNotApprovable(last) : why(last))
        .orElse(approval ? drift() : "No look was taken yet.");
  }

  private String drift() {
    return rollout.drift().map(d -> Standing.drifted(rollout, d).sentence()).orElse("");
  }

  /** A step that only asks has nothing to prove; known harm stands in its way all the same. */
  private String whyNotApprovable(Assessment last) {
    Standing standing = new Standing(rollout, last, now);
    return standing.regression().or(standing::obstacle).map(Reason::sentence).orElse("");
  }

  private String why(Assessment last) {
    Standing standing = new Standing(rollout, last, now);
    if (standing.stale()) {
      return "The latest look is of " + last.window().to() + " and old news.";
    }
    return standing
        .regression()
        .or(standing::obstacle)
        .or(standing::missing)
        .map(Reason::sentence)
        .orElse("");
  }
}
