package dev.sluice.service.outbox;

import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore.Message;

/**
 * Which decision a flag command carries out. The message's id is the decision's id, and that is the
 * rollout's id, a hyphen and the decision's sequence: this is the one place that relies on it.
 */
public record FlagCommand(RolloutId rolloutId, long decisionSequence) {

  /** The id of the message that carries out this decision. */
  public static String messageId(Decision decision) {
    return decision.id();
  }

  /**
   * @throws IllegalArgumentException if the message carries no decision of its rollout
   */
  public static FlagCommand of(Message message) {
    String prefix = message.rolloutId() + "-";
    String rest =
        message.id().startsWith(prefix) ? message.id().substring(prefix.length()) : "nothing";
    if (message.kind() != Message.Kind.FLAG || !rest.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "message " + message.id() + " carries no decision of rollout " + message.rolloutId());
    }
    return new FlagCommand(message.rolloutId(), Long.parseLong(rest));
  }
}
