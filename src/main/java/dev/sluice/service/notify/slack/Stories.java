package dev.sluice.service.notify.slack;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Durations;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Readiness;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The words of one message. Written to be read at three in the morning: short, and what to do. */
final class Stories {
  private static final String WATCHED = " Looks go on, and a regression still rolls back.";

  private final Outgoing.Announce news;
  private final Rollout rollout;
  private final Plan plan;
  private final String name;

  private Stories(Outgoing.Announce news) {
    this.news = news;
    this.rollout = news.rollout();
    this.plan = rollout.plan();
    this.name = plan.name();
  }

  static Story of(Outgoing.Announce news) {
    return new Stories(news).story();
  }

  private Story story() {
    return switch (news.event()) {
      case Event.Decided e -> decided(e.decision());
      case Event.HeldBack e -> held(e.reason());
      case Event.ApprovalAsked e -> asked(e.reason());
      case Event.PausedBy e -> paused(e);
      case Event.ExposureRefused e -> refused(e.detail());
      case Event.SourceLost e -> blind(e.detail());
      case Event.RollbackConfirmed e -> rolledBack(e.at());
      case Event.RollbackOverdue e -> overdue(e.at());
      case Event.RetentionEnding e -> retentionEnds(e.endsAt());
      case Event.Finished e -> finished();
      case Event.AbortedBy e -> aborted(e);
      case Event.ResumedBy e -> plain("resumed", "It goes on where it was." + WATCHED);
      case Event.Approved e -> plain("somebody said go", "The next step begins." + WATCHED);
      case Event.SourceBack e ->
          plain("metrics are back", "The looks that were missed are made up for, in order.");
      case Event.Released e -> plain("goes on", "What it was held for is gone." + WATCHED);
      case Event.Started e -> plain("started", "");
      case Event.StepEntered e -> plain("at " + rollout.step().id(), "");
      case Event.ExposureApplied e -> plain("now at " + e.exposure(), "");
      case Event.LookTaken e -> plain("look " + e.look(), "");
      case Event.SecondAsked e -> secondAsked(e.proposal());
      case Event.Extended e -> plain("extended", "It has until " + Mrkdwn.utc(e.until()) + ".");
      case Event.RetentionOver e -> retentionOver();
      case Event.Retired e -> plain("the old system is let go of", "Nobody can be taken back.");
      case Event.ReadinessChanged e -> readiness(e.readiness());
      case Event.Drifted e ->
          plain(
              "somebody else moved the flag",
              "It is held. Put the flag back, roll back, or go on with a reason." + WATCHED);
      case Event.DriftEnded e -> plain("the flag is back", "It goes on at the next look.");
      case Event.Observed e -> plain("observed", "");
      case Event.EvidenceRenewed e ->
          plain("the evidence was made anew", "Harm that was only in the old evidence is lost.");
    };
  }

  private Story secondAsked(Proposal proposal) {
    return new Story(
        "%s: a second person has to agree".formatted(name),
        news.headline(),
        "Somebody other than %s agrees on the rollout's page before %s, or nothing happens."
            .formatted(proposal.actor().name(), Mrkdwn.utc(proposal.at().plus(Proposal.LIFE))),
        "");
  }

  private Story retentionOver() {
    return new Story(
        "%s: the old system may go".formatted(name),
        "It was kept ready for as long as the plan wants.",
        "It stays ready until somebody says retire on the rollout's page. After that nobody can be"
            + " taken back."
            + WATCHED,
        "");
  }

  private Story readiness(Readiness readiness) {
    return readiness.ready()
        ? plain("the way back is open", "A regression takes everybody back by itself.")
        : plain(
            "the way back is CLOSED",
            "A regression at 100 % calls a person and takes nobody back. Repair the old system, or"
                + " plan without it.");
  }

  private Story plain(String header, String next) {
    return new Story(name + ": " + header, news.headline(), next, "");
  }

  private Story decided(Decision decision) {
    return switch (decision.kind()) {
      case ROLL_BACK -> rollsBack(decision);
      case PROMOTE -> promoted(decision);
      case HOLD -> plain("holds at " + decision.from(), decision.reason().sentence());
    };
  }

