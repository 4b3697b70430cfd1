package dev.sluice.service.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagCommandTest {
  private static final RolloutId ID = new RolloutId("checkout-20260302-1");

  private static Message message(String id, Message.Kind kind) {
    return new Message(id, ID, "flags", false, kind, "");
  }

  @Test
  void theMessageOfADecisionLeadsBackToIt() {
    Decision decision = Samples.decision(ID, 12, Decision.Kind.PROMOTE);
    Message message = message(FlagCommand.messageId(decision), Message.Kind.FLAG);
    assertEquals(new FlagCommand(ID, 12), FlagCommand.of(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkout-20260302-1",
        "checkout-20260302-1-",
        "other-1-2",
        "checkout-20260302-1-x"
      })
  void anythingElseIsAMistake(String id) {
    assertThrows(
        IllegalArgumentException.class, () -> FlagCommand.of(message(id, Message.Kind.FLAG)));
  }

  @Test
  void newsCarriesNoDecision() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FlagCommand.of(message(ID + "-1", Message.Kind.ANNOUNCEMENT)));
  }
}
