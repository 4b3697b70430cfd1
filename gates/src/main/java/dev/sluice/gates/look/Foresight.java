package dev.sluice.gates.look;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Forecast;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of a plan can show at a given traffic, with the tests and the error budget the
 * plan will be judged by.
 */
public final class Foresight {
  private final Plan plan;

  public Foresight(Plan plan) {
    this.plan = plan;
  }

  /**
   * Of a step that is yet to come.
   *
   * @param baseline what the baseline shows of the metric over some time
   * @param pace traffic of one look of the step, in the metric's units
   * @param phi dispersion to reckon with
   */
  public Optional<Forecast.Prospect> of(
      Metric metric, Step step, Sample baseline, Pace pace, double phi) {
    double looks = Math.max(1, (double) step.atLeast().toMillis() / every().toMillis());
    return new Forecast(Evidence.settings(plan), share(metric), phi)
        .of(Tests.againstBaseline(metric), baseline, pace, looks);
  }

  /** Of the step that is being watched, at its present traffic; counted metrics only. */
  public Optional<Forecast.Prospect> of(Step step, Check check) {
    Metric metric = plan.metric(check.metricId());
    if (check.kind() != Check.Kind.BASELINE
        || check.ahead().isEmpty()
        || !(check.finding() instanceof Finding.Comparison c)
        || !(Tests.againstBaseline(metric) instanceof MetricTest.OfCounts)) {
      return Optional.empty();
    }
    Counts baseline = new Counts(c.baselineValue() * c.baselineSize(), c.baselineSize());
    return of(metric, step, baseline, check.ahead().get().pace(), c.dispersion());
  }

  /**
   * How many times the variance of chance the baseline's pods showed, in the answer to a question
   * of history; absent where that cannot be told.
   */
  public static Optional<Double> noise(Observations history, String metricId) {
    return PodRoster.noise(history.pods().getOrDefault(metricId, List.of()))
        .map(noise -> Arrays.stream(noise.profile(1).levels()).max().orElse(1));
  }

  /** How much longer a check takes, in one sentence; empty where nothing is waited for. */
  public Optional<String> remaining(Check check) {
    Optional<Ahead> ahead = check.ahead();
    String sentence =
        new Remaining(plan.metric(check.metricId()), every())
            .of(check.verdict(), check.finding(), ahead);
    return Optional.of(sentence.strip()).filter(s -> !s.isEmpty());
  }

  /** "About 3 h", "never": looks as time, no finer than an estimate is. */
  public Optional<String> time(double looks) {
    double millis = looks * every().toMillis();
    return millis > Remaining.LONG.toMillis()
        ? Optional.empty()
        : Optional.of(Remaining.words(Duration.ofMillis((long) Math.ceil(millis))));
  }

  /** The margins a metric is judged by, in words: harm and safety. */
  public Stated stated(Metric metric) {
    return switch (Tests.againstBaseline(metric)) {
      case MetricTest.OfCounts t -> new Stated(t.harm(), t.safe());
      case MetricTest.OfQuantile t -> new Stated(t.harm(), t.safe());
      case MetricTest.OfMean t -> new Stated(t.harm(), t.safe());
      case MetricTest.OfValue t -> new Stated(t.harm(), t.safe());
      case MetricTest.OfCountsAgainstLimit t -> throw new IllegalStateException("a limit");
      case MetricTest.OfQuantileAgainstLimit t -> throw new IllegalStateException("a limit");
    };
  }

  /**
   * @param harm worse than this is harm
   * @param safe no worse than this is safe; the same where the plan states a tolerance
   */
  public record Stated(Margin harm, Margin safe) {}

  private Duration every() {
    return plan.source().every();
  }

  private double share(Metric metric) {
    return 1.0 / Panel.of(plan).getOrDefault(Panel.name(metric), List.of()).size();
  }
}
