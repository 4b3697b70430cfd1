package dev.sluice.analyzer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the benchmarks feed to a judge: metrics of every kind and healthy looks of them, made
 * beforehand, so that only the judge is measured. A tenth of the traffic is the canary's: 600
 * requests of 6000 in a look, 1 percent of them errors.
 */
final class Feed {
  static final Look LOOK = new Look(30, false);

  private static final double CANARY = 600;
  private static final double BASELINE = 5400;
  private static final double ERRORS = 0.01;
  private static final double SMALLEST_EDGE = 0.005;
  private static final double LARGEST_EDGE = 10;

  private final MetricTest test;
  private final List<Observed> looks = new ArrayList<>();
  private int next;

  private Feed(MetricTest test, int looks, Supplier<Observed> source) {
    this.test = test;
    for (int i = 0; i < looks; i++) {
      this.looks.add(source.get());
    }
  }

  /**
   * @param kind counts, countsLimit, mean, value, or histogram and its number of buckets
   * @param looks how many different ones there are; they are repeated
   */
  static Feed of(String kind, int looks, long seed) {
    Telemetry world = new Telemetry(seed);
    Margin tenth = Margin.relative(0.1);
    Margin half = Margin.relative(0.5);
    Direction rise = Direction.HIGHER_IS_WORSE;
    return switch (kind) {
      case "counts" ->
          new Feed(
              new MetricTest.OfCounts(rise, tenth, half),
              looks,
              () -> Observed.Seen.of(world.counts(CANARY, ERRORS), world.counts(BASELINE, ERRORS)));
      case "countsLimit" ->
          new Feed(
              new MetricTest.OfCountsAgainstLimit(rise, 2 * ERRORS),
              looks,
              () -> Observed.Seen.of(world.counts(CANARY, ERRORS), world.counts(BASELINE, ERRORS)));
      case "mean" ->
          new Feed(
              new MetricTest.OfMean(rise, tenth, half),
              looks,
              () -> Observed.Seen.of(world.moments(60, 50, 20), world.moments(540, 50, 20)));
      case "value" ->
          new Feed(
              new MetricTest.OfValue(rise, tenth, half),
              looks,
              () -> Observed.Seen.of(world.value(70, 2), world.value(70, 2)));
      default -> ofHistogram(Integer.parseInt(kind.substring("histogram".length())), looks, world);
    };
  }

  private static Feed ofHistogram(int buckets, int looks, Telemetry world) {
    double[] edges = edges(buckets - 1);
    return new Feed(
        new MetricTest.OfQuantile(0.99, Margin.relative(0.1), Margin.relative(0.2)),
        looks,
        () ->
            Observed.Seen.of(
                world.latency((int) CANARY, 1, 0, 1, edges),
                world.latency((int) BASELINE, 1, 0, 1, edges)));
  }

  private static double[] edges(int count) {
    double[] edges = new double[count];
    double step = Math.log(LARGEST_EDGE / SMALLEST_EDGE) / (count - 1);
    for (int j = 0; j < count; j++) {
      edges[j] = SMALLEST_EDGE * Math.exp(step * j);
    }
    return edges;
  }

  JudgedMetric metric(String id) {
    return new JudgedMetric(id, test, 1);
  }

  Observed.Seen next() {
    Observed look = looks.get(next);
    next = (next + 1) % looks.size();
    return (Observed.Seen) look;
  }
}
