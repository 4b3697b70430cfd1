package dev.sluice.gates.look;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What looks ask. Pure functions of plan, step and instant. */
public final class Questions {
  private static final Duration HISTORY = Duration.ofHours(1);

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
   * The baseline's histograms from before the rollout, asked as if the baseline were the canary:
   * they give the latency tests the shape of the distribution, so that the first looks are not
   * spent on learning it. Absent when no step needs it.
   */
  public static Optional<Question> ofHistory(Plan plan, Instant start) {
    Optional<Step> compared =
        plan.steps().stream().filter(s -> s.baseline().isPresent()).findFirst();
    List<Metric> latencies =
        plan.metrics().stream().filter(m -> m instanceof Metric.Quantile).toList();
    if (compared.isEmpty() || latencies.isEmpty()) {
      return Optional.empty();
    }
    Cohort baseline = plan.cohort(compared.get().baseline().orElseThrow());
    Window before = new Window(start.minus(HISTORY), start);
    return Optional.of(
        new Question(
            plan.source().prometheus(),
            before,
            latencies.stream()
                .map(m -> new Question.OfMetric(m, baseline, Optional.empty()))
                .toList(),
            Optional.empty()));
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
