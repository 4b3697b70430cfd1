package dev.sluice.service.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import java.util.Map;
import java.util.TreeMap;

/** Elements of a case as samples; what is missing becomes a named absence. */
final class Elements {
  private Elements() {}

  static Observed look(Case.Type type, JsonNode canary, JsonNode baseline) {
    if (missing(canary) || missing(baseline)) {
      return new Observed.Absent(
          Absence.STALE,
          "The recording has no " + (missing(canary) ? "canary" : "baseline") + " here.");
    }
    Sample c = sample(type, canary);
    Sample b = sample(type, baseline);
    if (c.size() == 0 || b.size() == 0) {
      return new Observed.Absent(
          Absence.NO_TRAFFIC,
          "The " + (c.size() == 0 ? "canary" : "baseline") + " had no traffic here.");
    }
    return Observed.Seen.of(c, b);
  }

  private static boolean missing(JsonNode element) {
    return element.isNull() || element.isMissingNode();
  }

  private static Sample sample(Case.Type type, JsonNode element) {
    return switch (type) {
      case GAUGE -> new Values(number("gauge", element));
      case RATIO ->
          new Counts(
              number("failed", element.path("failed")), number("total", element.path("total")));
      case MEAN -> mean(element);
      case HISTOGRAM -> histogram(element.path("buckets"));
    };
  }

  private static Moments mean(JsonNode element) {
    double count = number("count", element.path("count"));
    return new Moments(count == 0 ? 0 : number("sum", element.path("sum")), count);
  }

  private static Buckets histogram(JsonNode buckets) {
    TreeMap<Double, Double> cumulative = new TreeMap<>();
    buckets
        .properties()
        .forEach(
            e -> cumulative.put(edge(e.getKey()), number("bucket " + e.getKey(), e.getValue())));
    if (!cumulative.containsKey(Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a histogram needs a bucket '+Inf'");
    }
    double[] edges = new double[cumulative.size() - 1];
    double[] counts = new double[cumulative.size()];
    int j = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
      if (bucket.getKey() != Double.POSITIVE_INFINITY) {
        edges[j] = bucket.getKey();
      }
      double upTo = Math.max(below, bucket.getValue());
      counts[j++] = upTo - below;
      below = upTo;
    }
    return new Buckets(edges, counts);
  }

  private static double edge(String le) {
    if (le.equals("+Inf")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return Double.parseDouble(le);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + le + "' is not a bucket edge", e);
    }
  }

  private static double number(String name, JsonNode node) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException(name + " must be a number, was " + node);
    }
    return node.asDouble();
  }
}
