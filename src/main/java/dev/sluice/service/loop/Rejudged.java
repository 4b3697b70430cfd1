package dev.sluice.service.loop;

import java.time.Instant;

/**
 * One look of the past, judged again from what the metrics system says today.
 *
 * @param look its number, from 1
 * @param from begin of its window
 * @param to end of its window
 * @param outcome what came of it
 * @param sentence the same for people
 */
public record Rejudged(long look, Instant from, Instant to, Outcome outcome, String sentence) {

  /** What came of it; the first that applies, in this order. */
  public enum Outcome {
    /** Everything that was judged and concluded, to the last bit. */
    SAME,
    /** The metrics system cannot be asked: this says nothing about the look. */
    SOURCE_LOST,
    /** The stored plan is another one: somebody changed the store. */
    PLAN_CHANGED,
    /** The look was judged by another version of the statistics. */
    OTHER_JUDGE,
    /** This version asks in other words than the one that took the look. */
    OTHER_QUERIES,
    /** The metrics system has lost what it knew then. */
    DATA_GONE,
    /** The metrics system says something else than it did then. */
    DATA_CHANGED,
    /**
     * Another verdict from a look of which no digests were kept: whether the data or the judge
     * changed cannot be told.
     */
    UNTRACED,
    /** The same plan, judge and data, and another verdict: a mistake of the program. */
    OTHER_VERDICT
  }

  public boolean same() {
    return outcome == Outcome.SAME;
  }
}
