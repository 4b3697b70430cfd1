package dev.sluice.gates.look;

/**
 * What one check says. Three answers and the lack of one; inconclusive and no-data are verdicts,
 * not errors.
 */
public enum Verdict {
  /** Proven no worse than its margin allows. */
  PASS,
  /** Proven worse. */
  FAIL,
  /** Neither, so far. */
  INCONCLUSIVE,
  /** Nothing to judge in this look. */
  NO_DATA
}
