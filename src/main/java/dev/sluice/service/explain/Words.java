package dev.sluice.service.explain;

import dev.sluice.analyzer.Margin;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Values of metrics as people read them. */
final class Words {
  private static final MathContext THREE = new MathContext(3);

  private Words() {}

  static String number(double value) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "without bound" : "unknown";
    }
    return Math.abs(value) >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : new BigDecimal(value).round(THREE).stripTrailingZeros().toPlainString();
  }

  static String percent(double share) {
    return number(share * 100) + " %";
  }

  /** A value of the metric itself. */
  static String value(Metric metric, double value) {
    return switch (metric) {
      case Metric.Ratio m -> percent(value);
      case Metric.Quantile m ->
          number(m.unit() == Metric.Unit.SECONDS ? value * 1000 : value) + " ms";
      case Metric.Mean m -> number(value);
      case Metric.Rate m -> number(value);
      case Metric.Value m -> number(value);
      case Metric.Pushed m -> number(value);
    };
  }

  /** A distance of two values. */
  static String distance(Metric metric, double distance) {
    return metric instanceof Metric.Ratio
        ? number(distance * 100) + " points"
        : value(metric, distance);
  }

  static String margin(Metric metric, Margin margin) {
    String relative = percent(margin.relative()) + " of it";
    String absolute = distance(metric, margin.absolute());
    if (margin.absolute() == 0) {
      return relative;
    }
    return margin.relative() == 0 ? absolute : relative + " and " + absolute;
  }

  static String worse(Metric metric) {
    return switch (metric.common().worseWhen()) {
      case HIGHER_IS_WORSE -> "higher";
      case LOWER_IS_WORSE -> "lower";
      case EITHER -> "different";
    };
  }

  static String limit(Metric metric, Limit limit) {
    String max =
        limit.max().isPresent() ? "at most " + value(metric, limit.max().getAsDouble()) : "";
    String min =
        limit.min().isPresent() ? "at least " + value(metric, limit.min().getAsDouble()) : "";
    String both = max.isEmpty() || min.isEmpty() ? max + min : min + " and " + max;
    return "Whatever the baseline does, the canary may have " + both + ".";
  }
}
