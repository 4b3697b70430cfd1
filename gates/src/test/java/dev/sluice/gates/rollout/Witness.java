package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Somebody who watches a rollout from outside, keeps books of his own, and cries out when a promise
 * is broken. Knows the promises, not the code that keeps them.
 */
final class Witness {
  private final Plan plan;
  private final List<Instant[]> pauses = new ArrayList<>();
  private Optional<Instant> confirmedSince = Optional.empty();
  private Duration watched = Duration.ZERO;
  private long wholeLooks;
  private Optional<Assessment> last = Optional.empty();
  private final Set<String> waived = new HashSet<>();
  private long decisions;
  private int warnings;
  private Optional<Instant> fullSince = Optional.empty();
  private Duration extension = Duration.ZERO;
  private boolean drifted;
  private boolean ready = true;
  private boolean over;
  private Duration silence = Duration.ZERO;
  private Optional<Instant> blindSince = Optional.empty();
  private Optional<Proposal> proposal = Optional.empty();

  Witness(Plan plan) {
    this.plan = plan;
  }

  /** One command and what came of it. */
  void see(Rollout before, Command command, List<Event> events, Instant now) {
    if (before.ended()) {
      assertEquals(List.of(), events, "something happened after the end");
    }
    Rollout state = before;
    for (Event event : events) {
      Rollout next = Evolution.evolve(state, event);
      note(state, next, command, event, now);
      state = next;
    }
    if (command instanceof Command.RollBack && !before.ended()) {
      assertTrue(
          state.stage() instanceof Stage.RollingBack || state.stage() instanceof Stage.RolledBack,
          "a rollback must always be possible, was " + state.stage());
    }
    assertEquals(before.version() + events.size(), state.version());
    if (!state.stage().ended() && atRest(Evolution.beneath(state.stage()))) {
      assertTrue(state.appliedAt().isPresent(), "baking at an exposure that nobody confirmed");
    }
  }

  private static boolean atRest(Stage stage) {
    return stage instanceof Stage.Baking
        || stage instanceof Stage.Held
        || stage instanceof Stage.AwaitingApproval
        || stage instanceof Stage.RetireReady;
  }

  private void note(Rollout before, Rollout after, Command command, Event event, Instant now) {
    assertFalse(event.at().isBefore(before.updatedAt()), "time goes backwards");
    if (after.desired().compareTo(before.desired()) > 0) {
      assertTrue(event instanceof Event.StepEntered, "raised by " + event);
    }
    switch (event) {
      case Event.Decided e -> decided(before, command, e.decision(), now);
      case Event.StepEntered e -> entered(before, e);
      case Event.ExposureApplied e -> applied(before, command, e);
      case Event.LookTaken e -> looked(before, command, e);
      case Event.PausedBy e -> pauses.add(new Instant[] {e.at(), Instant.MAX});
      case Event.ResumedBy e -> pauses.getLast()[1] = e.at();
      case Event.RetentionEnding e -> assertEquals(1, ++warnings, "warned twice");
      case Event.Finished e -> assertTrue(before.lastStep());
      case Event.RollbackConfirmed e -> assertTrue(before.stage() instanceof Stage.RollingBack);
      case Event.Started e -> throw new AssertionError("started twice");
      case Event.ExposureRefused e -> {}
      case Event.SourceLost e -> blindSince = Optional.of(e.at());
      case Event.SourceBack e -> {}
      case Event.HeldBack e -> {}
      case Event.Released e -> {}
      case Event.ApprovalAsked e -> {}
      case Event.Approved e ->
          assertTrue(command instanceof Command.Approve || command instanceof Command.Promote);
      case Event.RollbackOverdue e -> {}
      case Event.AbortedBy e -> assertTrue(command instanceof Command.Abort);
      case Event.SecondAsked e -> proposed(e.proposal());
      case Event.Extended e -> extended(command, e);
      case Event.RetentionOver e -> retentionOver(before, now);
      case Event.Retired e -> assertTrue(command instanceof Command.Retire, "retired by itself");
      case Event.ReadinessChanged e -> ready = e.readiness().ready();
      case Event.Drifted e -> {
        drifted = true;
        fullSince = fullSince.filter(full -> e.seen().equals(Exposure.ALL));
      }
      case Event.DriftEnded e -> {
        drifted = false;
        full(before.applied(), fullSince.isPresent(), e.at());
      }
      case Event.Observed e -> assertTrue(command instanceof Command.Observe);
      case Event.EvidenceRenewed e -> assertTrue(command instanceof Command.RenewEvidence);
    }
  }

