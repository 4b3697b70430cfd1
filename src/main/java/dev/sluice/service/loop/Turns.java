package dev.sluice.service.loop;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Who may ask a metrics system next. Each system has its own queue and its own bound on looks under
 * way, first come, first served: a rollout that catches up on a day of looks stands in line again
 * after each of them, and a system that hangs holds up only its own rollouts.
 *
 * <p>The queues are bounded by the number of rollouts: each has at most one look under way.
 */
final class Turns {
  private final int atOnce;
  private final Map<String, Lane> lanes = new HashMap<>();

  Turns(int atOnce) {
    this.atOnce = atOnce;
  }

  private static final class Lane {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;
  }

  /** Does the work when it is its turn at this source. */
  <T> Future<T> take(String source, Supplier<Future<T>> work) {
    Lane lane = lanes.computeIfAbsent(source, name -> new Lane());
    Promise<T> promise = Promise.promise();
    lane.waiting.add(
        () ->
            Home.attempt(work)
                .onComplete(
                    result -> {
                      lane.underWay--;
                      promise.handle(result);
                      next(lane);
                    }));
    next(lane);
    return promise.future();
  }

  private void next(Lane lane) {
    while (lane.underWay < atOnce && !lane.waiting.isEmpty()) {
      lane.underWay++;
      lane.waiting.remove().run();
    }
  }
}
