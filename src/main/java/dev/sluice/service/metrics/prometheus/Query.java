package dev.sluice.service.metrics.prometheus;

import java.time.Instant;

/**
 * One query as it is sent: nothing in it depends on when that happens, {@link #CLOCK} excepted.
 *
 * @param time the evaluation time, in whole milliseconds
 */
record Query(String promql, Instant time) {
  /** The one query that names no time: what time the metrics system itself has. */
  static final Query CLOCK = new Query("vector(time())", Instant.MAX);
}
