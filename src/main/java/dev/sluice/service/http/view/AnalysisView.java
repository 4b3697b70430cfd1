package dev.sluice.service.http.view;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Plan;
import dev.sluice.service.analysis.Analysis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A one-shot comparison, as {@code sluice analyze -o json} prints it.
 *
 * @param answer safe, worse, unclear or noData
 * @param looks how many were taken between {@code from} and {@code to}
 * @param falseAlarm chance of the answer "worse" where nothing is, over all looks and metrics
 * @param alarmAt when a rollout would have been rolled back
 * @param checks after the last look
 * @param course how the interval of each check with a comparison went, by the check's id
 */
public record AnalysisView(
    String answer,
    String sentence,
    String plan,
    String step,
    CohortView canary,
    CohortView baseline,
    Instant from,
    Instant to,
    long looks,
    double everySeconds,
    double falseAlarm,
    Optional<Instant> alarmAt,
    List<CheckView> checks,
    Map<String, List<PointView>> course) {

  /**
   * @param selector label matchers in braces
   * @param offsetSeconds how long before the canary it was looked at
   */
  public record CohortView(String name, String selector, double offsetSeconds) {
    static CohortView of(Cohort cohort) {
      return new CohortView(cohort.name(), "{" + cohort.matchers() + "}", seconds(cohort.offset()));
    }
  }

  /** What was known of one check after the look that ended at this instant. */
  public record PointView(
      Instant at,
      OptionalDouble estimate,
      OptionalDouble intervalLow,
      OptionalDouble intervalHigh) {}

  public static AnalysisView of(Analysis.Concluded analysis) {
    Plan plan = analysis.comparison().plan();
    return new AnalysisView(
        Words.of(analysis.answer()),
        analysis.sentence(),
        plan.name(),
        analysis.comparison().step().id(),
        CohortView.of(analysis.comparison().canary()),
        CohortView.of(analysis.comparison().baseline()),
        analysis.comparison().start(),
        analysis.comparison().span().to(),
        analysis.looks().size(),
        seconds(analysis.comparison().every()),
        plan.policy().falseAlarm(),
        analysis.alarmAt(),
        analysis.last().checks().stream().map(check -> view(check, plan)).toList(),
        course(analysis.looks(), plan));
  }

  private static CheckView view(Check check, Plan plan) {
    return Checks.view(check, plan, Set.of());
  }

  private static Map<String, List<PointView>> course(List<Assessment> looks, Plan plan) {
    Map<String, List<PointView>> course = new LinkedHashMap<>();
    for (Assessment look : looks) {
      look.checks().stream()
          .map(check -> view(check, plan))
          .filter(check -> check.estimate().isPresent())
          .forEach(
              check ->
                  course
                      .computeIfAbsent(check.id(), id -> new ArrayList<>())
                      .add(
                          new PointView(
                              look.window().to(),
                              check.estimate(),
                              check.intervalLow(),
                              check.intervalHigh())));
    }
    return course;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
