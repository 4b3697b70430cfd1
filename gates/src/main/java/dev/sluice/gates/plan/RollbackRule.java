package dev.sluice.gates.plan;

import java.time.Duration;

/**
 * How a rollback is carried out.
 *
 * @param to the exposure that is left
 * @param confirmWithin the flag system must have obeyed by then, otherwise somebody is called
 * @param freeze how long afterwards the plan cannot be started again
 */
public record RollbackRule(Exposure to, Action action, Duration confirmWithin, Duration freeze) {

  /** What the flag system is told. */
  public enum Action {
    PERCENT,
    DISABLE
  }
}
