package dev.sluice.gates.look;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.plan.Metric;
import java.util.Optional;

/**
 * One condition of a step and what it says after a look.
 *
 * @param id metric id, with ".max" or ".min" behind it for a limit
 * @param metricId the metric it belongs to
 * @param title for people
 * @param kind against the baseline, or against a fixed bound
 * @param sentence why, in words a tired person understands, with the numbers
 * @param finding the numbers
 * @param enough whether there is a comparison at all and the canary has the plan's least number of
 *     samples
 * @param absentLooks how many looks in a row had no data; 0 when this one had
 * @param ahead how much longer until it is proven safe, and at which traffic; for comparisons with
 *     a baseline
 */
public record Check(
    String id,
    String metricId,
    String title,
    Metric.Role role,
    Kind kind,
    Verdict verdict,
    String sentence,
    Finding finding,
    boolean enough,
    long absentLooks,
    Optional<Ahead> ahead) {

  /** Without a word on what is to come. */
  public Check(
      String id,
      String metricId,
      String title,
      Metric.Role role,
      Kind kind,
      Verdict verdict,
      String sentence,
      Finding finding,
      boolean enough,
      long absentLooks) {
    this(
        id,
        metricId,
        title,
        role,
        kind,
        verdict,
        sentence,
        finding,
        enough,
        absentLooks,
        Optional.empty());
  }

  /** What the canary is held against. */
  public enum Kind {
    BASELINE,
    MAX,
    MIN
  }
}
