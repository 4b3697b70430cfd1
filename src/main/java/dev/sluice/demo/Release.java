package dev.sluice.demo;

import java.util.random.RandomGenerator;

/**
 * How a release of the shop behaves. Latencies are log-normal, as those of real services nearly
 * are: the 99th percentile lies at 3.2 times the median.
 *
 * @param version as in the metrics: "v1"
 * @param errorShare of the requests that fail, 0 to 1
 * @param medianMillis of an ordinary request
 * @param slowShare of the requests that take {@code slowFactor} times as long, 0 to 1
 */
record Release(
    String version, double errorShare, double medianMillis, double slowShare, double slowFactor) {
  private static final double SPREAD = 0.5;

  /** What everybody uses today: two errors in a thousand requests. */
  static final Release V1 = new Release("v1", 0.002, 40, 0, 1);

  /** A good release: not better, not worse. */
  static final Release V2 = new Release("v2", 0.002, 40, 0, 1);

  /** A bad one: fails forty times as often, and every seventh request waits for something. */
  static final Release V3 = new Release("v3", 0.08, 40, 0.15, 8);

  /** What becomes of one request. */
  record Answer(boolean ok, long millis) {}

  Answer serve(RandomGenerator random) {
    double millis = medianMillis * Math.exp(SPREAD * random.nextGaussian());
    boolean slow = random.nextDouble() < slowShare;
    boolean ok = random.nextDouble() >= errorShare;
    return new Answer(ok, Math.max(1, Math.round(slow ? millis * slowFactor : millis)));
  }
}
