package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people do: promote, approve, roll back, abort. */
class ByHandTest {
  /** Monday to Thursday, nine to four. */
  private static final List<ChangeWindow> OFFICE =
      List.of(
          new ChangeWindow(
              DayOfWeek.MONDAY, DayOfWeek.THURSDAY, LocalTime.of(9, 0), LocalTime.of(16, 0)));

  private static Journey brief() {
    return Journey.of(Draft.brief().plan());
  }

  private static String step(Journey journey) {
    return journey.rollout().step().id();
  }

  @Test
  void goingOverAShutGateNeedsAReasonAndIsMarkedForEver() {
    Journey journey = brief().looks(3, Reading.fine());

    String sentence =
        journey.refuses(new Command.Promote(Journey.ANNA, "  "), Rejection.Code.REASON_MISSING);
    assertEquals(
        "The gate of step users-10 is not open: Observed for 3 min of at least 10 min. Say why you"
            + " go on all the same.",
        sentence);
    journey.does(new Command.Promote(Journey.ANNA, "the old one is on fire"));

    Decision decision = journey.decisions().getLast();
    assertTrue(decision.forced());
    assertEquals(Journey.ANNA, decision.actor());
    assertEquals("anna went on by hand: the old one is on fire", decision.reason().sentence());
    assertEquals("checkout was forced from 10 % to 50 %", journey.headlines().getLast());
    journey.until(Rollout::ended, Reading.fine());
    assertTrue(journey.all(Event.Decided.class).stream().anyMatch(d -> d.decision().forced()));
  }

  @Test
  void goingThroughAnOpenGateByHandIsNoForce() {
    Journey journey =
        Journey.of(Draft.brief().step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED).plan())
            .looks(12, Reading.fine());

    journey.does(new Command.Promote(Journey.ANNA, ""));

