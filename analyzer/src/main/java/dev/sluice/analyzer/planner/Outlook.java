package dev.sluice.analyzer.planner;

/** How much longer until a metric is proven safe, if it is. */
public sealed interface Outlook {

  /** It is proven, and the proof stands. */
  record Proven() implements Outlook {}

  /**
   * About so many more looks at the present traffic, if the canary is no worse than the baseline:
   * half of such rollouts take less, half more.
   *
   * @param looks at least 1, finite
   */
  record Looks(double looks) implements Outlook {}

  /** It cannot be proven as things are. */
  record Never(Why why) implements Outlook {}

  /** Nothing can be said yet. */
  record Unknown() implements Outlook {}

  /** What stands in the way. */
  enum Why {
    /** A cohort gets no traffic. */
    NO_TRAFFIC,
    /** What has been seen in this step lies beyond what is accepted. */
    LOOKS_WORSE,
    /**
     * The margin is too narrow for this test, or the buckets too coarse: evidence does not grow.
     */
    NO_DRIFT
  }

  /** From an expectation that may be infinite. */
  static Outlook of(double looks) {
    return Double.isFinite(looks) ? new Looks(Math.max(1, looks)) : new Never(Why.NO_DRIFT);
  }
}
