package dev.sluice.analyzer.kayenta;

import dev.sluice.analyzer.kayenta.Classified.Classification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One number over all metrics of an analysis.
 *
 * @param value 0 to the sum of the weights, which is 100 where they are right
 * @param groups score of each group, 0 to 100
 * @param reason why the value was set to 0 against the arithmetic; empty otherwise
 */
public record Score(double value, Map<String, Double> groups, String reason) {
  public Score {
    groups = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /** What a score means. */
  public enum Meaning {
    PASS,
    MARGINAL,
    FAIL
  }

  /** A classified metric in its group. */
  public record Judged(String group, Classification classification, boolean critical) {}

  /**
   * Adds the groups up. A group scores its share of passes among the metrics that had data; one
   * without any scores 100. Groups without a weight share what is left of 100. A critical failure,
   * or half of all metrics without data, makes it 0.
   *
   * @param weights by group, in percent
   */
  public static Score of(List<Judged> metrics, Map<String, Double> weights) {
    Map<String, List<Judged>> byGroup =
        metrics.stream()
            .collect(Collectors.groupingBy(Judged::group, LinkedHashMap::new, Collectors.toList()));
    Map<String, Double> groups = new LinkedHashMap<>();
    byGroup.forEach((name, members) -> groups.put(name, ofGroup(members)));
    if (metrics.stream().anyMatch(Score::failsEverything)) {
      return new Score(0, groups, "A critical metric failed.");
    }
    long blind = metrics.stream().filter(m -> m.classification() == Classification.NODATA).count();
    if (!metrics.isEmpty() && 2 * blind >= metrics.size()) {
      return new Score(0, groups, "At least half of the metrics had no data.");
    }
    double given = groups.keySet().stream().mapToDouble(g -> weights.getOrDefault(g, 0.0)).sum();
    long without = groups.keySet().stream().filter(g -> !weights.containsKey(g)).count();
    double rest = without == 0 ? 0 : Math.max(0, 100 - given) / without;
    double value = 0;
    for (Map.Entry<String, Double> group : groups.entrySet()) {
      value += group.getValue() * weights.getOrDefault(group.getKey(), rest) / 100;
    }
    return new Score(value, groups, "");
  }

  /**
   * @param marginal at least this is Marginal
   * @param pass at least this is Pass
   */
  public Meaning meaning(double marginal, double pass) {
    return value >= pass ? Meaning.PASS : value >= marginal ? Meaning.MARGINAL : Meaning.FAIL;
  }

  private static boolean failsEverything(Judged metric) {
    return metric.critical() && metric.classification() != Classification.PASS;
  }

  private static double ofGroup(List<Judged> members) {
    double passed = members.stream().filter(m -> m.classification() == Classification.PASS).count();
    double counted =
        members.stream().filter(m -> m.classification() != Classification.NODATA).count();
    return counted == 0 ? 100 : passed / counted * 100;
  }
}
