package dev.sluice.service.loop;

import java.time.Duration;

/** How long to wait before the next attempt: twice as long each time, up to a bound. */
final class Waits {
  private final Duration first;
  private final Duration most;
  private int failures;

  Waits(Duration first, Duration most) {
    this.first = first;
    this.most = most;
  }

  /** Another failure; answers the wait that follows it. */
  Duration afterFailure() {
    Duration wait = most;
    // From the thirtieth doubling on the bound is long reached, and the shift would overflow.
    if (failures < 30) {
      Duration grown = first.multipliedBy(1L << failures);
      wait = grown.compareTo(most) < 0 ? grown : most;
    }
    failures++;
    return wait;
  }

  void success() {
    failures = 0;
  }

  /** In a row. */
  int failures() {
    return failures;
  }
}
