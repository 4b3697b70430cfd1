package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.Cap;
import dev.sluice.analyzer.evidence.RateHarm;
import dev.sluice.analyzer.evidence.RateSafe;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.latency.LatencyEvidence;
import dev.sluice.analyzer.latency.LatencyLearning;
import dev.sluice.analyzer.latency.Slowdown;
import dev.sluice.analyzer.planner.Pace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * What a step can show at a given traffic, before it begins: how long a harmless canary waits to be
 * proven safe, and the smallest regression that is found in time.
 *
 * <p><b>Formula.</b> With {@code g} the expected nats per look of the best alternative (the {@link
 * dev.sluice.analyzer.planner.Drift} of the very processes that judge), {@code w} the metric's
 * share of the error budget and {@code phi} the dispersion, harm takes
 *
 * <pre>
 *   T = (ln(1/falseAlarm) + ln(1/w) + ln(K)) phi / g + confirm, at least 4 looks
 * </pre>
 *
 * looks, {@code K} being the number of alternatives; half of such regressions take longer. The
 * smallest regression is the one for which T is the length of the step, found by bisection.
 *
 * <p>A mean or a value cannot be forecast: its noise is not known before it has been seen.
 */
public final class Forecast {
  private static final int BISECTIONS = 50;
  private static final double LEAST_LOOKS = 4;
  private static final double LARGEST_FACTOR = 1000;

  private final JudgeSettings settings;
  private final double threshold;
  private final double phi;
  private final double cap;

  /**
   * @param share of the error budget that the metric has, in (0, 1]
   * @param phi dispersion to reckon with, at least 1
   */
  public Forecast(JudgeSettings settings, double share, double phi) {
    Require.between("share", share, 0, 1.0000001);
    this.settings = settings;
    this.threshold = Math.log(1 / settings.falseAlarm()) + Math.log(1 / share);
    this.phi = phi;
    this.cap =
        settings.pace() == JudgeSettings.Pace.STEADY
            ? Cap.steady(settings.falseAlarm()).least()
            : threshold;
  }

  /**
   * Both answers.
   *
   * @param normal the baseline's own value
   * @param smallest value of the canary that is found as harm within the step, half of the time;
   *     absent if none is, however bad
   * @param looksToSafety until half of harmless canaries are proven safe; may be infinite
   */
  public record Prospect(double normal, OptionalDouble smallest, double looksToSafety) {}

  /**
   * @param baseline what the baseline shows over some time before, with the shape of the test
   * @param looks length of the step in looks, more than 0
   * @return absent for tests that cannot be forecast, and where the baseline has shown nothing
   */
  public Optional<Prospect> of(MetricTest test, Sample baseline, Pace pace, double looks) {
    return switch (test) {
      case MetricTest.OfCounts t when baseline instanceof Counts c && c.exposure() > 0 ->
          Optional.of(counts(t, c.events() / c.exposure(), pace, looks));
      case MetricTest.OfQuantile t when baseline instanceof Buckets b -> latency(t, b, pace, looks);
      case MetricTest.OfCounts t -> Optional.empty();
      case MetricTest.OfQuantile t -> Optional.empty();
      case MetricTest.OfCountsAgainstLimit t -> Optional.empty();
      case MetricTest.OfQuantileAgainstLimit t -> Optional.empty();
      case MetricTest.OfMean t -> Optional.empty();
      case MetricTest.OfValue t -> Optional.empty();
    };
  }

  private double found(double evidence) {
    return Math.max(LEAST_LOOKS, evidence + settings.confirm());
  }

  private Prospect counts(MetricTest.OfCounts test, double rate, Pace pace, double looks) {
    List<Side> sides = MetricJudge.sides(test.direction());
    double safety = 0;
    for (Side side : sides) {
      Bound line = Bound.ofMargin(side, test.safe().relative(), test.safe().absolute());
      RateSafe safe = new RateSafe(line, settings.falsePass());
      double least = MetricJudge.MARGIN_EVENTS_UNCALIBRATED;
      safety = Math.max(safety, safe.looksMissing(pace, rate, rate, phi, least));
    }
    Side side = sides.getFirst();
    Bound line = Bound.ofMargin(side, test.harm().relative(), test.harm().absolute());
    RateHarm harm = new RateHarm(line, MetricJudge.tuning(settings), Optional.empty());
    double share = Math.log(sides.size());
    DoubleUnaryOperator time =
        canary -> found(harm.looksToFind(pace, canary, rate, phi, threshold + share, cap));
    OptionalDouble smallest =
        switch (side) {
          case RISE -> rise(time, line.at(rate), looks);
          case FALL -> fall(time, Math.max(0, line.at(rate)), looks);
        };
    return new Prospect(rate, smallest, safety + settings.confirm() - 1);
  }

  private Optional<Prospect> latency(
      MetricTest.OfQuantile test, Buckets baseline, Pace pace, double looks) {
    Histogram h = Histogram.of(baseline);
    LatencyLearning learning = new LatencyLearning(test.quantile());
    if (h.edges().length > 0) {
      learning.history(h.edges(), h.counts());
    }
    if (!learning.ready()) {
      return Optional.empty();
    }
    LatencyEvidence evidence =
        new LatencyEvidence(
            learning,
            false,
            test.quantile(),
            new Slowdown(test.harm().relative(), test.harm().absolute()),
            new Slowdown(test.safe().relative(), test.safe().absolute()),
            MetricJudge.tuning(settings),
            settings.falsePass(),
            0);
    double normal = evidence.learnedQuantile();
    if (!Double.isFinite(normal)) {
      return Optional.empty();
    }
    DoubleUnaryOperator time =
        factor -> found(evidence.looksToFind(factor, pace, phi, threshold, cap));
    OptionalDouble factor = rise(time, 1, looks);
    OptionalDouble smallest =
        factor.isPresent()
            ? OptionalDouble.of(normal * factor.getAsDouble())
            : OptionalDouble.empty();
    double safety = evidence.looksMissing(pace, phi, MetricJudge.MARGIN_EVENTS_UNCALIBRATED);
    return Optional.of(new Prospect(normal, smallest, safety + settings.confirm() - 1));
  }

  /** The smallest value above a line that is found in time. */
  private static OptionalDouble rise(DoubleUnaryOperator time, double line, double looks) {
    double found = line > 0 ? line : 1e-9;
    double most = Math.max(line, 1e-6) * LARGEST_FACTOR;
    while (time.applyAsDouble(found) > looks) {
      found *= 2;
      if (found > most) {
        return OptionalDouble.empty();
      }
    }
    return OptionalDouble.of(bisect(time, line, found, looks));
  }

  private static OptionalDouble fall(DoubleUnaryOperator time, double line, double looks) {
    return time.applyAsDouble(0) > looks
        ? OptionalDouble.empty()
        : OptionalDouble.of(bisect(time, line, 0, looks));
  }

  /** Between a value that is not found and one that is. */
  private static double bisect(DoubleUnaryOperator time, double not, double found, double looks) {
    double low = not;
    double high = found;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (time.applyAsDouble(middle) > looks) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
