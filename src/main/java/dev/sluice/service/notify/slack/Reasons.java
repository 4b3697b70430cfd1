package dev.sluice.service.notify.slack;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Durations;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.notify.text.Weight;
import java.util.List;
import java.util.stream.Stream;

/** Why something was decided, and how far that can be trusted, in sentences of their own. */
final class Reasons {
  private Reasons() {}

  /**
   * A reason's own sentence repeats the numbers of its metrics; the message has them in a list, so
   * here they are only named.
   */
  static String why(Reason reason, Rollout rollout) {
    return switch (reason.code()) {
      case REGRESSION -> named(rollout, Verdict.FAIL, "worse than the plan accepts", reason);
      case LIMIT_BROKEN -> named(rollout, Verdict.FAIL, "beyond what the plan allows", reason);
      case SIGNAL_WORSE -> named(rollout, Verdict.FAIL, "worse than the plan accepts", reason);
      case INCONCLUSIVE -> named(rollout, Verdict.INCONCLUSIVE, "not clear yet", reason);
      case TIMED_OUT ->
          rollout
              .step()
              .atMost()
              .map(most -> "No answer within the " + Durations.words(most) + " of this step.")
              .orElse(reason.sentence());
      case STARTED, PROVEN_SAFE, NO_HARM_FOUND -> reason.sentence();
      case BAKING, NOT_APPLIED, NO_DATA, SOURCE_LOST, TRAFFIC_MISMATCH -> reason.sentence();
      case NO_TRAFFIC, CHANGE_WINDOW, APPROVAL_NEEDED, BY_HAND -> reason.sentence();
      case RESTARTED, RETENTION_OVER, SILENT, DRIFTED, NOT_READY -> reason.sentence();
    };
  }

  private static String named(Rollout rollout, Verdict verdict, String what, Reason reason) {
    List<String> titles =
        checks(rollout)
            .filter(c -> c.verdict() == verdict && c.role() != Metric.Role.OBSERVE)
            .map(Check::title)
            .distinct()
            .toList();
    if (titles.isEmpty()) {
      return reason.sentence();
    }
    return listed(titles) + (titles.size() == 1 ? " is " : " are ") + what + ".";
  }

  /** "A", "A and B", "A, B and 3 more". */
  private static String listed(List<String> titles) {
    return switch (titles.size()) {
      case 1 -> titles.get(0);
      case 2 -> titles.get(0) + " and " + titles.get(1);
      case 3 -> titles.get(0) + ", " + titles.get(1) + " and " + titles.get(2);
      default -> titles.get(0) + ", " + titles.get(1) + " and " + (titles.size() - 2) + " more";
    };
  }

  private static Stream<Check> checks(Rollout rollout) {
    return rollout.lastAssessment().map(Weight::heaviestFirst).orElse(List.of()).stream();
  }

  static String sure(Decision decision, Rollout rollout) {
    return switch (decision.reason().code()) {
      case REGRESSION -> falseAlarm(rollout.plan());
      case LIMIT_BROKEN -> limit(rollout);
      case PROVEN_SAFE ->
          "A metric that is worse than accepted is called safe with a chance of at most %s."
              .formatted(percent(rollout.plan().policy().falsePass()));
      case NO_HARM_FOUND -> "No harm found is not yet proof that there is none.";
      case TIMED_OUT ->
          decision.kind() == Decision.Kind.PROMOTE
              ? "Not proven: the plan says to go on without an answer."
              : "Not proven: the plan says to roll back without an answer.";
      case BY_HAND ->
          decision.forced()
              ? "The gate was not open. This stays marked as forced for ever."
              : "A person decided.";
      case NO_DATA, TRAFFIC_MISMATCH, NO_TRAFFIC, SILENT ->
          "The plan counts this as a failure; whether the canary does harm is not known.";
      case BAKING, NOT_APPLIED, SIGNAL_WORSE, INCONCLUSIVE, SOURCE_LOST -> "";
      case CHANGE_WINDOW, APPROVAL_NEEDED, RESTARTED, RETENTION_OVER, STARTED -> "";
      case DRIFTED, NOT_READY -> "";
    };
  }

  static String falseAlarm(Plan plan) {
    return "The chance that a harmless rollout is called worse, over all looks, metrics and steps, is at most %s."
        .formatted(percent(plan.policy().falseAlarm()));
  }

  /** A bound on a single reading is no inference. */
  private static String limit(Rollout rollout) {
    boolean counted =
        checks(rollout)
            .filter(c -> c.verdict() == Verdict.FAIL && c.kind() != Check.Kind.BASELINE)
            .anyMatch(c -> c.finding() instanceof Finding.Comparison f && f.canarySize() > 1);
    return counted
        ? falseAlarm(rollout.plan())
        : "The readings themselves are beyond the limit; nothing was inferred.";
  }

  static String needed(Step step) {
    return switch (step.advanceWhen()) {
      case PROVEN_SAFE -> "every guardrail is proven safe";
      case NO_HARM_FOUND -> "no harm is found";
      case APPROVED -> "no harm is found and " + approvers(step) + " said go";
    };
  }

  static String approvers(Step step) {
    return step.approvers().isEmpty() ? "somebody" : String.join(" or ", step.approvers());
  }

  /** How much longer the slowest metric needs at this traffic, where that can be said. */
  static String howMuchLonger(Rollout rollout) {
    long looks =
        checks(rollout)
            .filter(c -> c.role() == Metric.Role.GUARDRAIL)
            .mapToLong(
                c -> c.finding() instanceof Finding.Insufficient f ? f.looksMissing().orElse(0) : 0)
            .max()
            .orElse(0);
    return looks == 0
        ? ""
        : " (about "
            + Durations.words(rollout.plan().source().every().multipliedBy(looks))
            + " more at this traffic may answer it)";
  }

  static String by(Actor actor) {
    return switch (actor.kind()) {
      case ENGINE -> "Sluice";
      case PERSON -> actor.name();
      case CONTROLLER -> actor.name() + " (a controller)";
    };
  }

  static String said(String reason) {
    return reason.isBlank() ? "." : ": " + reason;
  }

  static String percent(double share) {
    return Reading.number(share * 100) + " %";
  }
}