  private void proposed(Proposal wish) {
    assertTrue(plan.policy().takesTwo(wish.forced()), "nobody wanted a second person");
    proposal = Optional.of(wish);
  }

  private void extended(Command command, Event.Extended e) {
    assertTrue(command instanceof Command.Extend);
    assertFalse(e.reason().isBlank(), "extended without a reason");
    extension = extension.plus(e.by());
    warnings = 0;
    over = false;
  }

  /** Everybody has been on the canary without a break from here on. */
  private void full(Exposure now, boolean before, Instant at) {
    fullSince = now.equals(Exposure.ALL) ? before ? fullSince : Optional.of(at) : Optional.empty();
  }

  private void retentionOver(Rollout before, Instant now) {
    assertEquals(Step.Kind.RETAIN, before.step().kind());
    assertOpen(before, last.orElseThrow(), now, true, false);
    over = true;
  }

  /** Two different people, the first of them not long ago, where the plan wants four eyes. */
  private void assertTwo(Command command, Decision decision, Instant now) {
    if (!plan.policy().takesTwo(decision.forced())) {
      return;
    }
    Proposal first = proposal.orElseThrow(() -> new AssertionError("nobody proposed it"));
    assertFalse(first.actor().name().equalsIgnoreCase(actor(command).name()), "agreed to himself");
    assertTrue(now.isBefore(first.at().plus(Proposal.LIFE)), "agreed to yesterday's wish");
    assertTrue(first.forced() || !decision.forced(), "agreed to something else");
  }

  private static Actor actor(Command command) {
    return switch (command) {
      case Command.Promote c -> c.actor();
      case Command.Approve c -> c.actor();
      case Command.Retire c -> c.actor();
      default -> throw new AssertionError("not by hand: " + command);
    };
  }

  private void entered(Rollout before, Event.StepEntered e) {
    assertEquals(
        before.stage() instanceof Stage.Pending ? 0 : before.stepIndex() + 1, e.stepIndex());
    confirmedSince = Optional.empty();
    watched = Duration.ZERO;
    wholeLooks = 0;
    warnings = 0;
    extension = Duration.ZERO;
    over = false;
    proposal = Optional.empty();
  }

  private void applied(Rollout before, Command command, Event.ExposureApplied e) {
    boolean commanded = plan.flag().isPresent() && !plan.policy().dryRun();
    boolean moved = before.applied().compareTo(before.desired()) != 0;
    if (commanded && moved) {
      assertTrue(
          command instanceof Command.ConfirmApplied c && c.decisionSequence() == decisions,
          "applied without the flag system's word");
    }
    assertEquals(before.desired(), e.exposure());
    confirmedSince = Optional.of(e.at());
    full(e.exposure(), fullSince.isPresent() && !drifted, e.at());
    drifted = false;
  }

  private void looked(Rollout before, Command command, Event.LookTaken e) {
    assertTrue(command instanceof Command.TakeLook);
    assertEquals(before.looks() + 1, e.look());
    Window window = e.assessment().window();
    boolean whole = confirmedSince.filter(at -> !at.isAfter(window.from())).isPresent();
    wholeLooks += whole ? 1 : 0;
    boolean paused =
        pauses.stream().anyMatch(p -> p[0].isBefore(window.to()) && p[1].isAfter(window.from()));
    if (!e.credited().isZero()) {
      assertTrue(whole, "credited before the exposure was confirmed");
      assertFalse(paused, "credited while paused");
      assertTrue(hasData(e.assessment()), "credited without data");
      assertFalse(brokenTraffic(e.assessment()), "credited with broken traffic");
      assertEquals(window.length(), e.credited());
    }
    watched = watched.plus(e.credited());
    last = Optional.of(e.assessment());
    blindSince = Optional.empty();
    if (!unseen(e.assessment())) {
      silence = Duration.ZERO;
    } else if (!old(e.assessment(), e.at())) {
      silence = silence.plus(window.length());
    }
  }

