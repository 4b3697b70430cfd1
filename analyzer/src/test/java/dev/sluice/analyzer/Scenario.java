package dev.sluice.analyzer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A scenario file of the reference implementation, as looks for a judge. */
final class Scenario {
  private final JsonNode file;

  Scenario(JsonNode file) {
    this.file = file;
  }

  String id() {
    return file.get("id").asText();
  }

  JudgeSettings settings() {
    return new JudgeSettings(
        file.get("alphaHarm").asDouble(),
        file.get("alphaSafe").asDouble(),
        86_400,
        file.get("confirm").asInt(),
        true,
        1);
  }

  List<JudgedMetric> metrics() {
    List<JudgedMetric> metrics = new ArrayList<>();
    for (JsonNode m : file.get("metrics")) {
      metrics.add(new JudgedMetric(name(m), test(m), m.path("weight").asDouble(1)));
    }
    return metrics;
  }

  private static String name(JsonNode metric) {
    return metric.get("name").asText();
  }

  private static MetricTest test(JsonNode m) {
    Direction direction =
        m.path("direction").asText("increase").equals("increase")
            ? Direction.HIGHER_IS_WORSE
            : Direction.LOWER_IS_WORSE;
    Margin harm = margin(m, "rho", "absolute");
    Margin safe = m.has("rhoSafe") ? margin(m, "rhoSafe", "absoluteSafe") : harm;
    return switch (m.get("type").asText()) {
      case "rate" -> new MetricTest.OfCounts(direction, harm, safe);
      case "histogram" -> {
        Margin delta = Margin.relative(m.path("delta").asDouble(0));
        yield new MetricTest.OfQuantile(m.path("quantile").asDouble(0.99), delta, delta);
      }
      case "mean" -> new MetricTest.OfMean(direction, harm, safe, m.path("block").asInt(1));
      case "gauge" -> new MetricTest.OfValue(direction, harm, safe);
      default -> throw new IllegalArgumentException(m.toString());
    };
  }

  private static Margin margin(JsonNode m, String rho, String absolute) {
    return new Margin(Math.abs(m.path(rho).asDouble(1) - 1), m.path(absolute).asDouble(0));
  }

  /** Metrics that must be safe for the whole to be safe. */
  List<String> gating() {
    List<String> ids = new ArrayList<>();
    for (JsonNode m : file.get("metrics")) {
      if (m.has("rhoSafe")) {
        ids.add(name(m));
      }
    }
    return ids;
  }

  Judge start() {
    Judge judge = Judge.start(settings(), metrics());
    for (JsonNode m : file.get("metrics")) {
      JsonNode data = data(m);
      if (data.has("profile")) {
        judge.calibrate(name(m), new DispersionProfile(Vectors.numbers(data.get("profile"))));
      }
      if (m.path("history").isEmpty()) {
        continue;
      }
      double[] history = Vectors.numbers(m.get("history"));
      if (m.get("type").asText().equals("histogram")) {
        judge.learn(name(m), new Buckets(Vectors.numbers(m.get("edges")), history));
      } else {
        judge.learnDifferences(name(m), history);
      }
    }
    return judge;
  }

  private JsonNode data(JsonNode metric) {
    return file.get("data").get(name(metric));
  }

  int looks() {
    JsonNode first = data(file.get("metrics").get(0));
    return first.elements().next().size();
  }

  Look look(int i) {
    boolean begins =
        IntStream.range(0, file.get("steps").size())
            .anyMatch(s -> file.get("steps").get(s).asInt() == i);
    return new Look(file.get("intervalSeconds").asDouble(), begins);
  }

  Map<String, Observed> observed(int i) {
    Map<String, Observed> observed = new LinkedHashMap<>();
    for (JsonNode m : file.get("metrics")) {
      observed.put(
          name(m),
          seen(m, i)
              .<Observed>map(s -> s)
              .orElse(new Observed.Absent(Absence.NO_SERIES, "null in the scenario")));
    }
    return observed;
  }

  private Optional<Observed.Seen> seen(JsonNode m, int i) {
    JsonNode d = data(m);
    return switch (m.get("type").asText()) {
      case "rate" ->
          row(d, i, "xc", "nc", "xb", "nb")
              .map(v -> Observed.Seen.of(new Counts(v[0], v[1]), new Counts(v[2], v[3])));
      case "mean" ->
          row(d, i, "sc", "nc", "sb", "nb")
              .map(v -> Observed.Seen.of(new Moments(v[0], v[1]), new Moments(v[2], v[3])));
      case "gauge" ->
          row(d, i, "c", "b").map(v -> Observed.Seen.of(new Values(v[0]), new Values(v[1])));
      case "histogram" -> histograms(m, d, i);
      default -> throw new IllegalArgumentException(m.toString());
    };
  }

  private static Optional<Observed.Seen> histograms(JsonNode m, JsonNode d, int i) {
    if (d.get("c").get(i).isNull() || d.get("b").get(i).isNull()) {
      return Optional.empty();
    }
    double[] edges = Vectors.numbers(m.get("edges"));
    return Optional.of(
        Observed.Seen.of(
            new Buckets(edges, Vectors.numbers(d.get("c").get(i))),
            new Buckets(edges, Vectors.numbers(d.get("b").get(i)))));
  }

  private static Optional<double[]> row(JsonNode d, int i, String... columns) {
    double[] row = new double[columns.length];
    for (int k = 0; k < row.length; k++) {
      if (d.get(columns[k]).get(i).isNull()) {
        return Optional.empty();
      }
      row[k] = d.get(columns[k]).get(i).asDouble();
    }
    return Optional.of(row);
  }

  Map<String, Pods> pods(int i) {
    Map<String, Pods> pods = new LinkedHashMap<>();
    for (JsonNode m : file.get("metrics")) {
      JsonNode p = data(m).path("podsB");
      if (p.has("x")) {
        pods.put(name(m), new Pods(counts(p, i), m.path("podExposureRatio").asDouble(1)));
      }
    }
    return pods;
  }

  private static List<Counts> counts(JsonNode p, int i) {
    double[] x = Vectors.numbers(p.get("x").get(i));
    double[] n = Vectors.numbers(p.get("n").get(i));
    return IntStream.range(0, x.length).mapToObj(j -> new Counts(x[j], n[j])).toList();
  }
}
