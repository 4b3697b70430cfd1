package dev.sluice.service.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that moves only when a test says so: the scheduler and the clock in one. Timers run on the
 * thread that advances, in the order of their instants, then of their setting, each at its own
 * instant.
 */
public final class ManualScheduler implements Scheduler, InstantSource {
  private final PriorityQueue<Entry> timers =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::number));
  private Instant now;
  private long set;

  public ManualScheduler(Instant start) {
    now = start;
  }

  private record Entry(Instant at, long number, Runnable work) {}

  @Override
  public Timer after(Duration delay, Runnable work) {
    Instant at = delay.isNegative() ? now : now.plus(delay);
    Entry entry = new Entry(at, set++, work);
    timers.add(entry);
    return () -> timers.remove(entry);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Lets this much time pass; timers that are set meanwhile run too when they fall into it. */
  public void advance(Duration duration) {
    advanceTo(now.plus(duration));
  }

  /** Lets time pass up to and including this instant. */
  public void advanceTo(Instant until) {
    while (!timers.isEmpty() && !timers.peek().at().isAfter(until)) {
      Entry next = timers.remove();
      now = next.at().isAfter(now) ? next.at() : now;
      next.work().run();
    }
    now = until.isAfter(now) ? until : now;
  }

  /** Runs what is due now. */
  public void runDue() {
    advance(Duration.ZERO);
  }

  /** Timers that are set and not called off. */
  public int pending() {
    return timers.size();
  }
}
