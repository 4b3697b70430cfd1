package dev.sluice.service.http.view;

import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.view.RolloutView.ClockView;
import dev.sluice.service.http.view.RolloutView.WhyView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One sentence, one reason, one clock: what a person across the room has to read. */
final class Headline {
  static final String RETIRE_READY =
      "The retention is over. The old system stays ready until a person says retire; after that"
          + " nobody can be taken back.";

  private final Rollout rollout;

  Headline(Rollout rollout) {
    this.rollout = rollout;
  }

  /** "Baking at 10 %. p99 is unclear." */
  String sentence() {
    StringBuilder text = new StringBuilder(state(rollout.stage())).append('.');
    rollout
        .blindSince()
        .filter(since -> rollout.upcomingLook().isPresent())
        .ifPresent(
            since ->
                text.append(" The metrics system cannot be reached since ")
                    .append(Times.clock(since, rollout.updatedAt()))
                    .append('.'));
    reason().ifPresent(why -> text.append(' ').append(why));
    notReady().ifPresent(why -> text.append(' ').append(why));
    rollout.proposal().ifPresent(p -> text.append(' ').append(proposed(p)));
    return text.toString();
  }

  /** For a line that has no clock of its own: "... Next step at the earliest: 14:20 UTC." */
  String sentenceWithClock() {
    return sentence()
        + clock()
            .filter(c -> c.at().isAfter(rollout.updatedAt()))
            .map(c -> " " + capital(c.label()) + ": " + Times.clock(c.at(), rollout.updatedAt()))
            .map(text -> text + ".")
            .orElse("");
  }

  /** Said in every state in which somebody may count on the old system. */
  private Optional<String> notReady() {
    return rollout
        .readiness()
        .filter(r -> !r.ready() && !rollout.ended())
        .map(
            r ->
                "The old system is NOT ready for a rollback since "
                    + Times.clock(r.since(), rollout.updatedAt())
                    + ": "
                    + stopped(r.reason()));
  }

  private String proposed(Proposal wish) {
    String what =
        switch (wish.act()) {
          case PROMOTE, APPROVE -> " wants to go on";
          case RETIRE -> " wants to let go of the old system";
        };
    return wish.actor().name()
        + what
        + (wish.forced() ? " over a gate that is not open" : "")
        + "; a second person has to agree before "
        + Times.clock(wish.at().plus(Proposal.LIFE), rollout.updatedAt())
        + ".";
  }

  private String state(Stage stage) {
    return switch (stage) {
      case Stage.Pending p -> "Waiting to begin";
      case Stage.Applying a -> "Moving from " + rollout.applied() + " to " + rollout.desired();
      case Stage.Baking b ->
          retaining() ? "Everybody is on the canary, the old system is kept ready" : at("Baking");
      case Stage.Held h -> at("Held");
      case Stage.AwaitingApproval a ->
          at(
              a.reason().code() == Reason.Code.NOT_READY
                  ? "NOT rolled back, waiting for a person"
                  : "Waiting for a person to say go");
      case Stage.RetireReady r -> "Everybody is on the canary, the old system may go";
      case Stage.Paused p -> at("Paused by " + p.actor().name());
      case Stage.RollingBack r ->
          (r.overdue() ? "Rollback NOT confirmed, still asking for " : "Rolling back to ")
              + r.decision().to();
      case Stage.RolledBack r -> "Rolled back to " + r.decision().to();
      case Stage.Completed c -> "Completed at " + rollout.applied();
      case Stage.Aborted a -> at("Aborted by " + a.actor().name());
    };
  }

  private boolean retaining() {
    return rollout.step().kind() == Step.Kind.RETAIN;
  }

  private String at(String what) {
    return what + " at " + rollout.applied();
  }

  private Optional<String> reason() {
    return switch (rollout.stage()) {
      case Stage.Baking b -> opinions();
      case Stage.Completed c -> Optional.empty();
      case Stage.Applying a -> a.trouble().map(t -> "The flag system does not obey: " + stopped(t));
      default -> why().map(WhyView::sentence).filter(s -> !s.isBlank()).map(Headline::stopped);
    };
  }

