package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.RollbackRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who must be told what because of an event. Pure: the same event gives the same messages with the
 * same keys.
 */
public final class Announcements {
  private Announcements() {}

  private record News(Notify.Topic topic, String headline) {}

  /**
   * @param after the state right after the event
   */
  public static List<Outgoing> of(Event event, Rollout after) {
    List<Outgoing> outgoing = new ArrayList<>();
    flagCommand(event, after).ifPresent(outgoing::add);
    news(event, after).ifPresent(news -> announce(news, event, after, outgoing));
    return outgoing;
  }

  private static Optional<Outgoing> flagCommand(Event event, Rollout after) {
    Plan plan = after.plan();
    if (!(event instanceof Event.Decided decided)
        || plan.flag().isEmpty()
        || plan.policy().dryRun()) {
      return Optional.empty();
    }
    Decision decision = decided.decision();
    return action(decision, plan.rollback())
        .map(action -> new Outgoing.SetExposure(plan.flag().get(), decision, action, after));
  }

  private static Optional<RollbackRule.Action> action(Decision decision, RollbackRule rule) {
    return switch (decision.kind()) {
      case HOLD -> Optional.empty();
      case PROMOTE ->
          decision.from().compareTo(decision.to()) == 0
              ? Optional.empty()
              : Optional.of(RollbackRule.Action.PERCENT);
      case ROLL_BACK -> first(decision) ? Optional.empty() : Optional.of(rule.action());
    };
  }

  /**
   * A rollback that is the first decision takes back what never began: the flag has not been
   * touched and may be doing somebody else's work.
   */
  private static boolean first(Decision decision) {
    return decision.sequence() == 1;
  }

  private static void announce(News news, Event event, Rollout after, List<Outgoing> outgoing) {
    String key =
        "v"
            + after.version()
            + "-"
            + news.topic().name().toLowerCase(Locale.ROOT).replace('_', '-');
    for (Notify notify : after.plan().notifications()) {
      if (notify.wants(news.topic())) {
        outgoing.add(
            new Outgoing.Announce(notify, news.topic(), key, news.headline(), event, after));
      }
    }
  }

  private static Optional<News> news(Event event, Rollout after) {
    String name = after.plan().name() + (after.plan().policy().dryRun() ? " (dry run)" : "");
    String step = after.step().id();
    return switch (event) {
      case Event.Started e -> Optional.empty();
      case Event.StepEntered e -> Optional.empty();
      case Event.ExposureApplied e -> Optional.empty();
      case Event.LookTaken e -> Optional.empty();
      case Event.SourceBack e -> news(Notify.Topic.PROGRESS, name + ": metrics are back");
      case Event.Released e -> news(Notify.Topic.PROGRESS, name + " goes on at " + step);
      case Event.Approved e ->
          news(Notify.Topic.PROGRESS, name + ": " + e.actor().name() + " said go at " + step);
      case Event.ExposureRefused e ->
          news(Notify.Topic.ERROR, name + ": the flag system does not obey: " + e.detail());
      case Event.SourceLost e -> news(Notify.Topic.ERROR, name + " is blind: " + e.detail());
      case Event.Decided e -> decided(e.decision(), after, name);
      case Event.HeldBack e ->
          news(Notify.Topic.HELD, name + " holds at " + step + ": " + e.reason().sentence());
      case Event.ApprovalAsked e -> asked(e.reason(), name, step);
      case Event.PausedBy e ->
          news(Notify.Topic.HELD, name + " was paused by " + e.actor().name() + said(e.reason()));
      case Event.ResumedBy e ->
          news(Notify.Topic.PROGRESS, name + " was resumed by " + e.actor().name());
      case Event.RollbackConfirmed e ->
          news(Notify.Topic.ROLLED_BACK, name + " is rolled back to " + after.applied());
      case Event.RollbackOverdue e ->
          news(
              Notify.Topic.ROLLBACK_FAILED,
              name + ": the rollback is not confirmed; users may still be on the canary");
      case Event.RetentionEnding e ->
          news(
              Notify.Topic.RETENTION_ENDING,
              name + ": the old system need not be kept ready longer than until " + e.endsAt());
      case Event.Finished e -> news(Notify.Topic.COMPLETED, name + " is complete");
      case Event.AbortedBy e ->
          news(
              Notify.Topic.COMPLETED,
              name
                  + " was aborted by "
                  + e.actor().name()
                  + " at "
                  + after.applied()
                  + said(e.reason()));
      case Event.SecondAsked e ->
          news(Notify.Topic.APPROVAL, name + ": " + secondAsked(e.proposal(), step));
      case Event.Extended e ->
          news(
              Notify.Topic.PROGRESS,
              name
                  + ": "
                  + e.actor().name()
                  + " extended step "
                  + step
                  + " until "
                  + e.until()
                  + said(e.reason()));
      case Event.RetentionOver e ->
          news(
              Notify.Topic.APPROVAL,
              name + ": the old system may go; it is kept ready until somebody says retire");
      case Event.Retired e ->
          news(
              Notify.Topic.PROGRESS,
              name + ": " + e.actor().name() + " let go of the old system" + said(e.reason()));
      case Event.ReadinessChanged e ->
          e.readiness().since().equals(e.at()) ? readiness(e.readiness(), name) : Optional.empty();
      case Event.Drifted e ->
          news(
              Notify.Topic.ERROR,
              name
                  + (e.seen().equals(after.applied())
                      ? ": somebody else changed which users are on the canary"
                      : ": somebody else moved the flag to " + e.seen())
                  + said(e.detail()));
      case Event.DriftEnded e ->
          news(Notify.Topic.PROGRESS, name + ": the flag is back at " + after.applied());
      case Event.Observed e -> Optional.empty();
      case Event.EvidenceRenewed e -> news(Notify.Topic.ERROR, name + ": " + renewed(e));
    };
  }