  private Story rollsBack(Decision decision) {
    RollbackRule rule = plan.rollback();
    return new Story(
        "%s rolls back: %s → %s".formatted(name, decision.from(), decision.to()),
        Reasons.why(decision.reason(), rollout),
        plan.flag().map(flag -> commanded(flag, rule)).orElse(byYou(decision)),
        Reasons.sure(decision, rollout));
  }

  private String commanded(FlagTarget flag, RollbackRule rule) {
    if (plan.policy().dryRun()) {
      return "Nothing is changed: this is a dry run.";
    }
    String order =
        switch (rule.action()) {
          case DISABLE -> "to turn the flag off";
          case PERCENT -> "to go to " + rule.to();
        };
    return "%s is told %s. If it has not confirmed within %s, you hear of it here."
        .formatted(flag.target(), order, Durations.words(rule.confirmWithin()));
  }

  private static String byYou(Decision decision) {
    return "This plan drives no flag: whoever moves the traffic must take it to %s now."
        .formatted(decision.to());
  }

  private Story promoted(Decision decision) {
    boolean first = decision.reason().code() == Reason.Code.STARTED;
    Step step = plan.steps().get(first ? rollout.stepIndex() : entered());
    String move = "%s → %s".formatted(decision.from(), decision.to());
    String header =
        first
            ? "%s starts: %s".formatted(name, move)
            : "%s %s: %s".formatted(name, decision.forced() ? "is forced on" : "goes on", move);
    return new Story(
        header,
        Reasons.why(decision.reason(), rollout),
        upcoming(step),
        Reasons.sure(decision, rollout));
  }

  private int entered() {
    return Math.min(rollout.stepIndex() + 1, plan.steps().size() - 1);
  }

  private String upcoming(Step step) {
    String where = "step %s (%s)".formatted(step.id(), place(step));
    return switch (step.kind()) {
      case APPROVE ->
          "%s: %s must say go.".formatted(Capital.first(where), Reasons.approvers(step));
      case RETAIN ->
          "%s: the old system is kept ready for %s."
              .formatted(Capital.first(where), Durations.words(step.atLeast()));
      case EXPOSE, SHADOW, VERIFY ->
          "%s at %s: watched for at least %s%s, left when %s."
              .formatted(
                  Capital.first(where),
                  step.exposure(),
                  Durations.words(step.atLeast()),
                  step.atMost().map(most -> ", at most " + Durations.words(most)).orElse(""),
                  Reasons.needed(step));
    };
  }

  String place(Step step) {
    return (plan.steps().indexOf(step) + 1) + " of " + plan.steps().size();
  }

  private Story held(Reason reason) {
    String next =
        switch (reason.code()) {
          case TIMED_OUT -> "It stays here until somebody goes on by hand or rolls back." + WATCHED;
          case CHANGE_WINDOW -> "It goes on by itself when those hours come." + WATCHED;
          case REGRESSION, LIMIT_BROKEN ->
              "The plan says to hold and not to roll back here: users stay on the canary. Roll back by hand if that is wrong.";
          default -> "It goes on by itself when the cause is gone." + WATCHED;
        };
    return new Story(
        "%s is held at %s".formatted(name, rollout.applied()),
        Reasons.why(reason, rollout),
        next,
        "");
  }

  private Story asked(Reason reason) {
    if (reason.code() == Reason.Code.NOT_READY) {
      return new Story(
          "%s SHOULD BE ROLLED BACK AND IS NOT".formatted(name),
          Reasons.why(reason, rollout),
          "Decide now: roll back by hand, or repair the canary. Users stay on it until then.",
          "");
    }
    boolean unclear =
        reason.code() == Reason.Code.INCONCLUSIVE || reason.code() == Reason.Code.TIMED_OUT;
    if (unclear) {
      return new Story(
          "%s: no clear answer at %s, please decide".formatted(name, rollout.applied()),
          Reasons.why(reason, rollout),
          "Choose on the rollout's page: wait%s, go on with a reason, or roll back."
              .formatted(Reasons.howMuchLonger(rollout)),
          "Neither harm nor safety is proven so far.");
    }
    boolean worse =
        reason.code() == Reason.Code.REGRESSION || reason.code() == Reason.Code.LIMIT_BROKEN;
    return new Story(
        worse
            ? "%s is worse at %s, please decide".formatted(name, rollout.applied())
            : "%s waits for a go at %s".formatted(name, rollout.step().id()),
        Reasons.why(reason, rollout),
        worse
            ? "Roll back, or go on with a reason: on the rollout's page. Users stay on the canary until then."
            : "%s can say go on the rollout's page."
                    .formatted(Capital.first(Reasons.approvers(rollout.step())))
                + WATCHED,
        worse ? Reasons.falseAlarm(plan) : "");
  }

