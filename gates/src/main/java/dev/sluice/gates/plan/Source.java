package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the metrics come from and how often they are looked at.
 *
 * @param prometheus name of a data source in the server configuration
 * @param every distance of two looks, more than zero
 * @param settle a window is read this long after its end: scrape, rule evaluation and remote write
 *     must have arrived
 * @param history how much of the baseline's time before the start is read for what it teaches of
 *     noise; zero: nothing is read; absent: as much as the distance of the looks suggests
 */
public record Source(
    String prometheus, Duration every, Duration settle, Optional<Duration> history) {
  public Source {
    if (every.isZero() || every.isNegative() || settle.isNegative()) {
      throw new IllegalArgumentException("every must be positive and settle not negative");
    }
    if (history.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("history must not be negative");
    }
  }

  /** With the usual history. */
  public Source(String prometheus, Duration every, Duration settle) {
    this(prometheus, every, settle, Optional.empty());
  }
}
