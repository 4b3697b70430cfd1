package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.RollbackRule;

/**
 * What the world must be told because of an event. Written to the outbox in the same transaction as
 * the event.
 */
public sealed interface Outgoing {

  /**
   * The flag system must obey this decision.
   *
   * @param action how, for a rollback; PERCENT for a promotion
   * @param rollout the state right after the event: what the decision rests on
   */
  record SetExposure(
      FlagTarget flag, Decision decision, RollbackRule.Action action, Rollout rollout)
      implements Outgoing {}

  /**
   * People and machines that listen must hear it.
   *
   * @param key unique in the rollout and the same at every repetition: with the sink's name the
   *     idempotency key
   * @param headline one sentence: what happened, to which plan and step
   * @param rollout the state right after the event
   */
  record Announce(
      Notify to, Notify.Topic topic, String key, String headline, Event event, Rollout rollout)
      implements Outgoing {}
}
