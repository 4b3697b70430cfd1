package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Plan;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rule between commands, events and states. Pure: the same state, command and instant give the
 * same events.
 *
 * <p>Rolling back needs nothing: no approval, no fresh metrics, no confirmation, and it works while
 * paused, held or blind. Promoting needs everything: an exposure the flag system has confirmed,
 * enough observed time, a gate that is open, a look that is not stale, and an hour in which the
 * plan allows it.
 */
public final class Decider {
  private final ZoneId zone;

  /**
   * @param zone in which the plan's change windows are meant
   */
  public Decider(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * The events with which a rollout of this plan begins, or why it cannot.
   *
   * @param overFreeze why it begins although the plan is frozen after a rollback, where it is
   */
  public Outcome start(
      RolloutId id, Plan plan, Actor actor, Optional<String> overFreeze, Instant now) {
    Event.Started started = new Event.Started(actor, now, overFreeze);
    Story story = new Story(Evolution.begin(id, plan, started), now);
    story.events().add(started);
    new Moves(story, zone).begin(actor);
    return story.accepted();
  }

  /** What a command does to a rollout at this instant. */
  public Outcome decide(Rollout rollout, Command command, Instant now) {
    Story story = new Story(rollout, now);
    Moves moves = new Moves(story, zone);
    if (rollout.ended()) {
      return afterTheEnd(rollout, command, story);
    }
    return switch (command) {
      case Command.TakeLook c -> takeLook(story, moves, c);
      case Command.LoseSource c -> loseSource(story, moves, c);
      case Command.ConfirmApplied c -> confirm(story, c.decisionSequence());
      case Command.ReportNotApplied c -> notApplied(story, c);
      case Command.Tick c -> tick(story, moves);
      case Command.Restarted c -> restarted(story);
      case Command.Pause c -> pause(story, c.actor(), c.reason());
      case Command.Resume c -> resume(story, c);
      case Command.Promote c -> new ByHand(story, moves).promote(c);
      case Command.Approve c -> new ByHand(story, moves).approve(c);
      case Command.Extend c -> new ByHand(story, moves).extend(c);
      case Command.Retire c -> new ByHand(story, moves).retire(c);
      case Command.RollBack c -> rollBack(story, moves, c);
      case Command.Abort c -> abort(story, c);
      case Command.ReportReadiness c -> Reports.readiness(story, c);
      case Command.ReportExposure c -> Reports.exposure(story, c);
      case Command.Observe c -> Reports.observe(story, c);
      case Command.RenewEvidence c -> Reports.evidence(story, c);
    };
  }

  /** What the gate of the present step still lacks, in words; empty when it is open. */
  public Optional<String> whyClosed(Rollout rollout, Instant now) {
    String why = new Moves(new Story(rollout, now), zone).whyClosed();
    return why.isEmpty() ? Optional.empty() : Optional.of(why);
  }

  /** Repeated confirmations and rollbacks are harmless; everything else comes too late. */
  private static Outcome afterTheEnd(Rollout rollout, Command command, Story story) {
    boolean repeated =
        rollout.stage() instanceof Stage.RolledBack && command instanceof Command.RollBack;
    return switch (command) {
      case Command.ConfirmApplied c -> story.accepted();
      case Command.ReportNotApplied c -> story.accepted();
      case Command.Tick c -> story.accepted();
      case Command.Restarted c -> story.accepted();
      case Command.LoseSource c -> story.accepted();
      case Command.TakeLook c -> ended(rollout);
      case Command.RollBack c -> repeated ? story.accepted() : ended(rollout);
      case Command.Pause c -> ended(rollout);
      case Command.Resume c -> ended(rollout);
      case Command.Promote c -> ended(rollout);
      case Command.Approve c -> ended(rollout);
      case Command.Abort c -> ended(rollout);
      case Command.Extend c -> ended(rollout);
      case Command.Retire c -> ended(rollout);
      case Command.ReportReadiness c -> ended(rollout);
      case Command.ReportExposure c -> story.accepted();
      case Command.Observe c -> ended(rollout);
      case Command.RenewEvidence c -> story.accepted();
    };
  }

  static Outcome ended(Rollout rollout) {
    return refused(
        Rejection.Code.ENDED,
        "Rollout "
            + rollout.id()
            + " has ended. Start a new one, or change the flag in its own system.");
  }

  private static Outcome takeLook(Story story, Moves moves, Command.TakeLook c) {
    Rollout rollout = story.rollout();
    if (Evolution.beneath(rollout.stage()) instanceof Stage.Pending) {
      return notNow("It has not begun: looks are counted from its first step.");
    }
    if (c.look() != rollout.looks() + 1) {
      return refused(
          Rejection.Code.OUT_OF_ORDER,
          "Look "
              + c.look()
              + " is not the next one of rollout "
              + rollout.id()
              + ": that is "
              + (rollout.looks() + 1)
              + ".");
    }
    if (rollout.blindSince().isPresent()) {
      story.add(new Event.SourceBack(story.now()));
    }
    story.add(
        new Event.LookTaken(
            c.look(),
            Dwell.credited(story.rollout(), c.assessment()),
            c.assessment(),
            story.now()));
    moves.afterLook(c.assessment());
    return story.accepted();
  }

  /** Said once; the attempts that follow count the silence. */
  private static Outcome loseSource(Story story, Moves moves, Command.LoseSource c) {
    boolean begun = !(Evolution.beneath(story.rollout().stage()) instanceof Stage.Pending);
    if (begun && story.rollout().blindSince().isEmpty()) {
      story.add(new Event.SourceLost(c.detail(), story.now()));
    } else if (begun) {
      moves.doubtOldWord();
      moves.stillBlind(c.attempt());
    }
    return story.accepted();
  }

  private static Outcome confirm(Story story, long sequence) {
    Rollout rollout = story.rollout();
    boolean current = rollout.lastDecision().filter(d -> d.sequence() == sequence).isPresent();
    if (!current) {
      return story.accepted();
    }
    if (rollout.stage() instanceof Stage.RollingBack) {
      story.add(new Event.RollbackConfirmed(story.now()));
    } else if (rollout.appliedAt().isEmpty()) {
      story.add(new Event.ExposureApplied(rollout.desired(), story.now()));
    }
    return story.accepted();
  }

  /** Said once for each new answer of the flag system, not once for each attempt. */
  private static Outcome notApplied(Story story, Command.ReportNotApplied c) {
    Rollout rollout = story.rollout();
    boolean current =
        rollout.lastDecision().filter(d -> d.sequence() == c.decisionSequence()).isPresent();
    if (current
        && Evolution.beneath(rollout.stage()) instanceof Stage.Applying a
        && a.trouble().filter(c.detail()::equals).isEmpty()) {
      story.add(new Event.ExposureRefused(c.detail(), story.now()));
    }
    return story.accepted();
  }

  private static Outcome tick(Story story, Moves moves) {
    Rollout rollout = story.rollout();
    if (rollout.stage() instanceof Stage.Pending) {
      moves.begin(rollout.startedBy());
    } else if (rollout.stage() instanceof Stage.RollingBack r
        && !r.overdue()
        && story.now().isAfter(r.since().plus(rollout.plan().rollback().confirmWithin()))) {
      story.add(new Event.RollbackOverdue(story.now()));
    }
    return story.accepted();
  }

  /** A rollback goes on, whatever the plan says of restarts. */
  private static Outcome restarted(Story story) {
    if (story.rollout().stage() instanceof Stage.RollingBack) {
      return story.accepted();
    }
    return switch (story.rollout().plan().policy().onServiceRestart()) {
      case RESUME -> story.accepted();
      case HOLD ->
          pause(story, Actor.ENGINE, "The service was restarted, and the plan says to hold then.");
    };
  }

  private static Outcome pause(Story story, Actor actor, String reason) {
    Stage stage = story.rollout().stage();
    if (stage instanceof Stage.RollingBack) {
      return notNow("It is being rolled back; that is not paused.");
    }
    if (!(stage instanceof Stage.Paused)) {
      story.add(new Event.PausedBy(actor, reason, story.now()));
    }
    return story.accepted();
  }

  private static Outcome resume(Story story, Command.Resume c) {
    if (!(story.rollout().stage() instanceof Stage.Paused)) {
      return notNow("It is not paused.");
    }
    story.add(new Event.ResumedBy(c.actor(), c.reason(), story.now()));
    return story.accepted();
  }

  private static Outcome rollBack(Story story, Moves moves, Command.RollBack c) {
    if (!(story.rollout().stage() instanceof Stage.RollingBack)) {
      String sentence = ByHand.said(c.actor(), "rolled back", c.reason());
      moves.back(new Reason(Reason.Code.BY_HAND, sentence), c.actor());
    }
    return story.accepted();
  }

  private static Outcome abort(Story story, Command.Abort c) {
    if (story.rollout().stage() instanceof Stage.RollingBack) {
      return notNow("It is being rolled back; that is finished first.");
    }
    if (c.reason().isBlank()) {
      return refused(
          Rejection.Code.REASON_MISSING,
          "Aborting leaves "
              + story.rollout().applied()
              + " of the users on the canary with nobody watching: say why.");
    }
    story.add(new Event.AbortedBy(c.actor(), c.reason(), story.now()));
    return story.accepted();
  }

  private static Outcome notNow(String sentence) {
    return refused(Rejection.Code.NOT_NOW, sentence);
  }

  private static Outcome refused(Rejection.Code code, String sentence) {
    return new Outcome.Refused(new Rejection(code, sentence));
  }

  /** The events so far, and the state they lead to. */
  static final class Story {
    private final List<Event> events = new ArrayList<>();
    private final Instant now;
    private Rollout rollout;

    Story(Rollout rollout, Instant now) {
      this.rollout = rollout;
      this.now = now;
    }

    void add(Event event) {
      events.add(event);
      rollout = Evolution.evolve(rollout, event);
    }

    List<Event> events() {
      return events;
    }

    Rollout rollout() {
      return rollout;
    }

    Instant now() {
      return now;
    }

    Outcome accepted() {
      return new Outcome.Accepted(events);
    }
  }
}