    assertFalse(journey.decisions().getLast().forced());
    assertEquals("users-50", step(journey));
  }

  @Test
  void theGateIsShutWhileBlindOrOnOldNewsOrBeforeTheFirstLook() {
    Journey approved =
        Journey.of(Draft.brief().step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED).plan())
            .looks(12, Reading.fine());
    approved.pass(Duration.ofMinutes(20));
    String old =
        approved.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertTrue(old.contains("old news"), old);
    approved.does(new Command.LoseSource("refused", 1));
    String blind =
        approved.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertTrue(blind.contains("cannot be reached"), blind);

    Journey fresh = brief().confirm();
    String first =
        fresh.refuses(new Command.Promote(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertTrue(first.contains("No look was taken yet."), first);
  }

  @Test
  void nobodyGoesOnBeforeTheFlagSystemHasConfirmed() {
    Journey journey = brief().withAFlagSystemThatWaits();
    journey.does(new Command.ReportNotApplied(1, "HTTP 503"));

    String sentence =
        journey.refuses(new Command.Promote(Journey.ANNA, "quick"), Rejection.Code.NOT_NOW);

    assertEquals("The flag system has not confirmed 10 % yet: HTTP 503", sentence);
  }

  @Test
  void whatWasGoneOverNoLongerRollsBackButOtherHarmDoes() {
    Journey journey =
        Journey.of(Draft.brief().step(0, s -> s.onRegression = Step.OnRegression.HOLD).plan())
            .looks(4, Reading.fine().worse("errors"));
    journey.does(new Command.Promote(Journey.ANNA, "the errors are a known client's"));
    assertEquals(Set.of("errors"), journey.rollout().waived());

    journey.looks(5, Reading.fine().worse("errors"));
    assertInstanceOf(Stage.Baking.class, journey.stage());
    journey.look(Reading.fine().worse("errors").worse("p99"));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    assertEquals("p99 latency says FAIL.", journey.decisions().getLast().reason().sentence());
  }

  @Test
  void whatWasGoneOverDoesNotBlockTheTimeOutEither() {
    Journey journey =
        Journey.of(
                Draft.brief()
                    .step(0, s -> s.onRegression = Step.OnRegression.HOLD)
                    .step(
                        1,
                        s -> {
                          s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
                          s.atMost = java.util.Optional.of(Duration.ofMinutes(15));
                          s.onInconclusive = Step.OnInconclusive.ADVANCE;
                        })
                    .plan())
            .looks(4, Reading.fine().worse("errors"));
    journey.does(new Command.Promote(Journey.ANNA, "known"));

    journey.looks(30, Reading.fine().worse("errors"));

    assertInstanceOf(Stage.Completed.class, journey.stage());
  }

  @Test
  void endingTheLastStepByHandLeavesATraceOfWhoAndWhy() {
    Journey journey = Journey.of(Draft.playbook().plan());
    journey.untilStep("keep-old", Reading.fine()).looks(5, Reading.fine());

    journey.refuses(new Command.Promote(Journey.ANNA, "done"), Rejection.Code.NOT_NOW);
    journey.refuses(new Command.Retire(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    journey.does(new Command.Retire(Journey.ANNA, "the old system's lease ends today"));

    assertInstanceOf(Stage.Completed.class, journey.stage());
    Decision last = journey.decisions().getLast();
    assertTrue(last.forced());
    assertEquals(Journey.ANNA, last.actor());
    assertEquals(
        List.of(
            "checkout: anna let go of the old system: the old system's lease ends today",
            "checkout is complete"),
        journey.headlines().subList(journey.headlines().size() - 2, journey.headlines().size()));
    assertEquals(Exposure.ALL, journey.commanded().getLast());
  }

  @Test
  void approvingAGateThatIsNotOpenIsForce() {
    Journey journey =
        Journey.of(
                Draft.brief()
                    .step(
                        0,
                        s -> {
                          s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
                          s.atMost = java.util.Optional.of(Duration.ofMinutes(20));
                          s.onInconclusive = Step.OnInconclusive.ASK;
                        })
                    .plan())
            .looks(22, Reading.fine());

    journey.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    journey.does(new Command.Approve(Journey.ANNA, "enough for me"));

    assertTrue(journey.decisions().getLast().forced());
    assertEquals("enough for me", journey.last(Event.Approved.class).reason());
    assertEquals("users-50", step(journey));
  }

  @Test
  void anApproveStepWithKnownHarmIsNotWavedThrough() {
    Journey journey =
        Journey.of(
            Draft.empty()
                .step("users-1", Step.Kind.EXPOSE, 1, s -> s.atLeast = Duration.ofMinutes(2))
                .step(
                    "go",
                    Step.Kind.APPROVE,
                    1,
                    s -> {
                      s.atLeast = Duration.ZERO;
                      s.onRegression = Step.OnRegression.ASK;
                    })
                .step("users-50", Step.Kind.EXPOSE, 50, s -> {})
                .plan());
    journey.untilStep("go", Reading.fine()).looks(3, Reading.fine().worse("errors"));

    String sentence =
        journey.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);

    assertTrue(sentence.contains("Error rate says FAIL."), sentence);
    journey.does(new Command.Approve(Journey.ANNA, "known"));
    assertTrue(journey.decisions().getLast().forced());
  }

  @Test
  void anApproveStepIsNeverLeftByItselfWhateverHappensToItMeanwhile() {
    Journey journey =
        Journey.of(
            Draft.empty()
                .step(
                    "go",
                    Step.Kind.APPROVE,
                    0,
                    s -> {
                      s.atLeast = Duration.ZERO;
                      s.onRegression = Step.OnRegression.HOLD;
                    })
                .step("users-50", Step.Kind.EXPOSE, 50, s -> {})
                .plan());

    journey.looks(3, Reading.fine());
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));
    journey.looks(3, Reading.fine().worse("errors"));
    journey.does(new Command.Resume(Journey.ANNA, ""));
    journey.looks(20, Reading.safe());

    assertInstanceOf(Stage.AwaitingApproval.class, journey.stage());
    assertEquals("go", step(journey));
  }

  @Test
  void whatNeverBeganTouchesNoFlagWhenItIsRolledBack() {
    for (boolean paused : List.of(true, false)) {
      Journey journey = Journey.of(Draft.brief().step(0, s -> s.windows = OFFICE).plan());
      if (paused) {
        journey.does(new Command.Pause(Journey.ANNA, "not today"));
      }

      journey.does(new Command.RollBack(Journey.ANNA, "wrong plan"));

      assertInstanceOf(Stage.RolledBack.class, journey.stage());
      assertEquals(List.of(), journey.commanded(), "the flag may do somebody else's work");
    }
  }

  @Test
  void aRollbackThatIsNotConfirmedIsCalledOutOnceAndGoesOn() {
    Journey journey = brief().looks(3, Reading.fine()).withAFlagSystemThatWaits();
    journey.does(new Command.RollBack(Journey.ANNA, "smoke"));
    journey.pass(Duration.ofMinutes(2));
    journey.does(new Command.Tick());
    assertEquals(0, journey.all(Event.RollbackOverdue.class).size());

    journey.pass(Duration.ofSeconds(1));
    journey.does(new Command.Tick()).does(new Command.Tick());
    journey.pass(Duration.ofHours(5));
    journey.does(new Command.Tick());

    assertEquals(1, journey.all(Event.RollbackOverdue.class).size());
    assertTrue(
        journey
            .headlines()
            .contains("checkout: the rollback is not confirmed; users may still be on the canary"));
    journey.confirm();
    assertInstanceOf(Stage.RolledBack.class, journey.stage());
  }

  @Test
  void aLateConfirmationOfTheRaiseDoesNotConfirmTheRollback() {
    Journey journey = brief().withAFlagSystemThatWaits();
    journey.does(new Command.RollBack(Journey.ANNA, "smoke"));

    journey.does(new Command.ConfirmApplied(1));
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    journey.does(new Command.ConfirmApplied(2));

    assertInstanceOf(Stage.RolledBack.class, journey.stage());
  }

  @Test
  void abortingLeavesTheExposureAndSaysSo() {
    Journey journey = brief().looks(3, Reading.fine());
    String sentence =
        journey.refuses(new Command.Abort(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertEquals(
        "Aborting leaves 10 % of the users on the canary with nobody watching: say why.", sentence);

    journey.does(new Command.Abort(Journey.ANNA, "we go by hand"));

    assertInstanceOf(Stage.Aborted.class, journey.stage());
    assertEquals(new Exposure(10), journey.commanded().getLast());
    assertEquals(
        "checkout was aborted by anna at 10 %: we go by hand", journey.headlines().getLast());
  }

  @Test
  void theTroubleOfTheFlagSystemIsSaidOnceForEachNewAnswer() {
    Journey journey = brief().withAFlagSystemThatWaits();
    journey.does(new Command.ReportNotApplied(1, "HTTP 503"));
    journey.does(new Command.ReportNotApplied(1, "HTTP 503"));
    journey.does(new Command.ReportNotApplied(1, "HTTP 401"));
    journey.does(new Command.ReportNotApplied(7, "HTTP 500"));

    assertEquals(2, journey.all(Event.ExposureRefused.class).size());
  }
}
