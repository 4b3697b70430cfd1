package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What the engine does with a rollout: begin, judge a look, go on, go back. Adds events to a story.
 */
final class Moves {
  private final Decider.Story story;
  private final ZoneId zone;

  Moves(Decider.Story story, ZoneId zone) {
    this.story = story;
    this.zone = zone;
  }

  /** Enters the first step, now or when its hours have come. */
  void begin(Actor actor) {
    if (mayRaise(0)) {
      enter(0, new Reason(Reason.Code.STARTED, "The rollout begins."), actor, false);
    }
  }

  /** Enters the first step because a person says so, whatever the hour. */
  void beginByHand(Reason reason, Actor actor) {
    enter(0, reason, actor, !mayRaise(0));
  }

  /** Whether the plan lets the first step begin at this hour. */
  boolean mayBegin() {
    return mayRaise(0);
  }

  /** The engine's answer to a look. */
  void afterLook(Assessment assessment) {
    doubtOldWord();
    switch (story.rollout().stage()) {
      case Stage.Applying a -> guard(assessment);
      case Stage.Paused p -> watchPaused(assessment);
      case Stage.Baking b -> judge(assessment);
      case Stage.Held h -> judge(assessment);
      case Stage.AwaitingApproval a -> judge(assessment);
      case Stage.RetireReady r -> guard(assessment);
      case Stage.Pending p -> {}
      case Stage.RollingBack r -> {}
      case Stage.RolledBack r -> {}
      case Stage.Completed c -> {}
      case Stage.Aborted a -> {}
    }
  }

  /** Where nothing may be raised, a regression still takes the canary back. */
  private boolean guard(Assessment assessment) {
    Standing standing = standing(assessment);
    Optional<Reason> unseen = standing.deadMan();
    if (unseen.isPresent()) {
      takeBack(unseen.get());
      return true;
    }
    Optional<Reason> regression = standing.regression();
    regression.ifPresent(this::onRegression);
    return regression.isPresent();
  }

  private Standing standing(Assessment assessment) {
    return new Standing(story.rollout(), assessment, story.now());
  }

  /** The metrics system could not be reached once more. */
  void stillBlind(int attempt) {
    Rollout rollout = story.rollout();
    Stage stage = Evolution.beneath(rollout.stage());
    if (!stage.watched()) {
      return;
    }
    Silence silence = Silence.blind(rollout, attempt, story.now());
    Optional<Reason> back = silence.rollBack();
    if (back.isPresent()) {
      takeBack(back.get());
    } else if (stage instanceof Stage.Baking || stage instanceof Stage.Held) {
      silence.hold().ifPresent(this::hold);
    }
  }

  /** Who has not said for too long that the old system is ready is not believed any more. */
  void doubtOldWord() {
    story
        .rollout()
        .readiness()
        .filter(said -> said.staleAt(story.now()))
        .ifPresent(
            said ->
                story.add(
                    new Event.ReadinessChanged(
                        new Readiness(
                            false,
                            Actor.ENGINE,
                            said.actor().name() + " has not said for too long that it is ready.",
                            story.now(),
                            Optional.empty()),
                        story.now())));
  }

  /**
   * Takes the canary back by itself. In the retention only to an old system that is ready: where it
   * is not, a person is called, because taking everybody back to it may be the second accident.
   */
  private void takeBack(Reason reason) {
    Rollout rollout = story.rollout();
    boolean begun = !(Evolution.beneath(rollout.stage()) instanceof Stage.Applying);
    if (!rollout.retaining() || !begun || rollout.backIsReady()) {
      back(reason, Actor.ENGINE);
      return;
    }
    String why = rollout.readiness().map(Moves::notReady).orElse("");
    page(new Reason(Reason.Code.NOT_READY, reason.sentence() + why));
  }

  private static String notReady(Readiness readiness) {
    return " It is not taken back by itself, because the old system is not ready since "
        + readiness.since()
        + ": "
        + readiness.reason().strip().replaceFirst("\\.$", "")
        + ". Roll back by hand, or repair the canary.";
  }

  /** Called once, even while the rollout is paused. */
  private void page(Reason reason) {
    Stage stage = Evolution.beneath(story.rollout().stage());
    boolean called =
        stage instanceof Stage.AwaitingApproval a && a.reason().code() == reason.code();
    if (!called) {
      story.add(new Event.ApprovalAsked(reason, story.now()));
    }
  }

  /** Pausing stops promotion, not the calendar of the retention. */
  private void watchPaused(Assessment assessment) {
    if (!guard(assessment)) {
      warnOfRetentionsEnd(assessment);
    }
  }

