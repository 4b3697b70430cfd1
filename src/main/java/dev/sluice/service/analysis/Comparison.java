package dev.sluice.service.analysis;

import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Questions;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is compared, and in which looks.
 *
 * @param plan one step, its metrics, its two cohorts and nothing else: the error budget of the plan
 *     is spent on what is compared here
 * @param span looks end where it ends
 * @param every distance of two looks
 */
public record Comparison(Plan plan, Window span, Duration every) {
  /** So many looks at most, where nobody says how far apart they should be. */
  static final int LOOKS = 240;

  /** A day at one look a minute. */
  public static final int MOST_LOOKS = 1440;

  public Comparison {
    long looks = span.length().dividedBy(every);
    if (looks < 1 || looks > MOST_LOOKS) {
      throw new IllegalArgumentException("between 1 and " + MOST_LOOKS + " looks, was " + looks);
    }
  }

  /**
   * @param step whose metrics are compared; metrics that are pushed from outside are left out
   * @param every distance of two looks; absent: the plan's, or a multiple of it where that were
   *     more than {@value #LOOKS} looks
   * @throws IllegalArgumentException if no metric is left, or the looks are too many or none
   */
  public static Comparison of(
      Plan plan, Step step, Cohort canary, Cohort baseline, Window span, Optional<Duration> every) {
    List<Metric> metrics =
        plan.metrics().stream()
            .filter(m -> step.metrics().contains(m.id()) && !(m instanceof Metric.Pushed))
            .toList();
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException(
          "step '" + step.id() + "' has no metric that can be asked for");
    }
    Duration distance = every.orElseGet(() -> distance(plan.source().every(), span.length()));
    return new Comparison(
        narrowed(plan, step, canary, baseline, metrics, span, distance), span, distance);
  }

  private static Duration distance(Duration planned, Duration span) {
    if (planned.compareTo(span) >= 0) {
      return span;
    }
    long looks = span.dividedBy(planned);
    return planned.multipliedBy((looks + LOOKS - 1) / LOOKS);
  }

  private static Plan narrowed(
      Plan plan,
      Step step,
      Cohort canary,
      Cohort baseline,
      List<Metric> metrics,
      Window span,
      Duration every) {
    Map<String, Cohort> cohorts = new LinkedHashMap<>();
    cohorts.put(canary.name(), canary);
    cohorts.put(baseline.name(), baseline);
    Step only =
        new Step(
            step.id(),
            step.kind(),
            step.exposure(),
            canary.name(),
            Optional.of(baseline.name()),
            span.length(),
            Optional.empty(),
            metrics.stream().map(Metric::id).toList(),
            step.advanceWhen(),
            step.onInconclusive(),
            step.onRegression(),
            List.of(),
            List.of());
    return new Plan(
        plan.name(),
        plan.hash(),
        plan.description(),
        plan.owner(),
        plan.links(),
        new Source(plan.source().prometheus(), every, plan.source().settle()),
        cohorts,
        Optional.empty(),
        plan.policy(),
        metrics,
        List.of(only),
        Optional.empty(),
        plan.rollback(),
        List.of());
  }

  public Step step() {
    return plan.steps().getFirst();
  }

  public Cohort canary() {
    return plan.cohort(step().canary());
  }

  public Cohort baseline() {
    return plan.cohort(step().baseline().orElseThrow());
  }

  public long looks() {
    return span.length().dividedBy(every);
  }

  /** Where the first look begins: the span holds a whole number of looks up to its end. */
  public Instant start() {
    return span.to().minus(every.multipliedBy(looks()));
  }

  /**
   * @param look from 1
   */
  Question question(long look) {
    return Questions.of(plan, step(), Window.ofLook(start(), every, look));
  }

  Optional<Question> history() {
    return Questions.ofHistory(plan, start());
  }
}
