package dev.sluice.gates.look;

import java.util.List;
import java.util.Optional;

/**
 * What the verdicts of a look stand on besides the looks themselves.
 *
 * @param lessons what the time before the start taught, in the order of the plan's metrics
 * @param controls comparisons that must find nothing, one for each metric whose pods can be told
 *     apart
 * @param remarks what is odd about the data of this look; absent where that is nothing
 */
public record Footing(
    List<Lesson> lessons, List<Control> controls, Optional<List<Remark>> remarks) {
  public Footing {
    lessons = List.copyOf(lessons);
    controls = List.copyOf(controls);
    remarks = remarks.filter(r -> !r.isEmpty()).map(List::copyOf);
  }

  public List<Remark> allRemarks() {
    return remarks.orElse(List.of());
  }

  boolean empty() {
    return lessons.isEmpty() && controls.isEmpty() && remarks.isEmpty();
  }

  /**
   * A few pods of the baseline against the rest of them.
   *
   * @param alarmed whether they were told apart as if some were worse: then the noise is larger
   *     than measured, and so much evidence is not held against the canary. Stays true
   * @param logLargest natural logarithm of the largest e-value so far
   * @param sentence to stand behind the metric's title
   */
  public record Control(String metricId, boolean alarmed, double logLargest, String sentence) {
    static Control of(String metricId, boolean alarmed, double logLargest) {
      return new Control(
          metricId,
          alarmed,
          logLargest,
          alarmed
              ? "pods of the baseline differ among themselves as if some of them were worse. So"
                  + " much is not held against the canary: a real regression shows later. Is one"
                  + " of these pods ill?"
              : "pods of the baseline do not differ more than was measured.");
    }
  }
}
