package dev.sluice.service.plan;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.service.plan.yaml.Field;
import java.util.Optional;

/** Reads one metric. What the schema has refused already reads as absent. */
final class MetricReader {
  private final Queries queries;

  MetricReader(Queries queries) {
    this.queries = queries;
  }

  Optional<Metric> read(Field field) {
    Optional<Metric.Common> common = common(field);
    return switch (field.at("type").text().orElse("")) {
      case "ratio" -> two(common, field, "bad", "total", Metric.Ratio::new);
      case "mean" -> two(common, field, "sum", "per", Metric.Mean::new);
      case "rate" -> two(common, field, "sum", "per", Metric.Rate::new);
      case "quantile" -> quantile(common, field);
      case "value" -> value(common, field);
      case "pushed" -> pushed(common, field);
      default -> Optional.empty();
    };
  }

  private interface OfTwo {
    Metric make(Metric.Common common, String first, String second);
  }

  private Optional<Metric> two(
      Optional<Metric.Common> common, Field field, String first, String second, OfTwo make) {
    Optional<String> one = queries.counter(field.at(first));
    Optional<String> other = queries.counter(field.at(second));
    return common.isEmpty() || one.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(make.make(common.get(), one.get(), other.get()));
  }

  private Optional<Metric> quantile(Optional<Metric.Common> common, Field field) {
    onlyHigherIsWorse(field);
    Optional<String> histogram = queries.histogram(field.at("histogram"));
    double quantile = field.at("quantile").number().orElse(0);
    return common.isEmpty() || histogram.isEmpty() || !(quantile > 0 && quantile < 1)
        ? Optional.empty()
        : Optional.of(new Metric.Quantile(common.get(), histogram.get(), quantile, unit(field)));
  }

  /** The tests know latencies, and those are worse when they are higher. */
  private static void onlyHigherIsWorse(Field field) {
    Field worse = field.at("worseWhen");
    if (worse.text().filter(w -> w.equals("lower") || w.equals("different")).isPresent()) {
      worse.problem(
          "a quantile is judged as a latency, which is worse when it is higher", "write higher");
    }
    Field min = field.at("limit").at("min");
    if (min.given()) {
      min.problemOfKey("a quantile has no lower limit", "use max, or a metric of type value");
    }
  }

  private static Metric.Unit unit(Field field) {
    return field.at("unit").text().filter("ms"::equals).isPresent()
        ? Metric.Unit.MILLISECONDS
        : Metric.Unit.SECONDS;
  }

  private Optional<Metric> value(Optional<Metric.Common> common, Field field) {
    Optional<String> query = queries.expression(field.at("query"));
    return common.isEmpty() || query.isEmpty()
        ? Optional.empty()
        : Optional.of(new Metric.Value(common.get(), query.get()));
  }

  private static Optional<Metric> pushed(Optional<Metric.Common> common, Field field) {
    Optional<String> from = field.at("from").text();
    return common.isEmpty() || from.isEmpty()
        ? Optional.empty()
        : Optional.of(new Metric.Pushed(common.get(), from.get(), field.at("field").text()));
  }

  private static Optional<Metric.Common> common(Field field) {
    Optional<String> id = field.at("id").text();
    Optional<Direction> worse = field.at("worseWhen").text().flatMap(MetricReader::direction);
    Optional<Metric.Role> role = field.at("role").oneOf(Metric.Role.class);
    Bounds bounds = new Bounds(field.at("type").text().orElse(""), unit(field));
    Optional<Tolerance> tolerance =
        bounds.tolerance(field.at("tolerance"), worse.orElse(Direction.HIGHER_IS_WORSE));
    Optional<Limit> limit = bounds.limit(field.at("limit"));
    if (id.isEmpty() || worse.isEmpty() || role.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Metric.Common(
            id.get(),
            field.at("title").text().orElse(id.get()),
            worse.get(),
            role.get(),
            tolerance,
            limit,
            field.at("minSamples").whole(),
            field.at("onNoData").oneOf(Metric.OnNoData.class).orElse(Metric.OnNoData.HOLD)));
  }

  private static Optional<Direction> direction(String word) {
    return switch (word) {
      case "higher" -> Optional.of(Direction.HIGHER_IS_WORSE);
      case "lower" -> Optional.of(Direction.LOWER_IS_WORSE);
      case "different" -> Optional.of(Direction.EITHER);
      default -> Optional.empty();
    };
  }
}
