package dev.sluice.gates.look;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import java.util.List;
import java.util.Map;

/**
 * What came back for one {@link Question}.
 *
 * @param metrics by metric id, one entry for every metric asked
 * @param queries the exact queries with their evaluation times, for the evidence
 */
public record Observations(
    Window window, Map<String, Observed> metrics, Traffic traffic, List<Asked> queries) {
  public Observations {
    metrics = Map.copyOf(metrics);
    queries = List.copyOf(queries);
  }

  /** Requests of the window by cohort. */
  public sealed interface Traffic {

    /**
     * @param canary units on the canary
     * @param rest units elsewhere
     */
    record Seen(double canary, double rest) implements Traffic {}

    /** Asked, but nothing usable came back. */
    record Unknown(Absence why, String detail) implements Traffic {}

    /** The plan does not say what counts as exposure. */
    record NotAsked() implements Traffic {}
  }

  /**
   * One query as it was sent.
   *
   * @param outcome "ok" or the name of the absence
   */
  public record Asked(String metricId, String cohort, String promql, String time, String outcome) {}

  /**
   * Whether the metrics system could not be talked to at all: then the look did not happen and is
   * made up for later.
   */
  public boolean sourceLost() {
    return !metrics.isEmpty()
        && metrics.values().stream()
            .allMatch(o -> o instanceof Observed.Absent a && a.why() == Absence.UNREACHABLE);
  }
}
