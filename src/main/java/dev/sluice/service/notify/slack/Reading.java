package dev.sluice.service.notify.slack;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.gates.plan.Metric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** The numbers of one metric as people read them: three digits that matter, and the unit. */
final class Reading {
  private static final int DIGITS = 3;
  private static final double LARGE = 1e9;
  private static final double SMALL = 1e-4;

  /** From here on "+900 %" is harder to read than "x 10". */
  private static final double LARGE_FACTOR = 10;

  private static final double SECONDS_FROM_MS = 10_000;
  private static final String MINUS = "−";

  private final Metric metric;

  Reading(Metric metric) {
    this.metric = metric;
  }

  /** "0.61 %", "182 ms", "3.2". */
  String value(double v) {
    return switch (metric) {
      case Metric.Ratio m -> number(v * 100) + " %";
      case Metric.Quantile m -> latency(v, m.unit(), "");
      case Metric.Mean m -> number(v);
      case Metric.Rate m -> number(v);
      case Metric.Value m -> number(v);
      case Metric.Pushed m -> number(v);
    };
  }

  /** How far the canary lies from the baseline: "+14 %", "−0.42 pp", "+12 ms". */
  String change(Effect.Scale scale, double v) {
    return switch (scale) {
      case VALUE -> value(v);
      case RATIO -> v < LARGE_FACTOR ? signed((v - 1) * 100) + " %" : "×" + number(v);
      case DIFFERENCE ->
          switch (metric) {
            case Metric.Ratio m -> signed(v * 100) + " pp";
            case Metric.Quantile m -> latency(v, m.unit(), "+");
            case Metric.Mean m -> signed(v);
            case Metric.Rate m -> signed(v);
            case Metric.Value m -> signed(v);
            case Metric.Pushed m -> signed(v);
          };
    };
  }

  /** "+8 % to +21 %"; an end that nothing bounds yet is said in words. */
  String interval(Effect effect) {
    boolean below = bounded(effect, effect.lower());
    boolean above = bounded(effect, effect.upper());
    String lower = below ? change(effect.scale(), effect.lower()) : "";
    String upper = above ? change(effect.scale(), effect.upper()) : "";
    if (below && above) {
      return withoutUnitOf(upper, lower) + " to " + upper;
    }
    return below ? lower + " or more" : above ? upper + " or less" : "not bounded yet";
  }

  /** "+0.21" for "+0.21 pp" where the other end says "pp" too. */
  private static String withoutUnitOf(String other, String value) {
    int space = other.indexOf(' ');
    return space > 0 && value.endsWith(other.substring(space))
        ? value.substring(0, value.length() - (other.length() - space))
        : value;
  }

  /** Nothing is below a ratio of nought: as a bound it says nothing. */
  private static boolean bounded(Effect effect, double end) {
    return Double.isFinite(end) && !(effect.scale() == Effect.Scale.RATIO && end <= 0);
  }

  /** "accepted up to +10 %". */
  String accepted(Effect effect) {
    String margin = change(effect.scale(), effect.margin());
    Direction direction = metric.common().worseWhen();
    return switch (direction) {
      case HIGHER_IS_WORSE -> "accepted up to " + margin;
      case LOWER_IS_WORSE -> "accepted down to " + margin;
      case EITHER -> "accepted ±" + margin.replaceFirst("^[+−]", "");
    };
  }

  static String count(double units) {
    return Double.isFinite(units) ? String.format(Locale.ROOT, "%,d", Math.round(units)) : "?";
  }

  private static String latency(double v, Metric.Unit unit, String plus) {
    double ms = unit == Metric.Unit.SECONDS ? v * 1000 : v;
    String sign = ms >= 0 ? plus : "";
    return sign + (Math.abs(ms) >= SECONDS_FROM_MS ? number(ms / 1000) + " s" : number(ms) + " ms");
  }

  private static String signed(double v) {
    String text = number(v);
    return v >= 0 && Double.isFinite(v) ? "+" + text : text;
  }

  static String number(double v) {
    if (!Double.isFinite(v)) {
      return "?";
    }
    double size = Math.abs(v);
    if (size != 0 && (size < SMALL || size >= LARGE)) {
      return String.format(Locale.ROOT, "%.2e", v).replace("-", MINUS);
    }
    BigDecimal exact = BigDecimal.valueOf(v);
    BigDecimal rounded =
        size >= 100
            ? exact.setScale(0, java.math.RoundingMode.HALF_EVEN)
            : exact.round(new MathContext(DIGITS));
    int decimals = Math.max(0, rounded.stripTrailingZeros().scale());
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded).replace("-", MINUS);
  }
}
