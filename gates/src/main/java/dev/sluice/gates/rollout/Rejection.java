package dev.sluice.gates.rollout;

/**
 * A command that was refused. A refusal is a value, never silence.
 *
 * @param code stable, for machines
 * @param sentence what is wrong and the remedy
 */
public record Rejection(Code code, String sentence) {

  /** The stable names. */
  public enum Code {
    /** The rollout has ended. */
    ENDED,
    /** It makes no sense in the present state. */
    NOT_NOW,
    /** A reason is mandatory for this act. */
    REASON_MISSING,
    /** The look was taken already, or is not the next one. */
    OUT_OF_ORDER,
    /** This version cannot run what the plan asks for. */
    NOT_SUPPORTED,
    /** The plan is frozen after a rollback. */
    FROZEN,
    /** Who asked for it cannot be the second one to agree to it. */
    SELF_APPROVAL,
    /** What was pushed is not what this plan asks for, or is of the future. */
    NOT_EXPECTED
  }
}
