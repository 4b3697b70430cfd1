package dev.sluice.gates.look;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.plan.Metric;
import java.util.function.DoubleFunction;

/**
 * One sentence per check: what it says, with the numbers that show why.
 *
 * <pre>
 *   Error rate is proven worse: 0.31 % on the canary, 0.2 % on the baseline; +0.11 pp (between
 *   +0.05 and +0.17 pp, up to +0.1 pp is accepted; 12,345 and 234,567 seen).
 * </pre>
 */
final class Sentences {
  private final Metric metric;
  private final Check.Kind kind;

  Sentences(Metric metric, Check.Kind kind) {
    this.metric = metric;
    this.kind = kind;
  }

  String of(Verdict verdict, Finding finding) {
    String title = metric.common().title();
    return switch (finding) {
      case Finding.Insufficient f -> title + ": " + f.detail();
      case Finding.Comparison c ->
          switch (verdict) {
            case PASS -> title + passes() + numbers(c) + "." + caveat(c);
            case FAIL -> title + fails() + numbers(c) + "." + caveat(c);
            case INCONCLUSIVE -> title + " is unclear so far: " + numbers(c) + "." + caveat(c);
            case NO_DATA -> title + " has no data in this look.";
          };
    };
  }

  private String caveat(Finding.Comparison c) {
    if (kind != Check.Kind.BASELINE) {
      return "";
    }
    return switch (c.tier()) {
      case ANOTHER_PERIOD ->
          " The baseline is of another time, so the difference may be the clock's.";
      case NOISY ->
          " Pods of the baseline differ among themselves as if some were worse; so much is not held"
              + " against the canary.";
      case EXACT, CALIBRATED, UNCALIBRATED -> "";
    };
  }

  private String passes() {
    return kind == Check.Kind.BASELINE ? " is proven safe: " : " is within its limit: ";
  }

  private String fails() {
    return switch (kind) {
      case BASELINE -> " is proven worse: ";
      case MAX -> " is above its limit: ";
      case MIN -> " is below its limit: ";
    };
  }

  private String numbers(Finding.Comparison c) {
    String canary = value(c.canaryValue()) + " on the canary";
    return switch (kind) {
      case BASELINE ->
          canary
              + ", "
              + value(c.baselineValue())
              + " on the baseline; "
              + effect(c.effect())
              + "; "
              + Numbers.whole(c.canarySize())
              + " and "
              + Numbers.whole(c.baselineSize())
              + " seen)";
      case MAX -> canary + ", at most " + value(c.baselineValue()) + " is allowed";
      case MIN -> canary + ", at least " + value(c.baselineValue()) + " is allowed";
    };
  }

  /** The estimate, its interval and what is accepted; the bracket is left open. */
  private String effect(Effect e) {
    return switch (e.scale()) {
      case RATIO ->
          Numbers.plain(e.estimate())
              + " times the baseline ("
              + between(e, 0, Numbers::plain)
              + accepted(e.margin(), Math.abs(e.margin() - 1), Numbers::plain, Numbers::percent);
      case DIFFERENCE, VALUE ->
          difference(e.estimate())
              + " ("
              + between(e, Double.NEGATIVE_INFINITY, this::difference)
              + accepted(e.margin(), Math.abs(e.margin()), this::difference, this::amount);
    };
  }

  /**
   * @param nothing the lower end that bounds nothing
   */
  private static String between(Effect e, double nothing, DoubleFunction<String> words) {
    boolean below = e.lower() > nothing;
    boolean above = e.upper() < Double.POSITIVE_INFINITY;
    if (below && above) {
      return "between " + words.apply(e.lower()) + " and " + words.apply(e.upper()) + ", ";
    }
    if (below) {
      return "at least " + words.apply(e.lower()) + ", ";
    }
    return above ? "at most " + words.apply(e.upper()) + ", " : "not bounded yet, ";
  }

  private String accepted(
      double margin,
      double distance,
      DoubleFunction<String> words,
      DoubleFunction<String> wordsOfDistance) {
    return switch (direction()) {
      case HIGHER_IS_WORSE -> "up to " + words.apply(margin) + " is accepted";
      case LOWER_IS_WORSE -> "down to " + words.apply(margin) + " is accepted";
      case EITHER -> wordsOfDistance.apply(distance) + " either way is accepted";
    };
  }

  private Direction direction() {
    return metric instanceof Metric.Quantile
        ? Direction.HIGHER_IS_WORSE
        : metric.common().worseWhen();
  }

  private String difference(double v) {
    return (v > 0 && Double.isFinite(v) ? "+" : "") + amount(v);
  }

  /** A distance of two values: two shares are percentage points apart, not percent. */
  private String amount(double v) {
    return metric instanceof Metric.Ratio && Double.isFinite(v)
        ? Numbers.plain(v * 100) + " pp"
        : value(v);
  }

  private String value(double v) {
    if (!Double.isFinite(v)) {
      return Numbers.plain(v);
    }
    return switch (metric) {
      case Metric.Ratio m -> Numbers.percent(v);
      case Metric.Quantile m -> latency(v, m.unit());
      case Metric.Mean m -> Numbers.plain(v);
      case Metric.Rate m -> Numbers.plain(v);
      case Metric.Value m -> Numbers.plain(v);
      case Metric.Pushed m -> Numbers.plain(v);
    };
  }

  private static String latency(double v, Metric.Unit unit) {
    double ms = unit == Metric.Unit.SECONDS ? v * 1000 : v;
    return Math.abs(ms) >= 10_000 ? Numbers.plain(ms / 1000) + " s" : Numbers.plain(ms) + " ms";
  }
}
