package dev.sluice.service.metrics.prometheus;

import java.util.List;

/**
 * A native histogram at one instant, as the JSON of the API lists it: only buckets that hold
 * something.
 *
 * @param time milliseconds since the epoch
 * @param count all observations so far
 */
record NativeHistogram(long time, double count, List<Bucket> buckets) {

  /**
   * Observations between two boundaries, not cumulative.
   *
   * @param low lower boundary
   * @param high upper boundary; which of the two belong to the bucket does not matter here
   */
  record Bucket(double low, double high, double count) {}
}