  private Story paused(Event.PausedBy event) {
    return new Story(
        "%s is paused at %s".formatted(name, rollout.applied()),
        Reasons.by(event.actor()) + " paused it" + Reasons.said(event.reason()),
        "Nothing is raised until somebody resumes it." + WATCHED,
        "");
  }

  private Story refused(String detail) {
    String flag = plan.flag().map(f -> "flag " + flagName(f)).orElse("the flag");
    return new Story(
        "%s: the flag system does not obey".formatted(name),
        "%s should go to %s. Answer: %s".formatted(Capital.first(flag), rollout.desired(), detail),
        "It is told again, at least every half hour. Users stay at %s; nothing is counted as observed meanwhile."
            .formatted(rollout.applied()),
        "");
  }

  private Story blind(String detail) {
    return new Story(
        "%s is blind at %s".formatted(name, rollout.applied()),
        "The metrics system %s cannot be asked: %s".formatted(plan.source().prometheus(), detail),
        "Nothing is raised, and a regression cannot be seen. The missed looks are made up for when it is back. If that takes long, watch by other means or roll back: that needs no metrics.",
        "");
  }

  private Story rolledBack(Instant at) {
    Duration freeze = plan.rollback().freeze();
    String cause =
        rollout.lastDecision().map(d -> " Why: " + Reasons.why(d.reason(), rollout)).orElse("");
    return new Story(
        "%s is rolled back to %s".formatted(name, plan.rollback().to()),
        confirmed() + cause,
        freeze.isZero()
            ? "The plan can be started again when the cause is known."
            : "The plan can be started again in %s, from %s on."
                .formatted(Durations.words(freeze), Mrkdwn.utc(at.plus(freeze))),
        "");
  }

  private String confirmed() {
    if (plan.policy().dryRun()) {
      return "A dry run: nothing was changed.";
    }
    return plan.flag().isEmpty()
        ? "This plan drives no flag: see that the traffic is back."
        : "The flag system has confirmed it.";
  }

  private Story overdue(Instant at) {
    String since =
        rollout.stage() instanceof Stage.RollingBack r
            ? Durations.words(Duration.between(r.since(), at)) + " ago"
            : "a while ago";
    String flag = plan.flag().map(f -> "flag " + flagName(f)).orElse("the flag");
    return new Story(
        "%s: ROLLBACK NOT CONFIRMED".formatted(name),
        "The rollback was commanded %s and the flag system has not confirmed it. Users may still be on the canary."
            .formatted(since),
        "Turn off %s by hand now. Sluice goes on telling it at least once a minute."
            .formatted(flag),
        "");
  }

  private static String flagName(FlagTarget flag) {
    return "%s%s in %s"
        .formatted(
            flag.key(),
            flag.environment().map(environment -> " (" + environment + ")").orElse(""),
            flag.target());
  }

  private Story retentionEnds(Instant endsAt) {
    return new Story(
        "%s: the retention ends soon".formatted(name),
        "The old system need not be kept ready longer than until %s.".formatted(Mrkdwn.utc(endsAt)),
        "If you are not sure, extend it with a reason. After its end somebody has to say retire; until then a rollback is one click.",
        "");
  }

  private Story finished() {
    return new Story(
        "%s is complete at %s".formatted(name, rollout.applied()),
        "All %d steps are done, %s after the start."
            .formatted(
                plan.steps().size(),
                Durations.words(Duration.between(rollout.startedAt(), rollout.updatedAt()))),
        "Sluice looks no more; the flag stays as it is.",
        "");
  }

  private Story aborted(Event.AbortedBy event) {
    return new Story(
        "%s was aborted at %s".formatted(name, rollout.applied()),
        Reasons.by(event.actor()) + " aborted it" + Reasons.said(event.reason()),
        "%s of the users stay on the canary, and nobody watches any more."
            .formatted(rollout.applied()),
        "");
  }

  static Optional<String> flagLine(Plan plan) {
    return plan.flag().map(Stories::flagName);
  }
}
