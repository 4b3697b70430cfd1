package dev.sluice.gates.rollout;

import java.time.Duration;
import java.time.Instant;

/**
 * What one person wants and a second one has to agree to.
 *
 * @param forced whether it goes over a gate that is not open
 */
public record Proposal(Actor actor, Act act, String reason, boolean forced, Instant at) {
  /** After that it has to be asked anew: the reason was given for another hour. */
  public static final Duration LIFE = Duration.ofHours(1);

  /** What can be proposed. */
  public enum Act {
    PROMOTE,
    APPROVE,
    RETIRE
  }

  /** Whether it can still be agreed to. */
  public boolean openAt(Instant now) {
    return now.isBefore(at.plus(LIFE));
  }

  /** Whether this is the one who proposed: agreeing to oneself is not agreeing. */
  boolean by(Actor other) {
    return actor.name().equalsIgnoreCase(other.name());
  }
}
