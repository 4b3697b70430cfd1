package dev.sluice.gates.plan;

import java.time.Duration;

/**
 * Where the metrics come from and how often they are looked at.
 *
 * @param prometheus name of a data source in the server configuration
 * @param every distance of two looks, more than zero
 * @param settle a window is read this long after its end: scrape, rule evaluation and remote write
 *     must have arrived
 */
public record Source(String prometheus, Duration every, Duration settle) {
  public Source {
    if (every.isZero() || every.isNegative() || settle.isNegative()) {
      throw new IllegalArgumentException("every must be positive and settle not negative");
    }
  }
}