  private void judge(Assessment assessment) {
    if (guard(assessment)) {
      return;
    }
    warnOfRetentionsEnd(assessment);
    Standing standing = standing(assessment);
    Optional<Reason> obstacle = standing.obstacle();
    if (obstacle.isPresent()) {
      hold(obstacle.get());
      return;
    }
    release();
    if (waitsForPeople(story.rollout().stage())) {
      return;
    }
    Optional<Reason> missing = standing.missing();
    if (missing.isEmpty()) {
      goOn(shown(story.rollout()), standing);
    } else if (standing.outOfTime()) {
      outOfTime(standing, missing.get());
    }
  }

  /**
   * While the flag system has not confirmed the step's exposure, nothing can be raised and nothing
   * need be held: only a rollback cannot wait.
   */
  private void onRegression(Reason reason) {
    Stage stage = Evolution.beneath(story.rollout().stage());
    boolean applying = stage instanceof Stage.Applying;
    switch (story.rollout().step().onRegression()) {
      case ROLLBACK -> takeBack(reason);
      case HOLD -> {
        if (stage instanceof Stage.AwaitingApproval) {
          ask(reason);
        } else if (!applying) {
          hold(reason);
        }
      }
      case ASK -> {
        if (!applying) {
          ask(reason);
        }
      }
    }
  }

  /**
   * A question that only a person can answer stays open; one that was asked for lack of evidence
   * answers itself.
   */
  private static boolean waitsForPeople(Stage stage) {
    return stage instanceof Stage.AwaitingApproval a
        && a.reason().code() != Reason.Code.INCONCLUSIVE
        && a.reason().code() != Reason.Code.TIMED_OUT;
  }

  /** Where a person has been asked already, the question stands: it holds no less. */
  private void hold(Reason reason) {
    Stage stage = Evolution.beneath(story.rollout().stage());
    boolean same = stage instanceof Stage.Held h && h.reason().code() == reason.code();
    if (!same && !(stage instanceof Stage.AwaitingApproval)) {
      story.add(new Event.HeldBack(reason, story.now()));
    }
  }

  /** A hold ends when its cause is gone, except one that was set because the time was up. */
  private void release() {
    if (story.rollout().stage() instanceof Stage.Held h
        && h.reason().code() != Reason.Code.TIMED_OUT
        && h.reason().code() != Reason.Code.CHANGE_WINDOW) {
      story.add(new Event.Released(story.now()));
    }
  }

  /** A paused rollout asks nothing: it asks after it is resumed, if there still is a question. */
  private void ask(Reason reason) {
    Stage stage = story.rollout().stage();
    boolean asked = stage instanceof Stage.AwaitingApproval a && a.reason().code() == reason.code();
    boolean paused = stage instanceof Stage.Paused;
    if (!asked && !paused) {
      story.add(new Event.ApprovalAsked(reason, story.now()));
    }
  }

  /**
   * Goes on, unless the plan wants a person to say so, the look is old news, or the hour is not one
   * in which the plan lets the exposure be raised.
   */
  private void goOn(Reason reason, Standing standing) {
    Step step = story.rollout().step();
    if (step.kind() == Step.Kind.RETAIN) {
      story.add(new Event.RetentionOver(story.now()));
    } else if (step.kind() == Step.Kind.APPROVE
        || step.advanceWhen() == Step.AdvanceWhen.APPROVED) {
      ask(
          new Reason(
              Reason.Code.APPROVAL_NEEDED,
              "Step " + step.id() + " has found no harm and waits for a person to say go."));
    } else if (standing.stale()) {
      return;
    } else if (!nextMayBeRaised()) {
      hold(
          new Reason(
              Reason.Code.CHANGE_WINDOW,
              "Step "
                  + step.id()
                  + " is done; the plan lets the exposure be raised only in certain hours."));
    } else {
      next(reason, Actor.ENGINE, false);
    }
  }

  private static Reason shown(Rollout rollout) {
    String where = level(rollout) + " ";
    return switch (rollout.step().advanceWhen()) {
      case PROVEN_SAFE ->
          new Reason(
              Reason.Code.PROVEN_SAFE,
              "Every guardrail is proven safe at "
                  + where
                  + "after "
                  + Durations.words(rollout.dwell())
                  + ".");
      case NO_HARM_FOUND, APPROVED ->
          new Reason(
              Reason.Code.NO_HARM_FOUND,
              "No harm was found at " + where + "in " + Durations.words(rollout.dwell()) + ".");
    };
  }

  /** "10 %", and of what where it is no share of the users. */
  private static String level(Rollout rollout) {
    return rollout.step().kind() == Step.Kind.SHADOW
        ? rollout.step().exposure() + " of mirrored traffic"
        : rollout.applied().toString();
  }