  /** Which guardrails still keep the gate shut, in few words. */
  private Optional<String> opinions() {
    List<String> unclear =
        rollout.lastAssessment().stream()
            .flatMap(a -> a.checks().stream())
            .filter(c -> c.role() == Metric.Role.GUARDRAIL && c.verdict() != Verdict.PASS)
            .filter(c -> !rollout.waived().contains(c.id()))
            .map(Check::title)
            .distinct()
            .toList();
    if (rollout.lastAssessment().isEmpty()) {
      return Optional.of("No look was taken yet.");
    }
    return switch (unclear.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(unclear.getFirst() + " is unclear.");
      case 2 -> Optional.of(unclear.get(0) + " and " + unclear.get(1) + " are unclear.");
      default -> Optional.of(unclear.size() + " guardrails are unclear.");
    };
  }

  /** What it waits for, or why it ended. */
  Optional<WhyView> why() {
    return switch (rollout.stage()) {
      case Stage.Pending p -> why(p.reason(), p.since());
      case Stage.Applying a ->
          a.trouble().map(trouble -> new WhyView("notApplied", trouble, a.since()));
      case Stage.Baking b -> Optional.empty();
      case Stage.Held h -> why(h.reason(), h.since());
      case Stage.AwaitingApproval a -> why(a.reason(), a.since());
      case Stage.RetireReady r ->
          Optional.of(new WhyView("retentionOver", RETIRE_READY, r.since()));
      case Stage.Paused p -> Optional.of(new WhyView("byHand", p.reason(), p.since()));
      case Stage.RollingBack r -> why(r.decision().reason(), r.since());
      case Stage.RolledBack r -> why(r.decision().reason(), r.at());
      case Stage.Completed c -> Optional.empty();
      case Stage.Aborted a -> Optional.of(new WhyView("byHand", a.reason(), a.at()));
    };
  }

  private static Optional<WhyView> why(Reason reason, Instant since) {
    return Optional.of(new WhyView(Words.of(reason.code()), reason.sentence(), since));
  }

  Optional<ClockView> clock() {
    return switch (rollout.stage()) {
      case Stage.Pending p -> clock("waiting since", p.since());
      case Stage.Applying a -> clock("asked the flag system", a.since());
      case Stage.Baking b -> Optional.of(new ClockView(bakingLabel(), earliestOpening()));
      case Stage.Held h -> clock("held since", h.since());
      case Stage.AwaitingApproval a -> clock("asked", a.since());
      case Stage.RetireReady r -> clock("the retention was over", r.since());
      case Stage.Paused p -> clock("paused", p.since());
      case Stage.RollingBack r ->
          clock(
              "to be confirmed by the flag system until",
              r.since().plus(rollout.plan().rollback().confirmWithin()));
      case Stage.RolledBack r -> clock("rolled back", r.at());
      case Stage.Completed c -> clock("completed", c.at());
      case Stage.Aborted a -> clock("aborted", a.at());
    };
  }

  private static Optional<ClockView> clock(String label, Instant at) {
    return Optional.of(new ClockView(label, at));
  }

  private String bakingLabel() {
    if (retaining()) {
      return "kept ready at least until";
    }
    return rollout.lastStep() ? "complete at the earliest" : "next step at the earliest";
  }

  /** When the look can be taken that completes the least time, if every look until then counts. */
  private Instant earliestOpening() {
    Step step = rollout.step();
    Optional<Instant> kept = RolloutViews.readyUntil(rollout);
    if (kept.isPresent()) {
      return kept.get();
    }
    Duration every = rollout.plan().source().every();
    Duration left = step.atLeast().minus(rollout.dwell());
    if (left.isNegative() || left.isZero()) {
      return rollout.nextLookDue();
    }
    long looks = left.plus(every).minusNanos(1).dividedBy(every);
    return rollout.nextLookDue().plus(every.multipliedBy(looks - 1));
  }

  /** Reasons come with their full stop, answers of flag systems and people do not. */
  private static String stopped(String sentence) {
    String text = sentence.strip();
    return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
