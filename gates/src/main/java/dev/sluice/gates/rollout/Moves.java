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
  void begin(Actor actor, boolean whateverTheHour) {
    if (!whateverTheHour && !mayRaise(0)) {
      return;
    }
    enter(0, new Reason(Reason.Code.STARTED, "The rollout begins."), actor, whateverTheHour);
  }

  /** The engine's answer to a look. */
  void afterLook(Assessment assessment) {
    Stage stage = story.rollout().stage();
    switch (stage) {
      case Stage.Pending p -> begin(story.rollout().startedBy(), false);
      case Stage.Applying a -> guard(assessment);
      case Stage.Paused p -> guard(assessment);
      case Stage.Baking b -> judge(assessment);
      case Stage.Held h -> judge(assessment);
      case Stage.AwaitingApproval a -> judge(assessment);
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

  private void judge(Assessment assessment) {
    if (guard(assessment)) {
      return;
    }
    Standing standing = new Standing(story.rollout(), assessment);
    Optional<Reason> obstacle = standing.obstacle();
    if (obstacle.isPresent()) {
      hold(obstacle.get());
      return;
    }
    release();
    warnOfRetentionsEnd(assessment);
    if (story.rollout().appliedAt().isEmpty() || waitsForPeople(story.rollout().stage())) {
      return;
    }
    Optional<Reason> missing = standing.missing();
    if (missing.isEmpty()) {
      open(assessment);
    } else if (standing.outOfTime()) {
      outOfTime(standing, missing.get());
    }
  }

  private void onRegression(Reason reason) {
    switch (story.rollout().step().onRegression()) {
      case ROLLBACK -> back(reason, Actor.ENGINE);
      case HOLD -> hold(reason);
      case ASK -> ask(reason);
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

  private void hold(Reason reason) {
    Stage stage = story.rollout().stage();
    boolean same = heldFor(stage).filter(code -> code == reason.code()).isPresent();
    boolean asked = stage instanceof Stage.AwaitingApproval;
    if (!same && !asked) {
      story.add(new Event.HeldBack(reason, story.now()));
    }
  }

  private static Optional<Reason.Code> heldFor(Stage stage) {
    return switch (stage) {
      case Stage.Held h -> Optional.of(h.reason().code());
      case Stage.Paused p -> heldFor(p.from());
      default -> Optional.empty();
    };
  }

  /** A hold ends when its cause is gone, except one that was set because the time was up. */
  private void release() {
    if (story.rollout().stage() instanceof Stage.Held h
        && h.reason().code() != Reason.Code.TIMED_OUT
        && h.reason().code() != Reason.Code.CHANGE_WINDOW) {
      story.add(new Event.Released(story.now()));
    }
  }

  private void ask(Reason reason) {
    Stage stage = story.rollout().stage();
    boolean asked = stage instanceof Stage.AwaitingApproval a && a.reason().code() == reason.code();
    boolean paused = stage instanceof Stage.Paused;
    if (!asked && !paused) {
      story.add(new Event.ApprovalAsked(reason, story.now()));
    }
  }

  private void open(Assessment assessment) {
    Rollout rollout = story.rollout();
    Step step = rollout.step();
    if (step.advanceWhen() == Step.AdvanceWhen.APPROVED) {
      ask(
          new Reason(
              Reason.Code.APPROVAL_NEEDED,
              "Step " + step.id() + " has found no harm and waits for a person to say go."));
    } else if (stale(assessment)) {
      return;
    } else if (!rollout.lastStep() && !mayRaise(rollout.stepIndex() + 1)) {
      hold(
          new Reason(
              Reason.Code.CHANGE_WINDOW,
              "Step "
                  + step.id()
                  + " is done; the plan lets the exposure be raised only in certain hours."));
    } else {
      next(shown(rollout), Actor.ENGINE, false);
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

  private void outOfTime(Standing standing, Reason missing) {
    Rollout rollout = story.rollout();
    String limit = rollout.step().atMost().map(Durations::words).orElse("its time");
    Reason reason =
        new Reason(Reason.Code.TIMED_OUT, "No answer within " + limit + ". " + missing.sentence());
    switch (rollout.step().onInconclusive()) {
      case HOLD -> hold(reason);
      case ASK -> ask(reason);
      case ROLLBACK -> back(reason, Actor.ENGINE);
      case ADVANCE -> {
        if (standing.longEnough() && sawEverything(rollout)) {
          next(reason, Actor.ENGINE, false);
        } else {
          hold(reason);
        }
      }
    }
  }

  /** Going on without an answer still needs data: absence never promotes. */
  private static boolean sawEverything(Rollout rollout) {
    return rollout.lastAssessment().filter(a -> a.usable() && !a.harm()).isPresent();
  }

  private void warnOfRetentionsEnd(Assessment assessment) {
    Rollout rollout = story.rollout();
    Step step = rollout.step();
    if (step.kind() != Step.Kind.RETAIN || rollout.retentionWarned()) {
      return;
    }
    Instant ends = rollout.stepEnteredAt().plus(step.atLeast());
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
    if (rollout.step().kind() == Step.Kind.APPROVE) {
      return "";
    }
    Optional<Assessment> last = rollout.lastAssessment();
    if (last.isEmpty()) {
      return "No look was taken yet.";
    }
    if (rollout.blindSince().isPresent()) {
      return "The metrics system cannot be reached.";
    }
    Standing standing = new Standing(rollout, last.get());
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

  /** Takes the canary back. */
  void back(Reason reason, Actor actor) {
    Rollout rollout = story.rollout();
    Exposure from =
        rollout.desired().compareTo(rollout.applied()) > 0 ? rollout.desired() : rollout.applied();
    story.add(
        new Event.Decided(
            decision(
                Decision.Kind.ROLL_BACK,
                reason,
                from,
                rollout.plan().rollback().to(),
                actor,
                false),
            story.now()));
    if (!commandsAFlag(rollout.plan()) || neverExposed(rollout)) {
      story.add(new Event.RollbackConfirmed(story.now()));
    }
  }

  private static boolean neverExposed(Rollout rollout) {
    return rollout.stage() instanceof Stage.Pending;
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
