package dev.sluice.service.scenarios;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Pods;
import dev.sluice.analyzer.Values;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Reads one metric of a scenario, and what was seen of it. */
final class SeriesReader {
  private static final int MOST_BUCKETS = 10_000;
  private static final int MOST_PODS = 10_000;

  private final Field metric;
  private final Field data;
  private final int mostIntervals;

  /**
   * @param data what was seen of this metric
   */
  SeriesReader(Field metric, Field data, int mostIntervals) {
    this.metric = metric;
    this.data = data;
    this.mostIntervals = mostIntervals;
  }

  /**
   * @throws Field.Wrong if it cannot be used
   */
  Scenario.Series read() {
    double weight = metric.at("weight").numberOr(1);
    if (!(weight > 0)) {
      throw metric.at("weight").wrong("a number above 0");
    }
    try {
      return switch (metric.at("type").textOr("")) {
        case "rate" -> rate(weight);
        case "histogram" -> histogram(weight);
        case "mean" -> mean(weight);
        case "gauge" -> gauge(weight);
        default -> throw metric.at("type").wrong("rate, histogram, mean or gauge");
      };
    } catch (IllegalArgumentException e) {
      throw new Field.Wrong(data.path() + ": " + e.getMessage());
    }
  }

  private Scenario.Series rate(double weight) {
    Margin harm = margin("rho", "absolute");
    boolean gating = metric.has("rhoSafe");
    Margin safe = gating ? margin("rhoSafe", "absoluteSafe") : harm;
    List<Observed> looks = new ArrayList<>();
    for (double[] row : columns("xc", "nc", "xb", "nb")) {
      looks.add(
          row.length == 0
              ? absent()
              : Observed.Seen.of(new Counts(row[0], row[1]), new Counts(row[2], row[3])));
    }
    Scenario.Learned learned =
        data.has("profile")
            ? new Scenario.Learned.Noise(new DispersionProfile(data.at("profile").numbers(64)))
            : new Scenario.Learned.Nothing();
    return new Scenario.Series(
        metric(new MetricTest.OfCounts(direction(), harm, safe), weight),
        gating,
        learned,
        looks,
        pods(looks.size()));
  }

  private List<Optional<Pods>> pods(int intervals) {
    if (!data.has("podsB")) {
      return List.of();
    }
    Field x = data.at("podsB").at("x");
    Field n = data.at("podsB").at("n");
    sameLength(x, intervals);
    sameLength(n, intervals);
    double ratio = metric.at("podExposureRatio").numberOr(1);
    if (!(ratio > 0)) {
      throw metric.at("podExposureRatio").wrong("a number above 0");
    }
    List<Optional<Pods>> pods = new ArrayList<>(intervals);
    for (int i = 0; i < intervals; i++) {
      pods.add(
          x.at(i).node().isNull() || n.at(i).node().isNull()
              ? Optional.empty()
              : Optional.of(new Pods(counts(x.at(i), n.at(i)), ratio)));
    }
    return pods;
  }

  private static List<Counts> counts(Field events, Field exposures) {
    double[] x = events.counts(MOST_PODS);
    double[] n = exposures.counts(MOST_PODS);
    if (x.length != n.length) {
      throw exposures.wrong("a list of " + x.length + " numbers, one for each pod");
    }
    List<Counts> counts = new ArrayList<>(x.length);
    for (int j = 0; j < x.length; j++) {
      counts.add(new Counts(x[j], n[j]));
    }
    return counts;
  }

  private Scenario.Series histogram(double weight) {
    double[] edges = metric.at("edges").numbers(MOST_BUCKETS);
    Field c = data.at("c");
    Field b = data.at("b");
    int intervals = c.list(mostIntervals).size();
    sameLength(b, intervals);
    List<Observed> looks = new ArrayList<>(intervals);
    for (int i = 0; i < intervals; i++) {
      boolean missing = c.at(i).node().isNull() || b.at(i).node().isNull();
      looks.add(
          missing
              ? absent()
              : Observed.Seen.of(
                  new Buckets(edges, c.at(i).counts(MOST_BUCKETS)),
                  new Buckets(edges, b.at(i).counts(MOST_BUCKETS))));
    }
    double delta = metric.at("delta").numberOr(0);
    double quantile = metric.at("quantile").numberOr(0.99);
    if (!(delta >= 0)) {
      throw metric.at("delta").wrong("a slow-down of at least 0");
    }
    Margin slower = Margin.relative(delta);
    double[] history = history();
    return new Scenario.Series(
        metric(new MetricTest.OfQuantile(quantile, slower, slower), weight),
        false,
        history.length == 0
            ? new Scenario.Learned.Nothing()
            : new Scenario.Learned.Shape(new Buckets(edges, history)),
        looks,
        List.of());
  }

