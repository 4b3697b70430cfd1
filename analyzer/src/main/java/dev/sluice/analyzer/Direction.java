package dev.sluice.analyzer;

/** Which way of a metric is worse for the users. */
public enum Direction {
  /** More is worse: errors, latency. */
  HIGHER_IS_WORSE,
  /** Less is worse: orders, conversion. */
  LOWER_IS_WORSE,
  /** Any change is worse: basket value, queue depth of a rewrite. Judged as two one-sided tests. */
  EITHER
}
