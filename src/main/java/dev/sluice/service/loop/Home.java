package dev.sluice.service.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop's own thread of control. Everything the loop remembers is touched there and nowhere
 * else, so that it needs no locks: what is called from outside goes in through {@link #run}, and
 * what completes elsewhere (a store's thread, a client's) comes back through {@link #bring}.
 */
final class Home {
  private final Scheduler scheduler;

  Home(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Does the work at home and completes where the caller lives. */
  <T> Future<T> run(Supplier<Future<T>> work) {
    Context caller = Vertx.currentContext();
    Promise<T> promise = Promise.promise();
    scheduler.after(
        Duration.ZERO,
        () -> attempt(work).onComplete(result -> at(caller, () -> promise.handle(result))));
    return promise.future();
  }

  private static void at(@Nullable Context caller, Runnable work) {
    if (caller == null) {
      work.run();
    } else {
      caller.runOnContext(nothing -> work.run());
    }
  }

  /**
   * Completes at home. What has not come back after the limit counts as failed; who asked must bear
   * that it may have happened all the same.
   */
  <T> Future<T> bring(String what, Duration limit, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Scheduler.Timer timer =
        scheduler.after(
            limit,
            () -> promise.tryFail(new Overdue(what + " has not come back after " + limit + ".")));
    attempt(work)
        .onComplete(
            result ->
                scheduler.after(
                    Duration.ZERO,
                    () -> {
                      timer.cancel();
                      if (result.succeeded()) {
                        promise.tryComplete(result.result());
                      } else {
                        promise.tryFail(result.cause());
                      }
                    }));
    return promise.future();
  }

  /** An exception where a failed future was promised is a failed future. */
  static <T> Future<T> attempt(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Somebody did not keep the deadline that was promised. */
  static final class Overdue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overdue(String message) {
      super(message);
    }
  }
}
