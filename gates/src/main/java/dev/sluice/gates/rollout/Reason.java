package dev.sluice.gates.rollout;

/**
 * Why something was decided.
 *
 * @param code stable, for machines
 * @param sentence for people, with the numbers
 */
public record Reason(Code code, String sentence) {

  /** The stable names. */
  public enum Code {
    /** The step has not lasted long enough. */
    BAKING,
    /** The flag system has not confirmed the exposure yet. */
    NOT_APPLIED,
    /** Every guardrail is proven safe. */
    PROVEN_SAFE,
    /** Long enough, and no harm was found. */
    NO_HARM_FOUND,
    /** A guardrail is proven worse than its margin. */
    REGRESSION,
    /** An absolute limit is proven broken. */
    LIMIT_BROKEN,
    /** A signal is proven worse than its margin. */
    SIGNAL_WORSE,
    /** Not enough evidence either way. */
    INCONCLUSIVE,
    /** The step lasted as long as it may without an answer. */
    TIMED_OUT,
    /** A metric has no data. */
    NO_DATA,
    /** The metrics system cannot be reached. */
    SOURCE_LOST,
    /** The traffic split does not follow the plan. */
    TRAFFIC_MISMATCH,
    /** The canary gets no traffic. */
    NO_TRAFFIC,
    /** Outside the hours in which exposure may be raised. */
    CHANGE_WINDOW,
    /** The plan asks for a person. */
    APPROVAL_NEEDED,
    /** A person decided. */
    BY_HAND,
    /** The service came back and the plan says hold. */
    RESTARTED,
    /** The retention is over. */
    RETENTION_OVER,
    /** The rollout begins. */
    STARTED,
    /** Nothing at all is seen of the canary. */
    SILENT,
    /** Somebody else moved the flag. */
    DRIFTED,
    /** It should be taken back, and the old system is not ready for everybody. */
    NOT_READY
  }
}
