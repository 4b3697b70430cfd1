package dev.sluice.service.outbox;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;

/**
 * What flag systems answered, told to the rollout that asked. Both are harmless when repeated, so
 * they are told before the attempt is noted in the outbox: a crash in between repeats them.
 */
public interface FlagReplies {

  /** The flag system has carried out the decision with this sequence. */
  Future<Void> obeyed(RolloutId id, long decisionSequence);

  /** It refuses, or does not answer. */
  Future<Void> refused(RolloutId id, long decisionSequence, String detail);
}