  private Scenario.Series mean(double weight) {
    double block = metric.at("block").numberOr(1);
    if (!(block >= 1 && block <= mostIntervals && block == Math.rint(block))) {
      throw metric.at("block").wrong("a whole number of intervals, at least 1");
    }
    Margin harm = margin("rho", "absolute");
    List<Observed> looks = new ArrayList<>();
    for (double[] row : columns("sc", "nc", "sb", "nb")) {
      looks.add(
          row.length == 0
              ? absent()
              : Observed.Seen.of(new Moments(row[0], row[1]), new Moments(row[2], row[3])));
    }
    return series(new MetricTest.OfMean(direction(), harm, harm, (int) block), weight, looks);
  }

  private Scenario.Series gauge(double weight) {
    Margin harm = margin("rho", "absolute");
    List<Observed> looks = new ArrayList<>();
    for (double[] row : columns("c", "b")) {
      looks.add(
          row.length == 0 ? absent() : Observed.Seen.of(new Values(row[0]), new Values(row[1])));
    }
    return series(new MetricTest.OfValue(direction(), harm, harm), weight, looks);
  }

  private Scenario.Series series(MetricTest test, double weight, List<Observed> looks) {
    List<Double> history = DoubleStream.of(history()).boxed().toList();
    return new Scenario.Series(
        metric(test, weight),
        false,
        history.isEmpty()
            ? new Scenario.Learned.Nothing()
            : new Scenario.Learned.Differences(history),
        looks,
        List.of());
  }

  private double[] history() {
    return metric.has("history") ? metric.at("history").numbers(mostIntervals) : new double[0];
  }

  private JudgedMetric metric(MetricTest test, double weight) {
    return new JudgedMetric(metric.at("name").text(), test, weight);
  }

  private Direction direction() {
    return switch (metric.at("direction").textOr("increase")) {
      case "increase" -> Direction.HIGHER_IS_WORSE;
      case "decrease" -> Direction.LOWER_IS_WORSE;
      default -> throw metric.at("direction").wrong("increase or decrease");
    };
  }

  /** The reference writes the accepted ratio, a margin is how far it lies from 1. */
  private Margin margin(String ratio, String absolute) {
    double rho = metric.at(ratio).numberOr(1);
    double shift = metric.at(absolute).numberOr(0);
    boolean rises = direction() == Direction.HIGHER_IS_WORSE;
    if (rises ? rho < 1 : !(rho > 0 && rho <= 1)) {
      throw metric
          .at(ratio)
          .wrong(
              rises
                  ? "at least 1 where an increase is worse"
                  : "above 0 and at most 1 where a decrease is worse");
    }
    if (shift < 0) {
      throw metric.at(absolute).wrong("at least 0");
    }
    return new Margin(rises ? rho - 1 : 1 - rho, shift);
  }

  /** Rows of parallel lists; an empty row where something is missing in one of them. */
  private List<double[]> columns(String... names) {
    int intervals = data.at(names[0]).list(mostIntervals).size();
    for (String name : names) {
      sameLength(data.at(name), intervals);
    }
    List<double[]> rows = new ArrayList<>(intervals);
    for (int i = 0; i < intervals; i++) {
      rows.add(row(i, names));
    }
    return rows;
  }

  private double[] row(int interval, String... names) {
    double[] row = new double[names.length];
    boolean whole = true;
    for (int k = 0; k < names.length; k++) {
      Optional<Double> reading = data.at(names[k]).at(interval).reading();
      row[k] = reading.orElse(0.0);
      whole &= reading.isPresent();
    }
    return whole ? row : new double[0];
  }

  private void sameLength(Field column, int intervals) {
    int length = column.list(mostIntervals).size();
    if (length != intervals) {
      throw new Field.Wrong(
          "%s has %d intervals, the lists before it have %d; all of a metric need as many"
              .formatted(column.path(), length, intervals));
    }
  }

  private static Observed absent() {
    return new Observed.Absent(Absence.STALE, "The scenario has nothing usable here.");
  }
}
