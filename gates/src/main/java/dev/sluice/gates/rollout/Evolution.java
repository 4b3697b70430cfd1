package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Pushes;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What an event does to the state. Total: every event of a rollout's own log can be applied to the
 * state before it.
 */
public final class Evolution {
  private Evolution() {}

  /** The state of a rollout whose first event this is. */
  public static Rollout begin(RolloutId id, Plan plan, Event.Started started) {
    return new Rollout(
        id,
        plan,
        1,
        started.at(),
        started.actor(),
        0,
        new Stage.Pending(
            new Reason(
                Reason.Code.CHANGE_WINDOW,
                "It begins when the hours come in which the plan lets the exposure be raised."),
            started.at()),
        started.at(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        0,
        0,
        Exposure.NONE,
        Exposure.NONE,
        0,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        false,
        Optional.empty(),
        started.at(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The state after one more event. */
  public static Rollout evolve(Rollout before, Event event) {
    Draft draft = new Draft(before, event.at());
    switch (event) {
      case Event.Started e ->
          throw new IllegalStateException("a rollout starts once: " + before.id());
      case Event.StepEntered e -> enter(draft, e);
      case Event.ExposureApplied e -> applied(draft, e);
      case Event.ExposureRefused e -> draft.stage = refused(draft.stage, e);
      case Event.LookTaken e -> looked(draft, e);
      case Event.SourceLost e -> draft.blindSince = Optional.of(e.at());
      case Event.SourceBack e -> draft.blindSince = Optional.empty();
      case Event.Decided e -> decided(draft, e.decision());
      case Event.HeldBack e ->
          draft.stage = within(draft.stage, new Stage.Held(e.reason(), e.at()));
      case Event.Released e -> draft.stage = within(draft.stage, new Stage.Baking());
      case Event.ApprovalAsked e ->
          draft.stage = within(draft.stage, new Stage.AwaitingApproval(e.reason(), e.at()));
      case Event.Approved e -> draft.stage = new Stage.Baking();
      case Event.PausedBy e ->
          draft.stage = new Stage.Paused(draft.stage, e.actor(), e.reason(), e.at());
      case Event.ResumedBy e -> resumed(draft, e.at());
      case Event.RollbackConfirmed e -> confirmRollback(draft, e.at());
      case Event.RollbackOverdue e -> draft.stage = overdue(draft.stage);
      case Event.RetentionEnding e -> draft.retentionWarned = true;
      case Event.Finished e -> draft.stage = new Stage.Completed(e.at());
      case Event.AbortedBy e -> draft.stage = new Stage.Aborted(e.actor(), e.reason(), e.at());
      case Event.SecondAsked e -> draft.proposal = Optional.of(e.proposal());
      case Event.Extended e -> extended(draft, e.by());
      case Event.RetentionOver e ->
          draft.stage = within(draft.stage, new Stage.RetireReady(e.at()));
      case Event.Retired e -> draft.stage = new Stage.Baking();
      case Event.ReadinessChanged e -> draft.readiness = Optional.of(e.readiness());
      case Event.Drifted e -> drifted(draft, e);
      case Event.DriftEnded e -> driftEnded(draft, e.at());
      case Event.Observed e ->
          draft.pushes = Optional.of(draft.pushes.orElse(Pushes.NONE).with(e.observations()));
      case Event.EvidenceRenewed e -> {}
    }
    return draft.done();
  }

  private static void enter(Draft draft, Event.StepEntered e) {
    if (draft.stage instanceof Stage.Pending) {
      draft.startedAt = e.at();
    }
    draft.stepIndex = e.stepIndex();
    draft.stepEnteredAt = e.at();
    draft.appliedAt = Optional.empty();
    draft.dwell = Duration.ZERO;
    draft.stepLooks = 0;
    draft.desired = e.desired();
    draft.retentionWarned = false;
    draft.extension = Optional.empty();
    draft.proposal = Optional.empty();
    draft.stage = new Stage.Applying(e.at(), Optional.empty());
  }

  private static void applied(Draft draft, Event.ExposureApplied e) {
    draft.fullSince = fullSince(draft, e.exposure(), e.at());
    draft.applied = e.exposure();
    draft.appliedAt = Optional.of(e.at());
    draft.drift = Optional.empty();
    if (beneath(draft.stage) instanceof Stage.Applying) {
      draft.stage = within(draft.stage, settled(draft.step(), e.at()));
    }
  }

  /** The clock of the rollback window starts anew whenever everybody comes to be on the canary. */
  private static Optional<Instant> fullSince(Draft draft, Exposure now, Instant at) {
    if (!now.equals(Exposure.ALL)) {
      return Optional.empty();
    }
    boolean before = draft.applied.equals(Exposure.ALL) && draft.drift.isEmpty();
    return before ? draft.fullSince.or(() -> Optional.of(at)) : Optional.of(at);
  }

  private static void drifted(Draft draft, Event.Drifted e) {
    draft.drift = Optional.of(new Drift(e.seen(), e.detail(), e.at()));
    draft.fullSince = e.seen().equals(Exposure.ALL) ? draft.fullSince : Optional.empty();
  }

  private static void driftEnded(Draft draft, Instant at) {
    boolean full = draft.applied.equals(Exposure.ALL);
    draft.drift = Optional.empty();
    draft.fullSince = full ? draft.fullSince.or(() -> Optional.of(at)) : Optional.empty();
  }

  /** More time is what a rollout that had run out of it was waiting for. */
  private static void extended(Draft draft, Duration by) {
    draft.extension = Optional.of(draft.extension.orElse(Duration.ZERO).plus(by));
    draft.retentionWarned = false;
    Stage stage = beneath(draft.stage);
    boolean outOfTime =
        switch (stage) {
          case Stage.RetireReady r -> true;
          case Stage.Held h -> h.reason().code() == Reason.Code.TIMED_OUT;
          case Stage.AwaitingApproval a -> a.reason().code() == Reason.Code.TIMED_OUT;
          default -> false;
        };
    draft.stage = outOfTime ? within(draft.stage, new Stage.Baking()) : draft.stage;
  }

  /** A step of kind approve has nothing to bake: it asks as soon as it is there. */
  private static Stage settled(Step step, Instant at) {
    if (step.kind() == Step.Kind.APPROVE) {
      String who = step.approvers().isEmpty() ? "somebody" : String.join(" or ", step.approvers());
      return new Stage.AwaitingApproval(
          new Reason(
              Reason.Code.APPROVAL_NEEDED,
              "The plan asks " + who + " to say go at " + step.id() + "."),
          at);
    }
    return new Stage.Baking();
  }

  private static Stage refused(Stage stage, Event.ExposureRefused e) {
    return beneath(stage) instanceof Stage.Applying a
        ? within(stage, new Stage.Applying(a.since(), Optional.of(e.detail())))
        : stage;
  }

  private static void looked(Draft draft, Event.LookTaken e) {
    Assessment assessment = e.assessment();
    draft.looks = e.look();
    draft.dwell = draft.dwell.plus(e.credited());
    if (draft
        .appliedAt
        .filter(applied -> !applied.isAfter(assessment.window().from()))
        .isPresent()) {
      draft.stepLooks++;
    }
    draft.lastAssessment = Optional.of(assessment);
    draft.silence = silence(draft, e);
    draft.pushes =
        draft.pushes.map(p -> p.after(assessment.window().to())).filter(p -> !p.latest().isEmpty());
  }

  /** Looks that are made up for later say nothing of how long nobody has seen anything. */
  private static Optional<Duration> silence(Draft draft, Event.LookTaken e) {
    if (Silence.breaks(e.assessment())) {
      return Optional.empty();
    }
    boolean fresh = Silence.isFresh(draft.before.plan(), e.assessment(), e.at());
    return fresh
        ? Optional.of(draft.silence.orElse(Duration.ZERO).plus(e.assessment().window().length()))
        : draft.silence;
  }

  private static void decided(Draft draft, Decision decision) {
    draft.decisions = decision.sequence();
    draft.lastDecision = Optional.of(decision);
    if (decision.kind() == Decision.Kind.ROLL_BACK) {
      draft.desired = decision.to();
      draft.proposal = Optional.empty();
      draft.stage = new Stage.RollingBack(decision, decision.at(), false);
    } else if (decision.forced()) {
      draft.waived = withFailing(draft.waived, draft.lastAssessment);
    }
  }

  private static Set<String> withFailing(Set<String> waived, Optional<Assessment> last) {
    Set<String> all = new HashSet<>(waived);
    last.ifPresent(
        assessment -> {
          assessment.checks().stream()
              .filter(check -> check.verdict() == Verdict.FAIL)
              .map(Check::id)
              .forEach(all::add);
          if (assessment.harm()) {
            all.addAll(assessment.culprits());
          }
        });
    return all;
  }

  private static void confirmRollback(Draft draft, Instant at) {
    if (draft.stage instanceof Stage.RollingBack r) {
      draft.applied = r.decision().to();
      draft.fullSince = Optional.empty();
      draft.drift = Optional.empty();
      draft.stage = new Stage.RolledBack(r.decision(), at);
    }
  }

  private static Stage overdue(Stage stage) {
    return stage instanceof Stage.RollingBack r
        ? new Stage.RollingBack(r.decision(), r.since(), true)
        : stage;
  }

  private static void resumed(Draft draft, Instant at) {
    draft.stage = beneath(draft.stage);
    draft.resumedAt = Optional.of(at);
  }

  /** Where a rollout would stand if nobody had paused it. */
  static Stage beneath(Stage stage) {
    return stage instanceof Stage.Paused p ? p.from() : stage;
  }

  /** A paused rollout stays paused: what happens to it meanwhile is where it will go on. */
  private static Stage within(Stage stage, Stage next) {
    return stage instanceof Stage.Paused p
        ? new Stage.Paused(next, p.actor(), p.reason(), p.since())
        : next;
  }

  /** The next state while it is being put together. */
  private static final class Draft {
    private final Rollout before;
    private final Instant at;
    private Instant startedAt;
    private int stepIndex;
    private Stage stage;
    private Instant stepEnteredAt;
    private Optional<Instant> appliedAt;
    private Optional<Instant> resumedAt;
    private Duration dwell;
    private long looks;
    private long stepLooks;
    private Exposure desired;
    private Exposure applied;
    private long decisions;
    private Optional<Decision> lastDecision;
    private Optional<Assessment> lastAssessment;
    private Set<String> waived;
    private boolean retentionWarned;
    private Optional<Instant> blindSince;
    private Optional<Instant> fullSince;
    private Optional<Duration> extension;
    private Optional<Duration> silence;
    private Optional<Readiness> readiness;
    private Optional<Proposal> proposal;
    private Optional<Drift> drift;
    private Optional<Pushes> pushes;

    Draft(Rollout before, Instant at) {
      this.before = before;
      this.at = at;
      startedAt = before.startedAt();
      stepIndex = before.stepIndex();
      stage = before.stage();
      stepEnteredAt = before.stepEnteredAt();
      appliedAt = before.appliedAt();
      resumedAt = before.resumedAt();
      dwell = before.dwell();
      looks = before.looks();
      stepLooks = before.stepLooks();
      desired = before.desired();
      applied = before.applied();
      decisions = before.decisions();
      lastDecision = before.lastDecision();
      lastAssessment = before.lastAssessment();
      waived = before.waived();
      retentionWarned = before.retentionWarned();
      blindSince = before.blindSince();
      fullSince = before.fullSince();
      extension = before.extension();
      silence = before.silence();
      readiness = before.readiness();
      proposal = before.proposal();
      drift = before.drift();
      pushes = before.pushes();
    }

    Step step() {
      return before.plan().steps().get(stepIndex);
    }

    Rollout done() {
      return new Rollout(
          before.id(),
          before.plan(),
          before.version() + 1,
          startedAt,
          before.startedBy(),
          stepIndex,
          stage,
          stepEnteredAt,
          appliedAt,
          resumedAt,
          dwell,
          looks,
          stepLooks,
          desired,
          applied,
          decisions,
          lastDecision,
          lastAssessment,
          waived,
          retentionWarned,
          blindSince,
          at,
          fullSince,
          extension,
          silence,
          readiness,
          proposal,
          drift,
          pushes);
    }
  }
}