  private static String secondAsked(Proposal proposal, String step) {
    String wish =
        switch (proposal.act()) {
          case PROMOTE -> " wants to go on at " + step;
          case APPROVE -> " says go at " + step;
          case RETIRE -> " wants to let go of the old system";
        };
    return proposal.actor().name()
        + wish
        + (proposal.forced() ? " over a gate that is not open" : "")
        + ", and a second person has to agree"
        + said(proposal.reason());
  }

  /** Losing the way back is worth waking somebody. */
  private static Optional<News> readiness(Readiness readiness, String name) {
    return readiness.ready()
        ? news(Notify.Topic.PROGRESS, name + ": the old system is ready for a rollback")
        : news(
            Notify.Topic.ERROR,
            name
                + ": the old system is NOT ready for a rollback since "
                + readiness.since()
                + said(readiness.reason()));
  }

  /** What was made anew is as good as what it was made from, and people must know from what. */
  public static String renewed(Event.EvidenceRenewed e) {
    return "the evidence could not be read and was made anew from "
        + e.replayed()
        + " of "
        + e.looks()
        + " looks: "
        + e.cause();
  }

  private static Optional<News> decided(Decision decision, Rollout after, String name) {
    return switch (decision.kind()) {
      case HOLD -> Optional.empty();
      case ROLL_BACK ->
          news(
              Notify.Topic.REGRESSION,
              name + " rolls back from " + decision.from() + ": " + decision.reason().sentence());
      case PROMOTE -> promoted(decision, after, name);
    };
  }

  /** The end of the last step is told as the end of the rollout, unless somebody forced it. */
  private static Optional<News> promoted(Decision decision, Rollout after, String name) {
    if (first(decision)) {
      return news(
          Notify.Topic.STARTED,
          name
              + (decision.forced() ? " was forced to start with " : " starts with ")
              + decision.to());
    }
    if (decision.from().compareTo(decision.to()) != 0) {
      return news(
          Notify.Topic.STEP,
          name
              + (decision.forced() ? " was forced from " : " goes from ")
              + decision.from()
              + " to "
              + decision.to());
    }
    if (decision.reason().code() == Reason.Code.RETENTION_OVER) {
      return Optional.empty();
    }
    if (after.retaining()
        && decision.sequence() > 1
        && decision.stepId().equals(after.step().id())) {
      return news(Notify.Topic.STEP, name + ": " + decision.reason().sentence());
    }
    return after.lastStep() && !decision.forced()
        ? Optional.empty()
        : news(
            Notify.Topic.STEP,
            name
                + (decision.forced() ? " was forced past step " : " has done step ")
                + decision.stepId());
  }

  private static Optional<News> asked(Reason reason, String name, String step) {
    boolean unclear =
        reason.code() == Reason.Code.INCONCLUSIVE || reason.code() == Reason.Code.TIMED_OUT;
    if (reason.code() == Reason.Code.NOT_READY) {
      return news(
          Notify.Topic.ROLLBACK_FAILED,
          name + " should be rolled back and is NOT: " + reason.sentence());
    }
    Notify.Topic topic = unclear ? Notify.Topic.INCONCLUSIVE : Notify.Topic.APPROVAL;
    return news(topic, name + " asks at " + step + ": " + reason.sentence());
  }

  private static Optional<News> news(Notify.Topic topic, String headline) {
    return Optional.of(new News(topic, headline));
  }

  private static String said(String reason) {
    return reason.isBlank() ? "" : ": " + reason;
  }
}
