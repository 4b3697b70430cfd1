package dev.sluice.service.loop;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What was begun and has not ended, so that stopping can wait for it. */
final class UnderWay {
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private int count;

  <T> Future<T> track(Supplier<Future<T>> work) {
    count++;
    return Home.attempt(work)
        .andThen(
            result -> {
              count--;
              announce();
            });
  }

  /** Completes when nothing is under way. */
  Future<Void> idle() {
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    announce();
    return promise.future();
  }

  private void announce() {
    if (count == 0) {
      List<Promise<Void>> told = List.copyOf(waiting);
      waiting.clear();
      told.forEach(Promise::tryComplete);
    }
  }
}