  private void outOfTime(Standing standing, Reason missing) {
    Rollout rollout = story.rollout();
    Step step = rollout.step();
    String limit =
        rollout
            .deadline()
            .map(deadline -> Durations.words(Duration.between(rollout.stepEnteredAt(), deadline)))
            .orElse("its time");
    Reason reason =
        new Reason(Reason.Code.TIMED_OUT, "No answer within " + limit + ". " + missing.sentence());
    switch (step.onInconclusive()) {
      case HOLD -> hold(reason);
      case ASK -> ask(reason);
      case ROLLBACK -> takeBack(reason);
      case ADVANCE -> {
        if (standing.inconclusiveOnly()) {
          goOn(reason, standing);
        } else {
          hold(reason);
        }
      }
    }
  }

  private void warnOfRetentionsEnd(Assessment assessment) {
    Rollout rollout = story.rollout();
    if (rollout.retentionWarned()
        || rollout.appliedAt().isEmpty()
        || rollout.keptUntil().isEmpty()) {
      return;
    }
    Instant ends = rollout.keptUntil().get();
    Duration notice = rollout.step().atLeast().dividedBy(12);
    if (!assessment.window().to().isBefore(ends.minus(notice))) {
      story.add(new Event.RetentionEnding(ends, story.now()));
    }
  }

  /** Why the gate is not open; empty when it is. */
  String whyClosed() {
    return new Closure(story.rollout(), nextMayBeRaised(), story.now()).why();
  }

  /** Leaves the present step: into the next one, or to the end. */
  void next(Reason reason, Actor actor, boolean forced) {
    Rollout rollout = story.rollout();
    if (rollout.lastStep()) {
      Exposure stays = rollout.applied();
      story.add(
          new Event.Decided(
              decision(Decision.Kind.PROMOTE, reason, stays, stays, actor, forced), story.now()));
      story.add(new Event.Finished(story.now()));
    } else {
      enter(rollout.stepIndex() + 1, reason, actor, forced);
    }
  }

  private void enter(int index, Reason reason, Actor actor, boolean forced) {
    Rollout rollout = story.rollout();
    Exposure users = users(rollout, rollout.plan().steps().get(index));
    boolean moves = users.compareTo(rollout.applied()) != 0;
    story.add(
        new Event.Decided(
            decision(Decision.Kind.PROMOTE, reason, rollout.applied(), users, actor, forced),
            story.now()));
    story.add(new Event.StepEntered(index, users, moves, story.now()));
    if (!moves || !commandsAFlag(rollout.plan())) {
      story.add(new Event.ExposureApplied(users, story.now()));
    }
  }

  /** Mirrored traffic and comparisons of data leave the users where they are. */
  private static Exposure users(Rollout rollout, Step step) {
    return step.movesUsers() ? step.exposure() : rollout.applied();
  }

  /** Stays where it is, because a person says so: what is failing now is waived from here on. */
  void stay(Reason reason, Actor actor, boolean forced) {
    Exposure stays = story.rollout().applied();
    story.add(
        new Event.Decided(
            decision(Decision.Kind.PROMOTE, reason, stays, stays, actor, forced), story.now()));
  }

  /** Takes the canary back; never up to a rollback's target that has not been reached yet. */
  void back(Reason reason, Actor actor) {
    Rollout rollout = story.rollout();
    Exposure most = highest(rollout.desired(), rollout.applied());
    Exposure least = lowest(rollout.desired(), rollout.applied());
    Exposure target = lowest(rollout.plan().rollback().to(), least);
    story.add(
        new Event.Decided(
            decision(Decision.Kind.ROLL_BACK, reason, most, target, actor, false), story.now()));
    if (!commandsAFlag(rollout.plan()) || rollout.decisions() == 0) {
      story.add(new Event.RollbackConfirmed(story.now()));
    }
  }

  private static Exposure highest(Exposure one, Exposure other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Exposure lowest(Exposure one, Exposure other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Decision decision(
      Decision.Kind kind, Reason reason, Exposure from, Exposure to, Actor actor, boolean forced) {
    Rollout rollout = story.rollout();
    long sequence = rollout.decisions() + 1;
    return new Decision(
        rollout.id() + "-" + sequence,
        sequence,
        kind,
        reason,
        rollout.step().id(),
        from,
        to,
        actor,
        forced,
        story.now());
  }

  private static boolean commandsAFlag(Plan plan) {
    return plan.flag().isPresent() && !plan.policy().dryRun();
  }

  boolean nextMayBeRaised() {
    Rollout rollout = story.rollout();
    return rollout.lastStep() || mayRaise(rollout.stepIndex() + 1);
  }

  /** Whether the plan lets the exposure of this step be raised at this hour. */
  private boolean mayRaise(int index) {
    Rollout rollout = story.rollout();
    Step step = rollout.plan().steps().get(index);
    List<ChangeWindow> windows = step.windows();
    boolean raises =
        step.kind() == Step.Kind.SHADOW || step.exposure().compareTo(rollout.applied()) > 0;
    return !raises
        || windows.isEmpty()
        || windows.stream().anyMatch(w -> w.contains(story.now().atZone(zone)));
  }
}
