package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Plan;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The rule between commands, events and states. Pure: the same state, command and instant give the
 * same events.
 */
public final class Decider {
  private final ZoneId zone;

  /**
   * @param zone in which the plan's change windows are meant
   */
  public Decider(ZoneId zone) {
    this.zone = zone;
  }

  /** The events with which a rollout of this plan begins, or why it cannot. */
  public Outcome start(RolloutId id, Plan plan, Actor actor, Instant now) {
    throw new UnsupportedOperationException(zone.getId());
  }

  /** What a command does to a rollout at this instant. */
  public Outcome decide(Rollout rollout, Command command, Instant now) {
    throw new UnsupportedOperationException();
  }
}
