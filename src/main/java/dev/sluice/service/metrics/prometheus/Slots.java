package dev.sluice.service.metrics.prometheus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds what is under way at once: who comes first gets a slot first. Not thread-safe; lives on
 * one event loop.
 */
final class Slots {
  private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
  private int free;

  Slots(int slots) {
    free = slots;
  }

  /**
   * Completes with a slot, which must be {@linkplain #release given back}; fails at the deadline,
   * and then there is nothing to give back.
   */
  Future<Void> take(Deadline deadline) {
    Promise<Void> turn = Promise.promise();
    if (free > 0) {
      free--;
      turn.complete();
      return turn.future();
    }
    waiting.add(turn);
    deadline.passed().onSuccess(v -> turn.tryFail("no slot was free in time"));
    return turn.future();
  }

  void release() {
    Promise<Void> next;
    while ((next = waiting.poll()) != null) {
      if (next.tryComplete()) {
        return;
      }
    }
    free++;
  }
}
