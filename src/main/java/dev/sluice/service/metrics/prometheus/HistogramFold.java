package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.service.metrics.prometheus.Gains.Gain;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Puts the increases of many cumulative buckets together to one histogram.
 *
 * <p>Series are added at the edges they all have: at another edge the sum would hold some of them
 * and not the others. Scrapes are not atomic, so a cumulative count may lie below the one before
 * it; then it is raised to that one (the running maximum).
 */
final class HistogramFold {
  private HistogramFold() {}

  static Got<Buckets> fold(List<Gain> gains, String selector) {
    Map<Map<String, String>, Map<Double, Double>> histograms = new HashMap<>();
    for (Gain gain : gains) {
      double edge = edge(gain.labels().getOrDefault(Labels.LE, ""));
      if (Double.isNaN(edge)) {
        return missing(
            selector
                + " has a series whose le is no number: "
                + Trouble.shown(Labels.shown(gain.labels()))
                + ". Is it a histogram?");
      }
      histograms
          .computeIfAbsent(Labels.without(gain.labels(), Labels.LE), l -> new HashMap<>())
          .merge(edge, gain.amount(), Double::sum);
    }
    for (Map.Entry<Map<String, String>, Map<Double, Double>> h : histograms.entrySet()) {
      if (!h.getValue().containsKey(Double.POSITIVE_INFINITY)) {
        return missing(
            "The histogram "
                + Trouble.shown(Labels.shown(h.getKey()))
                + " has no bucket le=\"+Inf\", so nobody can tell how many values it holds. Is it"
                + " dropped on the way?");
      }
    }
    return sum(histograms.values(), selector);
  }

  private static Got<Buckets> missing(String detail) {
    return new Got.Missing<>(new Trouble(Absence.NO_BUCKET, detail));
  }

  private static double edge(String le) {
    try {
      return switch (le) {
        case "+Inf", "Inf", "inf", "+inf" -> Double.POSITIVE_INFINITY;
        // Adding nothing turns -0 into 0, of which there is only one as an edge.
        default -> Double.parseDouble(le) + 0.0;
      };
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static Got<Buckets> sum(Collection<Map<Double, Double>> histograms, String selector) {
    TreeSet<Double> common = new TreeSet<>();
    histograms.stream().limit(1).forEach(h -> common.addAll(h.keySet()));
    histograms.forEach(h -> common.retainAll(h.keySet()));
    double[] edges =
        common.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray();
    if (edges.length == 0) {
      return missing(
          "The series of "
              + selector
              + " have no bucket edge in common, so they cannot be added. Give all of them the same"
              + " buckets.");
    }
    double[] counts = new double[edges.length + 1];
    double highest = 0;
    int j = 0;
    for (double edge : common) {
      double cumulative =
          histograms.stream().mapToDouble(h -> h.getOrDefault(edge, 0.0)).sorted().sum();
      double raised = Math.max(highest, cumulative);
      if (edge > Double.NEGATIVE_INFINITY) {
        counts[j++] = raised - highest;
      }
      highest = raised;
    }
    return new Got.Ok<>(new Buckets(edges, counts));
  }
}
