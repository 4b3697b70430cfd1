package dev.sluice.gates.look;

import java.util.Optional;

/**
 * What is odd about the data of a look that could be judged all the same.
 *
 * @param metricId the metric it is about; absent where it is about everything a cohort counts
 * @param kind the name of the oddity
 * @param sentence for people: what it is, what it does to the verdicts, and the remedy
 */
public record Remark(Optional<String> metricId, Kind kind, String sentence) {

  /** Which oddity. */
  public enum Kind {
    /** Counters began anew: processes were restarted. */
    RESTARTS,
    /** Samples are missing between others. */
    GAPS,
    /** A series has not moved since it is looked at. */
    CONSTANT
  }

  /** About everything that a cohort counts. */
  public static Remark ofCohort(Kind kind, String sentence) {
    return new Remark(Optional.empty(), kind, sentence);
  }
}
