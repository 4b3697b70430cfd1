package dev.sluice.gates.look;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Tolerance;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * From what a plan says of a metric to what the analyzer tests.
 *
 * <p>A tolerance is one line in the sand: worse than it is harm, better than it is safe, and the
 * same margin stands on both sides. Without a tolerance the sides are apart: harm is judged with a
 * narrow margin, safety with a wide one, so that a metric nobody thought about neither blocks for
 * ever nor lets a clear regression through.
 */
final class Tests {
  private static final Margin RATIO_HARM = new Margin(0.10, 0.0005);
  private static final Margin RATIO_SAFE = new Margin(0.50, 0.001);
  private static final Margin LATENCY_HARM = Margin.relative(0.05);
  private static final Margin LATENCY_SAFE = Margin.relative(0.15);
  private static final Margin OTHER_HARM = Margin.relative(0.10);
  private static final Margin OTHER_SAFE = Margin.relative(0.50);

  private Tests() {}

  /** The test against the baseline. */
  static MetricTest againstBaseline(Metric metric) {
    Direction direction = metric.common().worseWhen();
    Optional<Margin> stated = metric.common().tolerance().map(Tests::margin);
    return switch (metric) {
      case Metric.Ratio m ->
          new MetricTest.OfCounts(direction, stated.orElse(RATIO_HARM), stated.orElse(RATIO_SAFE));
      case Metric.Rate m ->
          new MetricTest.OfCounts(direction, stated.orElse(OTHER_HARM), stated.orElse(OTHER_SAFE));
      case Metric.Quantile m ->
          new MetricTest.OfQuantile(
              m.quantile(), stated.orElse(LATENCY_HARM), stated.orElse(LATENCY_SAFE));
      case Metric.Mean m ->
          new MetricTest.OfMean(direction, stated.orElse(OTHER_HARM), stated.orElse(OTHER_SAFE));
      case Metric.Value m ->
          new MetricTest.OfValue(direction, stated.orElse(OTHER_HARM), stated.orElse(OTHER_SAFE));
      case Metric.Pushed m ->
          new MetricTest.OfValue(direction, stated.orElse(OTHER_HARM), stated.orElse(OTHER_SAFE));
    };
  }

  private static Margin margin(Tolerance tolerance) {
    return switch (tolerance) {
      case Tolerance.Relative t -> Margin.relative(t.share());
      case Tolerance.Absolute t -> Margin.absolute(t.amount());
    };
  }

  /** The statistical test against an upper bound, where counts make one possible. */
  static Optional<MetricTest> againstMax(Metric metric) {
    OptionalDouble max = metric.common().limit().map(Limit::max).orElse(OptionalDouble.empty());
    if (max.isEmpty()) {
      return Optional.empty();
    }
    return switch (metric) {
      case Metric.Ratio m ->
          Optional.of(
              new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, max.getAsDouble()));
      case Metric.Rate m ->
          Optional.of(
              new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, max.getAsDouble()));
      case Metric.Quantile m ->
          Optional.of(new MetricTest.OfQuantileAgainstLimit(m.quantile(), max.getAsDouble()));
      case Metric.Mean m -> Optional.empty();
      case Metric.Value m -> Optional.empty();
      case Metric.Pushed m -> Optional.empty();
    };
  }

  /** The statistical test against a lower bound, where counts make one possible. */
  static Optional<MetricTest> againstMin(Metric metric) {
    OptionalDouble min = metric.common().limit().map(Limit::min).orElse(OptionalDouble.empty());
    if (min.isEmpty()) {
      return Optional.empty();
    }
    return switch (metric) {
      case Metric.Ratio m ->
          Optional.of(
              new MetricTest.OfCountsAgainstLimit(Direction.LOWER_IS_WORSE, min.getAsDouble()));
      case Metric.Rate m ->
          Optional.of(
              new MetricTest.OfCountsAgainstLimit(Direction.LOWER_IS_WORSE, min.getAsDouble()));
      case Metric.Quantile m -> Optional.empty();
      case Metric.Mean m -> Optional.empty();
      case Metric.Value m -> Optional.empty();
      case Metric.Pushed m -> Optional.empty();
    };
  }
}
