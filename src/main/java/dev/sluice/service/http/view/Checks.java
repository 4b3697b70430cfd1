package dev.sluice.service.http.view;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Forecast;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Foresight;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.http.view.CheckView.AheadView;
import dev.sluice.service.http.view.CheckView.CohortView;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** From the checks of a look to what is shown of them. */
final class Checks {
  private Checks() {}

  static CheckView view(Check check, Plan plan, Step step, Set<String> waived) {
    Metric metric = plan.metric(check.metricId());
    Numbers numbers = numbers(check);
    return new CheckView(
        check.id(),
        check.metricId(),
        check.title(),
        Words.of(check.role()),
        Words.of(check.kind()),
        Words.of(check.verdict()),
        waived.contains(check.id()),
        check.sentence(),
        unit(metric),
        worseWhen(metric),
        numbers.effect().map(e -> Words.of(e.scale())),
        finite(numbers.effect().map(Effect::estimate)),
        finite(numbers.effect().map(Effect::lower)),
        finite(numbers.effect().map(Effect::upper)),
        finite(numbers.effect().map(Effect::margin)),
        numbers.canary(),
        check.kind() == Check.Kind.BASELINE ? Optional.of(numbers.baseline()) : Optional.empty(),
        check.enough(),
        numbers.tier(),
        numbers.shortage(),
        numbers.looksMissing(),
        check.ahead().map(a -> ahead(check, plan, step, a)));
  }

  /** As much as a line needs: what is to come is not asked, which would take a while. */
  static Glimpse.Point point(Check check) {
    Numbers numbers = numbers(check);
    boolean compared = check.kind() == Check.Kind.BASELINE;
    return new Glimpse.Point(
        Words.of(check.verdict()),
        finite(numbers.effect().map(Effect::estimate)),
        finite(numbers.effect().map(Effect::lower)),
        finite(numbers.effect().map(Effect::upper)),
        numbers.canary().value(),
        compared ? numbers.baseline().value() : OptionalDouble.empty());
  }

  /** A check of the past: what was to come then is of no interest any more. */
  static CheckView past(Check check, Plan plan, Step step) {
    Check known =
        new Check(
            check.id(),
            check.metricId(),
            check.title(),
            check.role(),
            check.kind(),
            check.verdict(),
            check.sentence(),
            check.finding(),
            check.enough(),
            check.absentLooks());
    return view(known, plan, step, Set.of());
  }

  private static AheadView ahead(Check check, Plan plan, Step step, Ahead ahead) {
    Foresight foresight = new Foresight(plan);
    double every = plan.source().every().toMillis() / 1e3;
    OptionalDouble remaining =
        ahead.safety() instanceof Outlook.Looks l
            ? finite(l.looks() * every)
            : OptionalDouble.empty();
    Optional<String> never =
        ahead.safety() instanceof Outlook.Never n
            ? Optional.of(Words.of(n.why()))
            : Optional.empty();
    return new AheadView(
        switch (ahead.safety()) {
          case Outlook.Proven o -> "proven";
          case Outlook.Looks o -> "looks";
          case Outlook.Never o -> "never";
          case Outlook.Unknown o -> "unknown";
        },
        remaining,
        never,
        foresight.remaining(check),
        ahead.pace().canary(),
        ahead.pace().baseline(),
        foresight.of(step, check).map(Forecast.Prospect::smallest).orElse(OptionalDouble.empty()));
  }

  private record Numbers(
      Optional<Effect> effect,
      CohortView canary,
      CohortView baseline,
      Optional<String> tier,
      Optional<String> shortage,
      OptionalLong looksMissing) {}

  private static Numbers numbers(Check check) {
    return switch (check.finding()) {
      case Finding.Comparison c ->
          new Numbers(
              Optional.of(c.effect()),
              new CohortView(finite(c.canaryValue()), finite(c.canarySize())),
              new CohortView(finite(c.baselineValue()), finite(c.baselineSize())),
              Optional.of(Words.of(c.tier())),
              Optional.empty(),
              OptionalLong.empty());
      case Finding.Insufficient i ->
          new Numbers(
              Optional.empty(),
              new CohortView(OptionalDouble.empty(), finite(i.canarySize())),
              new CohortView(OptionalDouble.empty(), finite(i.baselineSize())),
              Optional.empty(),
              Optional.of(Words.of(i.shortage())),
              i.looksMissing());
    };
  }

  private static String unit(Metric metric) {
    return switch (metric) {
      case Metric.Ratio m -> "share";
      case Metric.Quantile m -> Words.of(m.unit());
      case Metric.Mean m -> "number";
      case Metric.Rate m -> "number";
      case Metric.Value m -> "number";
      case Metric.Pushed m -> "number";
    };
  }

  private static String worseWhen(Metric metric) {
    return switch (metric.common().worseWhen()) {
      case HIGHER_IS_WORSE -> "higher";
      case LOWER_IS_WORSE -> "lower";
      case EITHER -> "different";
    };
  }

  static OptionalDouble finite(double number) {
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  private static OptionalDouble finite(Optional<Double> number) {
    return number.map(n -> finite(n.doubleValue())).orElse(OptionalDouble.empty());
  }
}
