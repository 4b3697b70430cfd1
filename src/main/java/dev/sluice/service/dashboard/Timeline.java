package dev.sluice.service.dashboard;

import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.service.http.view.Times;
import java.time.Instant;
import java.util.Optional;

/** What happened, in words. Looks are left out: there are thousands, and the latest is shown. */
public final class Timeline {
  private Timeline() {}

  /**
   * @param kind for its colour: good, bad, hold, person or plain
   */
  public record Entry(long version, Instant at, String kind, String what, String detail) {}

  static Optional<Entry> entry(long version, Event event) {
    return switch (event) {
      case Event.LookTaken e -> Optional.empty();
      case Event.StepEntered e -> Optional.empty();
      case Event.Started e -> entry(version, e, "plain", "Started by " + e.actor().name(), "");
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
              "The old system is kept ready until " + Times.full(e.endsAt()) + ".");
      case Event.Finished e -> entry(version, e, "good", "Completed", "");
      case Event.AbortedBy e ->
          entry(version, e, "bad", "Aborted by " + e.actor().name(), e.reason());
    };
  }

  private static Optional<Entry> entry(
      long version, Event event, String kind, String what, String detail) {
    return Optional.of(new Entry(version, event.at(), kind, what, detail));
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
    return new Entry(version, decision.at(), kind, what, decision.reason().sentence());
  }
}