  private static boolean unseen(Assessment a) {
    return !a.checks().isEmpty()
        && a.checks().stream().allMatch(c -> c.verdict() == Verdict.NO_DATA);
  }

  private boolean old(Assessment a, Instant now) {
    Duration oldest = plan.source().settle().plus(plan.source().every().multipliedBy(2));
    return now.isAfter(a.window().to().plus(oldest));
  }

  /** What takes the canary back by itself, and when it may. */
  private void takenBack(Rollout before, Decision decision, Instant now) {
    boolean retaining = before.step().kind() == Step.Kind.RETAIN && confirmedSince.isPresent();
    assertTrue(!retaining || ready, "taken back to a broken system");
    if (decision.reason().code() == Reason.Code.SILENT) {
      Duration blind = blindSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
      DeadMan handle = plan.policy().silence();
      assertTrue(before.applied().compareTo(handle.rollbackUpTo()) <= 0, "too many to be blind");
      assertTrue(
          silence.plus(blind).compareTo(handle.rollbackAfter().orElseThrow()) >= 0, "too early");
    }
  }

  private void decided(Rollout before, Command command, Decision decision, Instant now) {
    assertEquals(decisions + 1, decision.sequence());
    decisions++;
    switch (decision.kind()) {
      case HOLD -> throw new AssertionError("a hold is no decision of its own");
      case ROLL_BACK -> {
        assertFalse(decision.to().compareTo(before.applied()) > 0, "a rollback raised");
        assertFalse(decision.to().compareTo(before.desired()) > 0, "a rollback raised");
        if (decision.actor().equals(Actor.ENGINE)) {
          takenBack(before, decision, now);
        }
      }
      case PROMOTE -> promoted(before, command, decision, now);
    }
    if (decision.forced()) {
      last.ifPresent(this::waiveFailures);
    }
  }

  private void promoted(Rollout before, Command command, Decision decision, Instant now) {
    assertFalse(before.stage() instanceof Stage.Paused, "promoted while paused");
    if (decision.forced()) {
      assertEquals(Actor.Kind.PERSON, decision.actor().kind(), "forced by nobody");
      assertFalse(
          said(command).isBlank() && proposal.filter(p -> !p.reason().isBlank()).isEmpty(),
          "forced without a reason");
      assertTwo(command, decision, now);
      return;
    }
    if (decision.sequence() == 1) {
      assertTrue(inHours(plan.steps().getFirst(), before, now), "begun outside its hours");
      return;
    }
    assertTrue(confirmedSince.isPresent(), "promoted on an exposure that nobody confirmed");
    Step step = before.step();
    if (command instanceof Command.Retire) {
      assertTrue(over, "retired before the retention was over");
      assertTwo(command, decision, now);
      return;
    }
    assertFalse(drifted && last.isPresent(), "went on with a flag that is elsewhere");
    if (!before.lastStep()) {
      Step next = plan.steps().get(before.stepIndex() + 1);
      assertTrue(inHours(next, before, now), "raised outside its hours");
    }
    boolean byEngine = decision.actor().equals(Actor.ENGINE);
    if (byEngine) {
      assertTrue(command instanceof Command.TakeLook);
      assertFalse(step.kind() == Step.Kind.APPROVE, "nobody was asked");
      assertFalse(step.advanceWhen() == Step.AdvanceWhen.APPROVED, "nobody was asked");
    } else {
      assertTrue(before.blindSince().isEmpty(), "gone on blindly, and not marked");
      assertTwo(command, decision, now);
    }
    assertFalse(byEngine && step.kind() == Step.Kind.RETAIN, "the old system was let go of");
    if (step.kind() == Step.Kind.APPROVE) {
      last.ifPresent(a -> assertTrue(harmless(a), "known harm was waved through"));
    } else {
      assertOpen(before, last.orElseThrow(), now, byEngine, true);
    }
  }

  private static String said(Command command) {
    return switch (command) {
      case Command.Promote c -> c.reason();
      case Command.Approve c -> c.reason();
      case Command.Retire c -> c.reason();
      default -> "";
    };
  }

