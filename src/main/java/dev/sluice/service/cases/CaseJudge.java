package dev.sluice.service.cases;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Tolerance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Judges a case with the code that judges a rollout: the case becomes a plan of one step and one
 * guardrail, each interval one look.
 */
public final class CaseJudge {
  private static final Instant START = Instant.EPOCH;
  private static final String METRIC = "metric";

  private final Policy policy;
  private final Optional<Tolerance> tolerance;

  /**
   * @param tolerance the worsening accepted; absent: the defaults of a plan
   */
  public CaseJudge(double falseAlarm, double falsePass, Optional<Tolerance> tolerance) {
    policy =
        new Policy(
            falseAlarm,
            falsePass,
            false,
            Policy.OnRestart.RESUME,
            Optional.empty(),
            Optional.empty());
    this.tolerance = tolerance;
  }

  /** The three answers, after each look and at the end. */
  public enum Word {
    PROMOTE,
    ROLLBACK,
    INCONCLUSIVE
  }

  /**
   * @param decision the last word; a rollback stands from its first look on
   * @param alarmAt index of the first look after which the word was rollback
   * @param decisions one word a look
   * @param sentence why, after the last look; at the alarm for a rollback
   */
  public record Decided(
      String id, Word decision, OptionalInt alarmAt, List<Word> decisions, String sentence) {
    public Decided {
      decisions = List.copyOf(decisions);
    }
  }

  public Decided judge(Case c) {
    Plan plan = plan(c);
    Step step = plan.steps().getFirst();
    Evidence evidence = Evidence.start(plan);
    List<Word> words = new ArrayList<>(c.looks().size());
    OptionalInt alarm = OptionalInt.empty();
    String sentence = "There are no intervals.";
    for (int i = 0; i < c.looks().size(); i++) {
      Assessment assessment =
          evidence.look(
              step,
              i == 0,
              false,
              new Observations(
                  Window.ofLook(START, c.interval(), i + 1L),
                  Map.of(METRIC, c.looks().get(i)),
                  new Observations.Traffic.NotAsked(),
                  List.of()));
      if (alarm.isEmpty()) {
        sentence = assessment.checks().getFirst().sentence();
        alarm = assessment.harm() ? OptionalInt.of(i) : alarm;
      }
      words.add(alarm.isPresent() ? Word.ROLLBACK : word(assessment));
    }
    Word last = words.isEmpty() ? Word.INCONCLUSIVE : words.getLast();
    return new Decided(c.id(), last, alarm, words, sentence);
  }

  private static Word word(Assessment assessment) {
    return assessment.checks().stream().map(Check::verdict).allMatch(v -> v == Verdict.PASS)
        ? Word.PROMOTE
        : Word.INCONCLUSIVE;
  }

  private Plan plan(Case c) {
    Cohort canary = new Cohort("canary", "cohort=\"canary\"", Map.of(), Duration.ZERO);
    Duration offset =
        c.otherPeriod() ? c.interval().multipliedBy(c.looks().size() + 1L) : Duration.ZERO;
    Cohort baseline = new Cohort("baseline", "cohort=\"baseline\"", Map.of(), offset);
    Step step =
        new Step(
            "case",
            Step.Kind.EXPOSE,
            new Exposure(50),
            canary.name(),
            Optional.of(baseline.name()),
            c.interval().multipliedBy(c.looks().size()),
            Optional.empty(),
            List.of(METRIC),
            Step.AdvanceWhen.PROVEN_SAFE,
            Step.OnInconclusive.HOLD,
            Step.OnRegression.ROLLBACK,
            List.of(),
            List.of(),
            OptionalLong.empty());
    return new Plan(
        "case",
        "",
        "",
        "",
        Map.of(),
        new Source("recording", c.interval(), Duration.ZERO),
        Map.of(canary.name(), canary, baseline.name(), baseline),
        Optional.empty(),
        policy,
        List.of(metric(c)),
        List.of(step),
        Optional.empty(),
        new RollbackRule(
            Exposure.NONE, RollbackRule.Action.PERCENT, Duration.ofMinutes(2), Duration.ZERO),
        List.of());
  }

  private Metric metric(Case c) {
    Metric.Common common =
        new Metric.Common(
            METRIC,
            c.metric(),
            c.type() == Case.Type.HISTOGRAM ? Direction.HIGHER_IS_WORSE : c.direction(),
            Metric.Role.GUARDRAIL,
            tolerance,
            Optional.empty(),
            OptionalLong.empty(),
            Metric.OnNoData.HOLD);
    return switch (c.type()) {
      case GAUGE -> new Metric.Value(common, "recorded");
      case RATIO -> new Metric.Ratio(common, "recorded", "recorded");
      case MEAN -> new Metric.Mean(common, "recorded", "recorded");
      case HISTOGRAM -> new Metric.Quantile(common, "recorded", 0.99, Metric.Unit.SECONDS);
    };
  }
}
