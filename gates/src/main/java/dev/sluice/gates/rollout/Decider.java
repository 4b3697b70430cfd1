package dev.sluice.gates.rollout;

import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
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

  /** The events with which a rollout of this plan begins, or why it cannot. */
  public Outcome start(RolloutId id, Plan plan, Actor actor, Instant now) {
    List<String> unsupported = unsupported(plan);
    if (!unsupported.isEmpty()) {
      return refused(
          Rejection.Code.NOT_SUPPORTED,
          "This version cannot run "
              + String.join(", ", unsupported)
              + ". Take them out of the plan to start it.");
    }
    Event.Started started = new Event.Started(actor, now);
    Story story = new Story(Evolution.begin(id, plan, started), now);
    story.events().add(started);
    new Moves(story, zone).begin(actor);
    return story.accepted();
  }

  private static List<String> unsupported(Plan plan) {
    List<String> found = new ArrayList<>();
    for (Step step : plan.steps()) {
      switch (step.kind()) {
        case SHADOW, VERIFY ->
            found.add(
                "step '"
                    + step.id()
                    + "' of kind "
                    + step.kind().name().toLowerCase(java.util.Locale.ROOT));
        case EXPOSE, APPROVE, RETAIN -> {}
      }
    }
    for (Metric metric : plan.metrics()) {
      if (metric instanceof Metric.Pushed) {
        found.add("metric '" + metric.id() + "' of type pushed");
      }
    }
    return found;
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
      case Command.LoseSource c -> loseSource(story, c);
      case Command.ConfirmApplied c -> confirm(story, c.decisionSequence());
      case Command.ReportNotApplied c -> notApplied(story, c);
      case Command.Tick c -> tick(story, moves);
      case Command.Restarted c -> restarted(story);
      case Command.Pause c -> pause(story, c.actor(), c.reason());
      case Command.Resume c -> resume(story, c);
      case Command.Promote c -> promote(story, moves, c);
      case Command.Approve c -> approve(story, moves, c);
      case Command.RollBack c -> rollBack(story, moves, c);
      case Command.Abort c -> abort(story, c);
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
    };
  }

  private static Outcome ended(Rollout rollout) {
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

  private static Outcome loseSource(Story story, Command.LoseSource c) {
    boolean begun = !(Evolution.beneath(story.rollout().stage()) instanceof Stage.Pending);
    if (begun && story.rollout().blindSince().isEmpty()) {
      story.add(new Event.SourceLost(c.detail(), story.now()));
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

  private static Outcome promote(Story story, Moves moves, Command.Promote c) {
    Rollout rollout = story.rollout();
    return switch (rollout.stage()) {
      case Stage.Paused p -> pausedBy(p);
      case Stage.RollingBack r -> notNow("It is being rolled back.");
      case Stage.Applying a ->
          notNow(
              "The flag system has not confirmed "
                  + rollout.desired()
                  + " yet"
                  + a.trouble().map(t -> ": " + t).orElse("."));
      case Stage.Pending p -> beginByHand(story, moves, c);
      case Stage.Baking b -> byHand(story, moves, c.actor(), c.reason());
      case Stage.Held h -> byHand(story, moves, c.actor(), c.reason());
      case Stage.AwaitingApproval a -> byHand(story, moves, c.actor(), c.reason());
      case Stage.RolledBack r -> ended(rollout);
      case Stage.Completed d -> ended(rollout);
      case Stage.Aborted a -> ended(rollout);
    };
  }

  /** Beginning outside the plan's hours is going over its gate. */
  private static Outcome beginByHand(Story story, Moves moves, Command.Promote c) {
    if (!moves.mayBegin() && c.reason().isBlank()) {
      return refused(
          Rejection.Code.REASON_MISSING,
          "The plan lets the exposure be raised only in certain hours, and this is not one of"
              + " them. Say why you begin all the same.");
    }
    moves.beginByHand(
        new Reason(Reason.Code.BY_HAND, said(c.actor(), "began", c.reason())), c.actor());
    return story.accepted();
  }

  private static Outcome approve(Story story, Moves moves, Command.Approve c) {
    if (story.rollout().stage() instanceof Stage.Paused p) {
      return pausedBy(p);
    }
    if (!(story.rollout().stage() instanceof Stage.AwaitingApproval)) {
      return notNow(
          "Nobody was asked for an approval. Use promote, with a reason, to go on by hand.");
    }
    return byHand(story, moves, c.actor(), c.reason());
  }

  /**
   * Going on by hand. Where the gate is not open it is a forced promotion, and stays marked as one.
   */
  private static Outcome byHand(Story story, Moves moves, Actor actor, String reason) {
    Rollout rollout = story.rollout();
    boolean forced = moves.closed();
    if (forced && reason.isBlank()) {
      return refused(
          Rejection.Code.REASON_MISSING,
          "The gate of step "
              + rollout.step().id()
              + " is not open: "
              + moves.whyClosed()
              + " Say why you go on all the same.");
    }
    if (rollout.stage() instanceof Stage.AwaitingApproval) {
      story.add(new Event.Approved(actor, reason, story.now()));
    }
    moves.next(new Reason(Reason.Code.BY_HAND, said(actor, "went on", reason)), actor, forced);
    return story.accepted();
  }

  private static Outcome rollBack(Story story, Moves moves, Command.RollBack c) {
    if (!(story.rollout().stage() instanceof Stage.RollingBack)) {
      String sentence = said(c.actor(), "rolled back", c.reason());
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

  private static Outcome pausedBy(Stage.Paused paused) {
    return notNow("It is paused by " + paused.actor().name() + ": resume it first.");
  }

  /** "anna went on by hand: the batch job is known to be slow"; machines have no hands. */
  private static String said(Actor actor, String did, String reason) {
    String how =
        switch (actor.kind()) {
          case PERSON -> " by hand";
          case ENGINE, CONTROLLER -> "";
        };
    return actor.name() + " " + did + how + (reason.isBlank() ? "." : ": " + reason);
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
