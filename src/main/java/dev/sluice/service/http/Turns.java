package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Commands of people to one rollout, one after the other: when two press Promote at the same
 * version, the second is checked against what the first has done. Rollbacks do not queue here.
 */
final class Turns {
  private final Map<RolloutId, Future<?>> last = new HashMap<>();

  <T> Future<T> take(RolloutId id, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Future<T> mine = promise.future();
    Future<?> before = queue(id, mine);
    before.onComplete(ended -> guarded(work).onComplete(promise));
    return mine.onComplete(ended -> leave(id, mine));
  }

  private synchronized Future<?> queue(RolloutId id, Future<?> mine) {
    Future<?> before = last.put(id, mine);
    return before == null ? Future.succeededFuture() : before;
  }

  private synchronized void leave(RolloutId id, Future<?> mine) {
    last.remove(id, mine);
  }

  /** What is thrown becomes a failed future, so that nobody waits for ever. */
  static <T> Future<T> guarded(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
