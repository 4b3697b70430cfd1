package dev.sluice.gates.look;

import java.time.Duration;
import java.time.Instant;

/**
 * The stretch of time one look covers: {@code (from, to]}, so that adjacent windows share no sample
 * and lose none.
 *
 * @param to after {@code from}
 */
public record Window(Instant from, Instant to) {
  public Window {
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException(
          "a window must end after it begins: " + from + " to " + to);
    }
  }

  /**
   * Look k (from 1) of a rollout that began at start: {@code (start + (k-1) * every, start + k *
   * every]}.
   */
  public static Window ofLook(Instant start, Duration every, long look) {
    return new Window(
        start.plus(every.multipliedBy(look - 1)), start.plus(every.multipliedBy(look)));
  }

  public Duration length() {
    return Duration.between(from, to);
  }
}
