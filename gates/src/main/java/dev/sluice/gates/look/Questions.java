package dev.sluice.gates.look;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What looks ask. Pure functions of plan, step and instant. */
public final class Questions {
  private static final Duration SHAPES = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long USUAL_LOOKS = 360;
  private static final long MOST_LOOKS = 1440;

  /**
   * By convention, the cohort that holds everybody who is not on the canary, where the baseline is
   * only a part of them.
   */
  private static final String EVERYBODY_ELSE = "old";

  private static final String BASELINE = "baseline";

  private Questions() {}

  /** What a look wants to know in this step. */
  public static Question of(Plan plan, Step step, Window window) {
    Cohort canary = plan.cohort(step.canary());
    Optional<Cohort> baseline = step.baseline().map(plan::cohort);
    List<Question.OfMetric> metrics =
        step.metrics().stream()
            .map(plan::metric)
            .filter(m -> !(m instanceof Metric.Pushed))
            .map(m -> new Question.OfMetric(m, canary, baseline))
            .toList();
    Optional<Question.OfExposure> exposure =
        plan.exposure()
            .filter(rule -> step.movesUsers())
            .map(rule -> new Question.OfExposure(rule, canary, rest(plan, step)));
    return new Question(plan.source().prometheus(), window, metrics, exposure);
  }

  /**
   * What is asked of the baseline's time before the rollout, so that the first looks are not spent
   * on learning it: the histograms of latencies, which give the tests the shape of the
   * distribution; and counts pod by pod, in intervals as long as looks, which tell how much pods of
   * one version differ. Empty where no step needs it, or the plan wants no history.
   */
  public static List<Question> ofHistory(Plan plan, Instant start) {
    Optional<Step> compared =
        plan.steps().stream().filter(s -> s.baseline().isPresent()).findFirst();
    Duration history = history(plan.source());
    if (compared.isEmpty() || history.isZero()) {
      return List.of();
    }
    Cohort baseline = plan.cohort(compared.get().baseline().orElseThrow());
    Duration shapes = history.compareTo(SHAPES) < 0 ? history : SHAPES;
    return Stream.of(
            history(
                plan,
                new Window(start.minus(shapes), start),
                shapes,
                m -> m instanceof Metric.Quantile,
                m -> new Question.OfMetric(m, baseline, Optional.empty())),
            history(
                plan,
                new Window(start.minus(history), start),
                plan.source().every(),
                m -> m instanceof Metric.Ratio || m instanceof Metric.Rate,
                m -> new Question.OfMetric(m, baseline, Optional.of(baseline))))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * As much as the plan says, in whole looks; else the time of {@value #USUAL_LOOKS} looks, between
   * an hour and a day.
   */
  private static Duration history(Source source) {
    Duration every = source.every();
    Duration usual = every.multipliedBy(USUAL_LOOKS);
    Duration atLeastAnHour = usual.compareTo(SHAPES) < 0 ? SHAPES : usual;
    Duration wanted =
        source.history().orElse(atLeastAnHour.compareTo(DAY) > 0 ? DAY : atLeastAnHour);
    long looks = Math.min(MOST_LOOKS, wanted.dividedBy(every));
    return every.multipliedBy(looks);
  }

  private static Optional<Question> history(
      Plan plan,
      Window window,
      Duration grain,
      Predicate<Metric> which,
      Function<Metric, Question.OfMetric> asked) {
    List<Question.OfMetric> metrics = plan.metrics().stream().filter(which).map(asked).toList();
    return metrics.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Question(plan.source().prometheus(), window, metrics, Optional.empty(), grain));
  }

  /**
   * Everybody who is not on the canary. A cohort of the past is not among the users of today, and
   * who is held back at 100 % is meant not to be on the canary: neither says anything about the
   * split.
   */
  private static Optional<Cohort> rest(Plan plan, Step step) {
    Optional<Cohort> compared = step.baseline().map(plan::cohort);
    boolean heldBack =
        step.exposure().equals(Exposure.ALL) && compared.filter(Questions::isNow).isPresent();
    if (heldBack) {
      return Optional.ofNullable(plan.cohorts().get(BASELINE))
          .filter(Questions::isNow)
          .filter(cohort -> !compared.equals(Optional.of(cohort)));
    }
    return Optional.ofNullable(plan.cohorts().get(EVERYBODY_ELSE))
        .filter(Questions::isNow)
        .or(() -> compared.filter(Questions::isNow))
        .or(() -> Optional.ofNullable(plan.cohorts().get(BASELINE)).filter(Questions::isNow));
  }

  private static boolean isNow(Cohort cohort) {
    return cohort.offset().isZero();
  }
}
