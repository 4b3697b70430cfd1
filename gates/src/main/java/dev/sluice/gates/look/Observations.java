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
 * @param pods by id of a counted metric, where its pods can be told apart: the baseline pod by pod,
 *     once for each interval the question names, oldest first
 * @param remarks what is odd about what came back
 */
public record Observations(
    Window window,
    Map<String, Observed> metrics,
    Traffic traffic,
    List<Asked> queries,
    Map<String, List<ByPod>> pods,
    List<Remark> remarks) {
  public Observations {
    metrics = Map.copyOf(metrics);
    queries = List.copyOf(queries);
    pods = Map.copyOf(pods);
    remarks = List.copyOf(remarks);
  }

  /** Where nothing is odd. */
  public Observations(
      Window window,
      Map<String, Observed> metrics,
      Traffic traffic,
      List<Asked> queries,
      Map<String, List<ByPod>> pods) {
    this(window, metrics, traffic, queries, pods, List.of());
  }

  /** Where nothing is known of pods, and nothing is odd. */
  public Observations(
      Window window, Map<String, Observed> metrics, Traffic traffic, List<Asked> queries) {
    this(window, metrics, traffic, queries, Map.of(), List.of());
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
   * made up for later. It need not be silent for that: a proxy in front of it, or credentials that
   * have run out, keep what it knows from us just as well.
   */
  public boolean sourceLost() {
    return metrics.isEmpty()
        ? traffic instanceof Traffic.Unknown t && lost(t.why())
        : metrics.values().stream().allMatch(o -> o instanceof Observed.Absent a && lost(a.why()));
  }

  private static boolean lost(Absence why) {
    return switch (why) {
      case UNREACHABLE, UNAUTHORIZED, SOURCE_ERROR, MALFORMED -> true;
      case BAD_QUERY,
          TOO_LARGE,
          TOO_MANY_SERIES,
          PARTIAL,
          NO_SERIES,
          STALE,
          NOT_A_NUMBER,
          NO_TRAFFIC,
          NO_BUCKET,
          NOT_PUSHED ->
          false;
    };
  }
}
