package dev.sluice.service.outbox;

import dev.sluice.service.store.RolloutStore.Message;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Something a message can be delivered to: a flag system, a webhook, a chat. One per name in the
 * server configuration.
 */
public interface Target {

  /** What came of one attempt. A failed future counts as {@link Result.Retry}. */
  sealed interface Result {
    record Ok() implements Result {}

    /**
     * @param after what the target asked for (Retry-After), if it did
     */
    record Retry(String detail, Optional<Duration> after) implements Result {}

    /**
     * A person has to say yes at the target's own place. Asked again soon, to notice when it is
     * done.
     */
    record Asks(String detail) implements Result {}

    /** It will never work: the endpoint is gone. */
    record Gone(String detail) implements Result {}
  }

  /** Tries once, within the target's own time-out. */
  Future<Result> deliver(Message message);
}
