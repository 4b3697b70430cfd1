package dev.sluice.analyzer;

/**
 * Why there is nothing to compare. Absence is a value: it never promotes, and by itself it never
 * rolls back.
 */
public enum Absence {
  /** The metrics system did not answer, or not in time. */
  UNREACHABLE,
  /** It refused the credentials. */
  UNAUTHORIZED,
  /** It refused the query: a mistake in the plan. */
  BAD_QUERY,
  /** It answered with an error of its own (5xx, execution, time-out inside). */
  SOURCE_ERROR,
  /** The answer broke off or is not what the protocol promises. */
  MALFORMED,
  /** The answer was larger than the bound. */
  TOO_LARGE,
  /** More series matched than the bound allows. */
  TOO_MANY_SERIES,
  /** The metrics system said that its answer is partial. */
  PARTIAL,
  /** No series matched at all. */
  NO_SERIES,
  /** Series exist, but have no fresh samples in the window. */
  STALE,
  /** The value is not a number, or infinite. */
  NOT_A_NUMBER,
  /** The cohort had no traffic in the window. */
  NO_TRAFFIC,
  /** The histogram has no bucket edge that could show the quantile, or cohorts share no edges. */
  NO_BUCKET,
  /** Nobody pushed an observation. */
  NOT_PUSHED
}
