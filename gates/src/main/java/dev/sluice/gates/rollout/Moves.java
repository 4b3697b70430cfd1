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
  /**
   * A promotion needs a look that is not older than this many looks: while catching up, nothing is
   * raised on old news.
   */
  private static final int FRESH_LOOKS = 2;

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
    switch (story.rollout().stage()) {
      case Stage.Applying a -> guard(assessment);
      case Stage.Paused p -> watchPaused(assessment);
      case Stage.Baking b -> judge(assessment);
      case Stage.Held h -> judge(assessment);
      case Stage.AwaitingApproval a -> judge(assessment);
      case Stage.Pending p -> {}
      case Stage.RollingBack r -> {}
      case Stage.RolledBack r -> {}
      case Stage.Completed c -> {}
      case Stage.Aborted a -> {}
    }
  }

  /** Where nothing may be raised, a regression still takes the canary back. */
  private boolean guard(Assessment assessment) {
    Optional<Reason> regression = new Standing(story.rollout(), assessment).regression();
    regression.ifPresent(this::onRegression);
    return regression.isPresent();
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
    Standing standing = new Standing(story.rollout(), assessment);
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
      goOn(shown(story.rollout()), assessment);
    } else if (standing.outOfTime()) {
      outOfTime(standing, missing.get(), assessment);
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
      case ROLLBACK -> back(reason, Actor.ENGINE);
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
  private void goOn(Reason reason, Assessment assessment) {
    Step step = story.rollout().step();
    if (step.kind() == Step.Kind.APPROVE || step.advanceWhen() == Step.AdvanceWhen.APPROVED) {
      ask(
          new Reason(
              Reason.Code.APPROVAL_NEEDED,
              "Step " + step.id() + " has found no harm and waits for a person to say go."));
    } else if (stale(assessment)) {
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
    Step step = rollout.step();
    if (step.kind() == Step.Kind.RETAIN) {
      return new Reason(
          Reason.Code.RETENTION_OVER,
          "The old system was kept ready for " + Durations.words(step.atLeast()) + ".");
    }
    return switch (step.advanceWhen()) {
      case PROVEN_SAFE ->
          new Reason(
              Reason.Code.PROVEN_SAFE,
              "Every guardrail is proven safe at "
                  + rollout.applied()
                  + " after "
                  + Durations.words(rollout.dwell())
                  + ".");
      case NO_HARM_FOUND, APPROVED ->
          new Reason(
              Reason.Code.NO_HARM_FOUND,
              "No harm was found at "
                  + rollout.applied()
                  + " in "
                  + Durations.words(rollout.dwell())
                  + ".");
    };
  }

  private boolean stale(Assessment assessment) {
    Plan plan = story.rollout().plan();
    Duration allowed = plan.source().settle().plus(plan.source().every().multipliedBy(FRESH_LOOKS));
    return story.now().isAfter(assessment.window().to().plus(allowed));
  }

  private void outOfTime(Standing standing, Reason missing, Assessment assessment) {
    Step step = story.rollout().step();
    String limit = step.atMost().map(Durations::words).orElse("its time");
    Reason reason =
        new Reason(Reason.Code.TIMED_OUT, "No answer within " + limit + ". " + missing.sentence());
    switch (step.onInconclusive()) {
      case HOLD -> hold(reason);
      case ASK -> ask(reason);
      case ROLLBACK -> back(reason, Actor.ENGINE);
      case ADVANCE -> {
        if (standing.inconclusiveOnly()) {
          goOn(reason, assessment);
        } else {
          hold(reason);
        }
      }
    }
  }

  private void warnOfRetentionsEnd(Assessment assessment) {
    Rollout rollout = story.rollout();
    Step step = rollout.step();
    if (step.kind() != Step.Kind.RETAIN
        || rollout.retentionWarned()
        || rollout.appliedAt().isEmpty()) {
      return;
    }
    Instant ends = rollout.appliedAt().get().plus(step.atLeast());
    Duration notice = step.atLeast().dividedBy(12);
    if (!assessment.window().to().isBefore(ends.minus(notice))) {
      story.add(new Event.RetentionEnding(ends, story.now()));
    }
  }

  /** Whether a promotion by hand would go over a gate that is not open. */
  boolean closed() {
    return !whyClosed().isEmpty();
  }

  /** Why the gate is not open; empty when it is. */
  String whyClosed() {
    Rollout rollout = story.rollout();
    if (rollout.blindSince().isPresent()) {
      return "The metrics system cannot be reached.";
    }
    if (!nextMayBeRaised()) {
      return "The plan lets the exposure be raised only in certain hours, and this is not one of"
          + " them.";
    }
    boolean approval = rollout.step().kind() == Step.Kind.APPROVE;
    return rollout
        .lastAssessment()
        .map(last -> approval ? whyNotApprovable(last) : whyClosed(last))
        .orElse(approval ? "" : "No look was taken yet.");
  }

  /** A step that only asks has nothing to prove; known harm stands in its way all the same. */
  private String whyNotApprovable(Assessment last) {
    Standing standing = new Standing(story.rollout(), last);
    return standing.regression().or(standing::obstacle).map(Reason::sentence).orElse("");
  }

  private String whyClosed(Assessment last) {
    if (stale(last)) {
      return "The latest look is of " + last.window().to() + " and old news.";
    }
    Standing standing = new Standing(story.rollout(), last);
    return standing
        .regression()
        .or(standing::obstacle)
        .or(standing::missing)
        .map(Reason::sentence)
        .orElse("");
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
    Step step = rollout.plan().steps().get(index);
    boolean moves = step.exposure().compareTo(rollout.applied()) != 0;
    story.add(
        new Event.Decided(
            decision(
                Decision.Kind.PROMOTE, reason, rollout.applied(), step.exposure(), actor, forced),
            story.now()));
    story.add(new Event.StepEntered(index, step.exposure(), moves, story.now()));
    if (!moves || !commandsAFlag(rollout.plan())) {
      story.add(new Event.ExposureApplied(step.exposure(), story.now()));
    }
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

  private boolean nextMayBeRaised() {
    Rollout rollout = story.rollout();
    return rollout.lastStep() || mayRaise(rollout.stepIndex() + 1);
  }

  /** Whether the plan lets the exposure of this step be raised at this hour. */
  private boolean mayRaise(int index) {
    Rollout rollout = story.rollout();
    Step step = rollout.plan().steps().get(index);
    List<ChangeWindow> windows = step.windows();
    boolean raises = step.exposure().compareTo(rollout.applied()) > 0;
    return !raises
        || windows.isEmpty()
        || windows.stream().anyMatch(w -> w.contains(story.now().atZone(zone)));
  }
}
