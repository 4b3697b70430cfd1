package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Exposure;
import java.time.Instant;

/**
 * What was decided, once.
 *
 * @param id unique for ever and the same at every repetition: "rolloutId-sequence"; the idempotency
 *     key of all that follows
 * @param sequence of the decision in its rollout, from 1
 * @param stepId the step it was decided in
 * @param forced a person went over a gate that was not open; marked as such for ever
 */
public record Decision(
    String id,
    long sequence,
    Kind kind,
    Reason reason,
    String stepId,
    Exposure from,
    Exposure to,
    Actor actor,
    boolean forced,
    Instant at) {

  /** The three answers. */
  public enum Kind {
    PROMOTE,
    HOLD,
    ROLL_BACK
  }
}
