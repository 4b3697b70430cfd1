package dev.sluice.analyzer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.SeriesHarm;
import dev.sluice.analyzer.evidence.Tuning;
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

  boolean hasSeries() {
    return metrics().stream().anyMatch(Scenario::isSeries);
  }

  private static boolean isSeries(JudgedMetric metric) {
    return metric.test() instanceof MetricTest.OfMean
        || metric.test() instanceof MetricTest.OfValue;
  }

  /** ln E of every mean and value after some looks, by the reference's procedure for series. */
  Map<String, Double> referenceSeries(int looks) {
    Map<String, Double> logE = new LinkedHashMap<>();
    List<JudgedMetric> metrics = metrics();
    for (int m = 0; m < metrics.size(); m++) {
      if (isSeries(metrics.get(m))) {
        logE.put(metrics.get(m).id(), referenceSeries(metrics.get(m), m, looks));
      }
    }
    return logE;
  }

  private double referenceSeries(JudgedMetric metric, int index, int looks) {
    JsonNode m = file.get("metrics").get(index);
    SeriesJudge judge = (SeriesJudge) MetricJudge.of(metric, settings());
    Pairing pairing;
    Margin margin;
    Direction direction;
    if (metric.test() instanceof MetricTest.OfMean mean) {
      pairing = PairedMeans.forSafety(mean);
      margin = mean.harm();
      direction = mean.direction();
    } else {
      MetricTest.OfValue value = (MetricTest.OfValue) metric.test();
      pairing = new PairedValues();
      margin = value.harm();
      direction = value.direction();
    }
    Bound line =
        Bound.ofMargin(
            MetricJudge.sides(direction).getFirst(), margin.relative(), margin.absolute());
    SeriesHarm harm =
        new SeriesHarm(Tuning.ofReference(settings().falseAlarm(), settings().horizonSeconds()));
    double[] history = Vectors.numbers(m.path("history"));
    harm.model().learn(java.util.Arrays.stream(history).map(d -> d * line.side().sign()).toArray());
    boolean newStep = false;
    for (int i = 0; i < looks; i++) {
      newStep |= look(i).newStep();
      Optional<Pairing.Pair> pair =
          seen(m, i)
              .flatMap(
                  s ->
                      pairing.take(
                          judge, s.canary(), s.baseline().orElseThrow(), look(0).seconds()));
      if (pair.isPresent()) {
        harm.update(pair.get().excess(line), pair.get().seconds(), newStep);
        newStep = false;
      }
    }
    return harm.logE();
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
