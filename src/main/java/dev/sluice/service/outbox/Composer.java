package dev.sluice.service.outbox;

import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.service.store.RolloutStore.Message;
import java.util.List;

/**
 * Turns what must be told into messages for the targets it concerns: pure, called before the
 * commit, so that the text is stored with the decision.
 */
public interface Composer {

  List<Message> compose(List<Outgoing> outgoing);
}
