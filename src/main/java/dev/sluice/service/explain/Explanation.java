package dev.sluice.service.explain;

import dev.sluice.gates.look.Foresight;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A plan in words: every default filled in, every consequence said. */
public final class Explanation {
  private final Plan plan;
  private final Foresight foresight;
  private final List<String> lines = new ArrayList<>();

  private Explanation(Plan plan) {
    this.plan = plan;
    this.foresight = new Foresight(plan);
  }

  /**
   * The text, line by line.
   *
   * @param measured absent where no metrics system was asked
   */
  public static List<String> of(Plan plan, Optional<Measured> measured) {
    Explanation explanation = new Explanation(plan);
    explanation.lines.add(plan.name());
    explanation.source();
    explanation.promises();
    explanation.traffic();
    explanation.metrics();
    explanation.steps(measured);
    explanation.rollback();
    return List.copyOf(explanation.lines);
  }

  private void heading(String text) {
    lines.add("");
    lines.add(text);
  }

  private void line(String text) {
    lines.add("  " + text);
  }

  private void source() {
    heading("Looks");
    line(
        "Prometheus '"
            + plan.source().prometheus()
            + "' is looked at every "
            + Times.words(plan.source().every())
            + ", each time "
            + Times.words(plan.source().settle())
            + " after the window has ended.");
    line(
        plan.source()
            .history()
            .map(
                h ->
                    h.isZero()
                        ? "Nothing is learned from the time before the start (history: 0s)."
                        : "Before the start the baseline's last "
                            + Times.words(h)
                            + " are read, for the noise between its pods.")
            .orElse(
                "Before the start the baseline's past is read, 360 looks' time, for the noise"
                    + " between its pods."));
  }

  private void promises() {
    Policy policy = plan.policy();
    heading("Promises");
    line(
        "At most "
            + Words.percent(policy.falseAlarm())
            + " of harmless rollouts are rolled back by statistics, over all looks, guardrails and"
            + " steps together (falseAlarm).");
    line(
        "At most "
            + Words.percent(policy.falsePass())
            + " of metrics that are worse than accepted are called safe in a step (falsePass).");
    line(
        switch (policy.onServiceRestart()) {
          case RESUME -> "When Sluice restarts, the rollout goes on (onServiceRestart: resume).";
          case HOLD -> "When Sluice restarts, the rollout waits (onServiceRestart: hold).";
        });
    if (policy.dryRun()) {
      line("It is a dry run: it decides and tells, and moves nothing.");
    }
  }

  private void traffic() {
    heading("Traffic split");
    if (plan.exposure().isEmpty()) {
      line("Nobody checks it: the plan has no 'exposure'. A flag that does not work is not seen.");
      return;
    }
    ExposureRule rule = plan.exposure().get();
    line("A split that does not follow the plan " + consequence(rule.onMismatch()) + ".");
    line(
        "A canary without any traffic "
            + consequence(rule.onNoTraffic())
            + "; both after "
            + Times.words(rule.grace())
            + " of grace in each step.");
  }

  private static String consequence(ExposureRule.OnTrouble trouble) {
    return switch (trouble) {
      case HOLD -> "holds the rollout";
      case ROLLBACK -> "rolls back";
      case WARN -> "is only said";
    };
  }

  private void metrics() {
    heading("Metrics");
    for (Metric metric : plan.metrics()) {
      line(metric.id() + ", " + role(metric));
      line("  " + accepted(metric));
      metric.common().limit().ifPresent(l -> line("  " + Words.limit(metric, l)));
      metric
          .common()
          .minSamples()
          .ifPresent(n -> line("  It passes only with " + n + " samples of the canary in a step."));
      if (metric.role() == Metric.Role.GUARDRAIL) {
        line("  " + absence(metric));
      }
    }
  }

  private static String role(Metric metric) {
    return switch (metric.role()) {
      case GUARDRAIL -> "a guardrail: proven worse, it rolls back.";
      case SIGNAL -> "a signal: while it is worse, the step waits.";
      case OBSERVE -> "only reported.";
    };
  }

  private String accepted(Metric metric) {
    Foresight.Stated stated = foresight.stated(metric);
    boolean own = metric.common().tolerance().isPresent();
    String direction = Words.worse(metric);
    return own
        ? "Worse means "
            + direction
            + " than the baseline by more than "
            + Words.margin(metric, stated.harm())
            + ": more is harm, less is safe."
        : "No tolerance is stated. Worse means "
            + direction
            + " than the baseline: by more than "
            + Words.margin(metric, stated.harm())
            + " is harm, by less than "
            + Words.margin(metric, stated.safe())
            + " is safe.";
  }

  private static String absence(Metric metric) {
    return switch (metric.common().onNoData()) {
      case HOLD -> "Without data the rollout waits.";
      case FAIL -> "Without data, after the grace, it is rolled back.";
      case IGNORE -> "Without data the rollout goes on without it.";
    };
  }

  private void steps(Optional<Measured> measured) {
    heading("Steps");
    int number = 1;
    for (Step step : plan.steps()) {
      line(number++ + ". " + step.id() + ": " + kind(step));
      if (step.kind() == Step.Kind.APPROVE) {
        continue;
      }
      line("   " + advance(step));
      step.atMost()
          .ifPresent(
              most ->
                  line("   After " + Times.words(most) + " without an answer it " + open(step)));
      line("   " + regression(step));
      measured.ifPresent(m -> new Prospects(plan, step, m).lines().forEach(l -> line("   " + l)));
    }
    if (measured.isEmpty()) {
      line("What each step can show depends on the traffic: add --prometheus URL.");
    }
  }

  private static String kind(Step step) {
    String time = " for at least " + Times.words(step.atLeast());
    return switch (step.kind()) {
      case SHADOW -> "mirrored traffic, users see nothing of it," + time + ".";
      case VERIFY -> "data is compared, nobody is switched," + time + ".";
      case EXPOSE -> step.exposure() + " of users on the canary" + time + ".";
      case APPROVE -> "a person says go.";
      case RETAIN -> "everybody is on the canary, the old system stays ready" + time + ".";
    };
  }

  private static String advance(Step step) {
    return switch (step.advanceWhen()) {
      case PROVEN_SAFE ->
          step.baseline().isPresent()
              ? "It goes on when every guardrail is proven no worse than '"
                  + step.baseline().get()
                  + "'."
              : "Nothing stands beside the canary: it goes on when no limit is broken.";
      case NO_HARM_FOUND ->
          "It goes on when no harm was found, which is less than a proof that there is none.";
      case APPROVED -> "It goes on when a person says so.";
    };
  }

  private static String open(Step step) {
    return switch (step.onInconclusive()) {
      case HOLD -> "is held and people are told.";
      case ADVANCE -> "goes on without a proof.";
      case ROLLBACK -> "is rolled back.";
      case ASK -> "asks a person.";
    };
  }

  private static String regression(Step step) {
    return switch (step.onRegression()) {
      case ROLLBACK -> "A proven regression rolls back.";
      case HOLD -> "A proven regression is held and told, and not rolled back.";
      case ASK -> "A proven regression asks a person.";
    };
  }

  private void rollback() {
    heading("Rollback");
    line(
        "Back to "
            + plan.rollback().to()
            + " ("
            + plan.rollback().action().name().toLowerCase(Locale.ROOT)
            + "); people are told again if the flag system has not confirmed it within "
            + Times.words(plan.rollback().confirmWithin())
            + ".");
    Duration freeze = plan.rollback().freeze();
    line(
        freeze.isZero()
            ? "The plan may be started again at once."
            : "The plan cannot be started again for " + Times.words(freeze) + ".");
  }
}
