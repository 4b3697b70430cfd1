package dev.sluice.gates.look;

import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.plan.Metric;

/** One sentence per check: what it says, with the numbers that show why. */
final class Sentences {
  private final Metric metric;
  private final Check.Kind kind;

  Sentences(Metric metric, Check.Kind kind) {
    this.metric = metric;
    this.kind = kind;
  }

  String of(Verdict verdict, Finding finding) {
    return switch (finding) {
      case Finding.Insufficient f -> title() + ": " + f.detail();
      case Finding.Comparison c ->
          switch (verdict) {
            case PASS ->
                title()
                    + (kind == Check.Kind.BASELINE ? " is proven safe: " : " is within its limit: ")
                    + numbers(c)
                    + ".";
            case FAIL ->
                title()
                    + (kind == Check.Kind.BASELINE
                        ? " is proven worse: "
                        : " has broken its limit: ")
                    + numbers(c)
                    + ".";
            case INCONCLUSIVE -> title() + " is unclear so far: " + numbers(c) + ".";
            case NO_DATA -> title() + " has no data in this look.";
          };
    };
  }

  private String title() {
    return metric.common().title();
  }

  private String numbers(Finding.Comparison c) {
    if (kind != Check.Kind.BASELINE) {
      return value(c.canaryValue()) + " against a limit of " + value(c.baselineValue());
    }
    return value(c.canaryValue())
        + " against "
        + value(c.baselineValue())
        + " in the baseline ("
        + effect(c.effect())
        + ", "
        + Numbers.plain(c.canarySize())
        + " and "
        + Numbers.plain(c.baselineSize())
        + " seen)";
  }

  private String effect(Effect e) {
    return switch (e.scale()) {
      case RATIO ->
          "x "
              + Numbers.plain(e.estimate())
              + ", between "
              + Numbers.plain(e.lower())
              + " and "
              + Numbers.plain(e.upper())
              + ", accepted up to "
              + Numbers.plain(e.margin());
      case DIFFERENCE, VALUE ->
          "by "
              + value(e.estimate())
              + ", between "
              + value(e.lower())
              + " and "
              + value(e.upper())
              + ", accepted up to "
              + value(e.margin());
    };
  }

  private String value(double v) {
    return switch (metric) {
      case Metric.Ratio m -> Double.isFinite(v) ? Numbers.percent(v) : Numbers.plain(v);
      case Metric.Quantile m -> latency(v, m.unit());
      case Metric.Mean m -> Numbers.plain(v);
      case Metric.Rate m -> Numbers.plain(v);
      case Metric.Value m -> Numbers.plain(v);
      case Metric.Pushed m -> Numbers.plain(v);
    };
  }

  private static String latency(double v, Metric.Unit unit) {
    if (!Double.isFinite(v)) {
      return Numbers.plain(v);
    }
    double ms = unit == Metric.Unit.SECONDS ? v * 1000 : v;
    return Math.abs(ms) >= 10_000 ? Numbers.plain(ms / 1000) + " s" : Numbers.plain(ms) + " ms";
  }
}
