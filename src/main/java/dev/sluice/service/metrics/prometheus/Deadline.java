package dev.sluice.service.metrics.prometheus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** One end for everything that belongs to one look, however many queries that are. */
final class Deadline {
  private final Vertx vertx;
  private final Duration length;
  private final Promise<Void> passed = Promise.promise();
  private final long timer;

  /** Begins now. */
  Deadline(Vertx vertx, Duration length) {
    this.vertx = vertx;
    this.length = length;
    timer = vertx.setTimer(Math.max(1, length.toMillis()), t -> passed.complete());
  }

  /** Completes when the time is over; never, if everything was done before. */
  Future<Void> passed() {
    return passed.future();
  }

  boolean over() {
    return passed.future().isComplete();
  }

  Duration length() {
    return length;
  }

  void cancel() {
    vertx.cancelTimer(timer);
  }
}
