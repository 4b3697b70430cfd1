package dev.sluice.service.metrics.prometheus;

import java.time.Instant;

/**
 * One query as it is sent: nothing in it depends on when that happens.
 *
 * @param time the evaluation time, in whole milliseconds
 */
record Query(String promql, Instant time) {}
