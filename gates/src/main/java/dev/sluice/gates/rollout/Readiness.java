package dev.sluice.gates.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether everybody could be taken back to the old system, as somebody who watches it has said. A
 * rollback by hand never asks for it; a rollback by itself does, in the retention: taking everybody
 * back to a system that cannot carry them would be the second accident.
 *
 * @param reason why it is not ready; may be empty where it is
 * @param since when it became so, and not when it was last said
 * @param saidUntil when it is no longer believed that it is ready, unless it is said again
 */
public record Readiness(
    boolean ready, Actor actor, String reason, Instant since, Optional<Instant> saidUntil) {

  /** Whether it is still believed that the old system is ready. */
  boolean staleAt(Instant now) {
    return ready && saidUntil.filter(until -> !now.isBefore(until)).isPresent();
  }
}