  private void assertOpen(
      Rollout before, Assessment a, Instant now, boolean mayTimeOut, boolean mustBeNew) {
    Step step = before.step();
    assertFalse(mustBeNew && old(a, now), "raised on old news");
    assertTrue(wholeLooks > 0, "no look within the step");
    Duration served =
        step.kind() == Step.Kind.RETAIN
            ? Duration.between(fullSince.or(() -> confirmedSince).orElseThrow(), a.window().to())
            : watched;
    Duration least =
        step.kind() == Step.Kind.RETAIN ? step.atLeast().plus(extension) : step.atLeast();
    assertTrue(served.compareTo(least) >= 0, "too short: " + served);
    assertTrue(
        guardrails(a)
            .filter(c -> c.verdict() != Verdict.NO_DATA)
            .allMatch(c -> units(c) >= step.minSamples().orElse(0)),
        "too few samples");
    assertTrue(harmless(a), "harm or a worse signal");
    assertTrue(
        guardrails(a).filter(this::mustHaveData).noneMatch(c -> c.verdict() == Verdict.NO_DATA),
        "a guardrail without data");
    assertFalse(brokenTraffic(a), "broken traffic");
    assertTrue(
        guardrails(a)
            .filter(c -> c.verdict() != Verdict.NO_DATA)
            .allMatch(c -> c.finding() instanceof Finding.Comparison),
        "never compared");
    boolean timedOut =
        mayTimeOut
            && step.onInconclusive() == Step.OnInconclusive.ADVANCE
            && step.atMost()
                .map(most -> before.stepEnteredAt().plus(most).plus(extension))
                .filter(deadline -> !a.window().to().isBefore(deadline))
                .isPresent();
    if (!timedOut) {
      assertTrue(proven(step, a), "not shown what the plan asks for");
    }
  }

  private static double units(Check check) {
    return check.finding() instanceof Finding.Comparison c ? c.canarySize() : 0;
  }

  private boolean proven(Step step, Assessment a) {
    boolean leaning = waived.isEmpty() && a.logHarm() >= a.threshold() / 2;
    return !leaning
        && (step.advanceWhen() != Step.AdvanceWhen.PROVEN_SAFE
            || guardrails(a)
                .filter(c -> c.kind() == Check.Kind.BASELINE && c.verdict() != Verdict.NO_DATA)
                .allMatch(c -> c.verdict() == Verdict.PASS));
  }

  private Stream<Check> guardrails(Assessment a) {
    return a.checks().stream()
        .filter(c -> c.role() == Metric.Role.GUARDRAIL && !waived.contains(c.id()));
  }

  private boolean harmless(Assessment a) {
    return a.checks().stream()
        .filter(c -> c.role() != Metric.Role.OBSERVE && !waived.contains(c.id()))
        .noneMatch(c -> c.verdict() == Verdict.FAIL);
  }

  private boolean hasData(Assessment a) {
    return a.checks().stream()
        .filter(c -> c.role() == Metric.Role.GUARDRAIL && mustHaveData(c))
        .noneMatch(c -> c.verdict() == Verdict.NO_DATA);
  }

  private boolean mustHaveData(Check check) {
    return plan.metric(check.metricId()).common().onNoData() != Metric.OnNoData.IGNORE;
  }

  private boolean brokenTraffic(Assessment a) {
    if (a.trafficTrouble().isEmpty() || plan.exposure().isEmpty()) {
      return false;
    }
    return switch (a.trafficTrouble().get().kind()) {
      case MISMATCH ->
          !plan.policy().dryRun()
              && plan.exposure().get().onMismatch() != ExposureRule.OnTrouble.WARN;
      case NO_TRAFFIC -> plan.exposure().get().onNoTraffic() != ExposureRule.OnTrouble.WARN;
    };
  }

  private void waiveFailures(Assessment a) {
    a.checks().stream()
        .filter(c -> c.verdict() == Verdict.FAIL)
        .map(Check::id)
        .forEach(waived::add);
  }

  private static boolean inHours(Step step, Rollout before, Instant now) {
    Exposure wanted = step.exposure();
    return wanted.compareTo(before.applied()) <= 0
        || step.windows().isEmpty()
        || step.windows().stream().anyMatch(w -> w.contains(now.atZone(ZoneOffset.UTC)));
  }
}
