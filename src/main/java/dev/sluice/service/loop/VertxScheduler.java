package dev.sluice.service.loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Real timers, all on one context. May be used from any thread. */
public final class VertxScheduler implements Scheduler {
  private final Vertx vertx;
  private final Context context;

  /**
   * @param context on which all work runs; of the event loop, so that no two pieces run at once
   */
  public VertxScheduler(Vertx vertx, Context context) {
    this.vertx = vertx;
    this.context = context;
  }

  /** Timers on a context of their own. */
  public static VertxScheduler on(Vertx vertx) {
    return new VertxScheduler(vertx, vertx.getOrCreateContext());
  }

  @Override
  public Timer after(Duration delay, Runnable work) {
    Waiting waiting = new Waiting(work);
    // A timer belongs to the context it is set on: set from elsewhere it would fire elsewhere.
    if (context.equals(Vertx.currentContext()) && delay.isPositive()) {
      waiting.set(delay);
    } else {
      context.runOnContext(nothing -> waiting.set(delay));
    }
    return waiting;
  }

  private final class Waiting implements Timer {
    private static final long NONE = -1;

    private final Runnable work;
    private volatile boolean cancelled;
    private volatile long timer = NONE;

    Waiting(Runnable work) {
      this.work = work;
    }

    void set(Duration delay) {
      if (cancelled) {
        return;
      }
      if (delay.isPositive()) {
        timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> fire());
      } else {
        work.run();
      }
    }

    private void fire() {
      if (!cancelled) {
        work.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (timer != NONE) {
        vertx.cancelTimer(timer);
      }
    }
  }
}
