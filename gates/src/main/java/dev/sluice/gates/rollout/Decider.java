package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Plan;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

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
  public Outcome start(Plan plan, Actor actor, Instant now) {
    throw new UnsupportedOperationException(zone.getId());
  }

  /** What a command does to a rollout at this instant. */
  public Outcome decide(Rollout rollout, Command command, Instant now) {
    throw new UnsupportedOperationException();
  }

  /** The state of a rollout whose first event this is. */
  public static Rollout begin(RolloutId id, Plan plan, Event.Started started) {
    throw new UnsupportedOperationException();
  }

  /** The state after one more event. */
  public static Rollout evolve(Rollout rollout, Event event) {
    throw new UnsupportedOperationException();
  }

  /** What the world must be told because of an event that led to this state. */
  public static List<Outgoing> outgoing(Event event, Rollout after) {
    throw new UnsupportedOperationException();
  }
}
