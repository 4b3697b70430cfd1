package dev.sluice.service.loop;

import java.time.Duration;

/** Timers, handed in so that tests own the time. */
public interface Scheduler {

  /** A timer that can be called off. */
  interface Timer {
    void cancel();
  }

  /** Runs once after the delay, on the loop's own context. */
  Timer after(Duration delay, Runnable work);
}
