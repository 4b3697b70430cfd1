package dev.sluice.service.dashboard;

import dev.sluice.gates.look.Check;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.service.http.view.CheckView;
import dev.sluice.service.http.view.Times;
import dev.sluice.service.http.view.Words;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened, in words. Looks are left out: there are thousands, and the latest is shown. */
public final class Timeline {
  private Timeline() {}

  /**
   * @param kind for its colour: good, bad, hold, person or plain; " turn" behind it: a verdict
   * @param evidence the checks it stood on; empty where it stood on none
   */
  public record Entry(
      long version, Instant at, String kind, String what, String detail, List<CheckView> evidence) {

    /** With what the latest look before it had found. */
    Entry on(List<CheckView> found) {
      return new Entry(version, at, kind, what, detail, found);
    }
  }

  /** Whether people will want to know what it stood on. */
  static boolean rests(Event event) {
    return event instanceof Event.Decided
        || event instanceof Event.HeldBack
        || event instanceof Event.ApprovalAsked;
  }

  /** A guardrail's verdict that is another one than at the look before. */
  static Entry turned(long version, Instant at, Check before, Check now) {
    String kind =
        switch (now.verdict()) {
          case PASS -> "good";
          case FAIL -> "bad";
          case INCONCLUSIVE, NO_DATA -> "hold";
        };
    String name = now.title() + limit(now) + ": ";
    return new Entry(
        version,
        at,
        kind + " turn",
        name + CheckView.word(Words.of(now.verdict()), now.kind() != Check.Kind.BASELINE),
        "Was "
            + CheckView.word(Words.of(before.verdict()), now.kind() != Check.Kind.BASELINE)
            + ". "
            + now.sentence(),
        List.of());
  }

  private static String limit(Check check) {
    return switch (check.kind()) {
      case BASELINE -> "";
      case MAX -> " (max)";
      case MIN -> " (min)";
    };
  }

  static Optional<Entry> entry(long version, Event event) {
    return switch (event) {
      case Event.LookTaken e -> Optional.empty();
      case Event.StepEntered e -> Optional.empty();
      case Event.Started e ->
          entry(
              version,
              e,
              "plain",
              "Started by " + e.actor().name(),
              e.overFreeze().map(why -> "Although the plan was frozen: " + why).orElse(""));
      case Event.Decided e -> Optional.of(decided(version, e.decision()));
      case Event.ExposureApplied e ->
          entry(version, e, "plain", "The flag system confirmed " + e.exposure(), "");
      case Event.ExposureRefused e ->
          entry(version, e, "bad", "The flag system does not obey", e.detail());
      case Event.SourceLost e ->
          entry(version, e, "bad", "The metrics system cannot be reached", e.detail());
      case Event.SourceBack e -> entry(version, e, "good", "The metrics system is back", "");
      case Event.HeldBack e -> entry(version, e, "hold", "Held", e.reason().sentence());
      case Event.Released e -> entry(version, e, "good", "Goes on: the cause is gone", "");
      case Event.ApprovalAsked e ->
          entry(version, e, "hold", "Asked for a person", e.reason().sentence());
      case Event.Approved e ->
          entry(version, e, "person", "Approved by " + e.actor().name(), e.reason());
      case Event.PausedBy e ->
          entry(version, e, "person", "Paused by " + e.actor().name(), e.reason());
      case Event.ResumedBy e ->
          entry(version, e, "person", "Resumed by " + e.actor().name(), e.reason());
      case Event.RollbackConfirmed e ->
          entry(version, e, "good", "The flag system confirmed the rollback", "");
      case Event.RollbackOverdue e ->
          entry(
              version,
              e,
              "bad",
              "The rollback is not confirmed in time",
              "Users may still be on the canary. It is asked for again, for ever.");
      case Event.RetentionEnding e ->
          entry(
              version,
              e,
              "hold",
              "The retention ends soon",
              "The old system need not be kept ready longer than until "
                  + Times.full(e.endsAt())
                  + ".");
      case Event.Finished e -> entry(version, e, "good", "Completed", "");
      case Event.AbortedBy e ->
          entry(version, e, "bad", "Aborted by " + e.actor().name(), e.reason());
      case Event.SecondAsked e ->
          entry(
              version,
              e,
              "person",
              e.proposal().actor().name() + " asked for a second person",
              e.proposal().reason());
      case Event.Extended e ->
          entry(
              version,
              e,
              "person",
              "Extended by " + e.actor().name() + " until " + Times.full(e.until()),
              e.reason());
      case Event.RetentionOver e ->
          entry(version, e, "good", "The retention is over: the old system may go", "");
      case Event.Retired e ->
          entry(
              version,
              e,
              "person",
              "The old system was let go of by " + e.actor().name(),
              e.reason());
      case Event.ReadinessChanged e -> readiness(version, e);
      case Event.Drifted e ->
          entry(version, e, "bad", "Somebody else moved the flag to " + e.seen(), e.detail());
      case Event.DriftEnded e -> entry(version, e, "good", "The flag is back", "");
      case Event.Observed e -> Optional.empty();
      case Event.EvidenceRenewed e ->
          entry(
              version,
              e,
              "bad",
              "The evidence was made anew",
              "From " + e.replayed() + " of " + e.looks() + " looks: " + e.cause());
    };
  }

  /** Said again, it is no news. */
  private static Optional<Entry> readiness(long version, Event.ReadinessChanged e) {
    if (!e.readiness().since().equals(e.at())) {
      return Optional.empty();
    }
    return e.readiness().ready()
        ? entry(version, e, "good", "The old system is ready for a rollback", "")
        : entry(
            version,
            e,
            "bad",
            "The old system is not ready for a rollback",
            e.readiness().reason());
  }

  private static Optional<Entry> entry(
      long version, Event event, String kind, String what, String detail) {
    return Optional.of(new Entry(version, event.at(), kind, what, detail, List.of()));
  }

  private static Entry decided(long version, Decision decision) {
    String kind =
        switch (decision.kind()) {
          case PROMOTE -> decision.forced() ? "person" : "good";
          case HOLD -> "hold";
          case ROLL_BACK -> "bad";
        };
    String what =
        switch (decision.kind()) {
          case PROMOTE ->
              (decision.forced() ? "Forced" : "Promoted")
                  + " from "
                  + decision.from()
                  + " to "
                  + decision.to();
          case HOLD -> "Held at " + decision.from();
          case ROLL_BACK -> "Rolled back from " + decision.from() + " to " + decision.to();
        };
    return new Entry(version, decision.at(), kind, what, decision.reason().sentence(), List.of());
  }
}
