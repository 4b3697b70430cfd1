package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Assessment.TrafficTrouble.Kind;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.ExposureRule.OnTrouble;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends a step and what holds it. */
class HarmAndObstaclesTest {
  private static Journey with(Consumer<Draft.StepDraft> first) {
    return Journey.of(Draft.brief().step(0, first).plan());
  }

  private static Journey withTraffic(OnTrouble onMismatch, OnTrouble onNoTraffic) {
    return Journey.of(
        Draft.brief()
            .with(
                d ->
                    d.exposure =
                        Optional.of(
                            new ExposureRule(
                                "all{$cohort}", onMismatch, onNoTraffic, Duration.ofMinutes(5))))
            .plan());
  }

  private static String step(Journey journey) {
    return journey.rollout().step().id();
  }

  private static Reason.Code held(Journey journey) {
    return assertInstanceOf(Stage.Held.class, journey.stage()).reason().code();
  }

  private static Reason.Code asked(Journey journey) {
    return assertInstanceOf(Stage.AwaitingApproval.class, journey.stage()).reason().code();
  }

  @ParameterizedTest
  @EnumSource(Step.OnRegression.class)
  void aProvenRegressionDoesWhatThePlanSays(Step.OnRegression what) {
    Journey journey = with(s -> s.onRegression = what).looks(5, Reading.fine());

    journey.looks(2, Reading.fine().worse("p99"));

    switch (what) {
      case ROLLBACK -> {
        assertInstanceOf(Stage.RolledBack.class, journey.stage());
        assertEquals(Reason.Code.REGRESSION, journey.decisions().getLast().reason().code());
        assertEquals(Exposure.NONE, journey.commanded().getLast());
      }
      case HOLD -> {
        assertEquals(Reason.Code.REGRESSION, held(journey));
        assertEquals(1, journey.all(Event.HeldBack.class).size(), "said once");
        journey.looks(30, Reading.fine().worse("p99"));
        assertEquals("users-10", step(journey));
      }
      case ASK -> {
        assertEquals(Reason.Code.REGRESSION, asked(journey));
        assertEquals(1, journey.all(Event.ApprovalAsked.class).size(), "asked once");
        journey.looks(30, Reading.safe());
        assertEquals(Reason.Code.REGRESSION, asked(journey), "only a person answers");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Step.OnRegression.class)
  void whileTheExposureIsNotConfirmedOnlyARollbackCannotWait(Step.OnRegression what) {
    Journey journey = with(s -> s.onRegression = what).withAFlagSystemThatWaits();

    journey.looks(3, Reading.fine().worse("errors"));

    if (what == Step.OnRegression.ROLLBACK) {
      assertInstanceOf(Stage.RollingBack.class, journey.stage());
    } else {
      assertInstanceOf(Stage.Applying.class, journey.stage());
      journey.confirm().looks(2, Reading.fine().worse("errors"));
      assertFalse(journey.stage() instanceof Stage.Baking, "said as soon as it is confirmed");
    }
  }

  @Test
  void aBrokenLimitIsCalledByItsName() {
    Journey journey = with(s -> {}).looks(3, Reading.fine());

    journey.look(Reading.fine().limit("errors", Verdict.FAIL));

    assertEquals(Reason.Code.LIMIT_BROKEN, journey.decisions().getLast().reason().code());
  }

  @Test
  void aRegressionHeldForPeopleIsToldWhileTheyAreAskedForSomethingElse() {
    Journey journey =
        with(s -> {
              s.advanceWhen = Step.AdvanceWhen.APPROVED;
              s.onRegression = Step.OnRegression.HOLD;
            })
            .looks(12, Reading.fine());
    assertEquals(Reason.Code.APPROVAL_NEEDED, asked(journey));

    journey.look(Reading.fine().worse("errors"));

    assertEquals(Reason.Code.REGRESSION, asked(journey));
    journey.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
  }

  @Test
  void aRollbackNeverRaises() {
    Journey journey =
        Journey.of(
                Draft.playbook()
                    .with(
                        d ->
                            d.rollback =
                                new RollbackRule(
                                    new Exposure(5),
                                    RollbackRule.Action.PERCENT,
                                    Duration.ofMinutes(2),
                                    Duration.ZERO))
                    .plan())
            .withAFlagSystemThatWaits();
    journey.does(new Command.RollBack(Journey.ANNA, ""));
    assertEquals(Exposure.NONE, journey.commanded().getLast(), "1 % was never confirmed");

    Journey later =
        Journey.of(
            Draft.playbook()
                .with(
                    d ->
                        d.rollback =
                            new RollbackRule(
                                new Exposure(5),
                                RollbackRule.Action.PERCENT,
                                Duration.ofMinutes(2),
                                Duration.ZERO))
                .plan());
    later.untilStep("users-50", Reading.fine()).looks(2, Reading.fine());
    later.does(new Command.RollBack(Journey.ANNA, "")).confirm();
    assertEquals(new Exposure(5), later.commanded().getLast());
    assertEquals("checkout is rolled back to 5 %", later.headlines().getLast());
  }

  @Test
  void aWorseSignalHoldsAndLetsGo() {
    Journey journey = with(s -> {}).looks(12, Reading.fine().worse("basket"));
    assertEquals(Reason.Code.SIGNAL_WORSE, held(journey));
    assertEquals("users-10", step(journey));

    journey.look(Reading.fine());

    assertEquals("users-50", step(journey), "its time was served while it was held");
    assertEquals(1, journey.all(Event.Released.class).size());
  }

  @Test
  void aGapOfTwoLooksIsAGapAndAThirdOneHolds() {
    Journey journey = with(s -> {}).looks(4, Reading.fine());
    journey.look(Reading.fine().absent("errors", 1)).look(Reading.fine().absent("errors", 2));
    assertInstanceOf(Stage.Baking.class, journey.stage());

    journey.look(Reading.fine().absent("errors", 3));

    assertEquals(Reason.Code.NO_DATA, held(journey));
    journey.look(Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());
  }

  @Test
  void aCanaryThatHasJustComeUpHasItsFirstLooksToShowItself() {
    Journey journey = with(s -> {}).withAFlagSystemThatWaits();
    journey.looks(20, Reading.fine().absent("errors", 20)).confirm();

    journey.looks(2, Reading.fine().absent("errors", 22));
    assertInstanceOf(Stage.Baking.class, journey.stage());
    journey.looks(2, Reading.fine().absent("errors", 24));

    assertEquals(Reason.Code.NO_DATA, held(journey));
  }

  @Test
  void missingDataThatThePlanCallsAFailureRollsBackAfterTheGrace() {
    Metric failing =
        new Metric.Ratio(
            Draft.common("errors", "Error rate", Metric.Role.GUARDRAIL, Metric.OnNoData.FAIL),
            "bad",
            "all");
    Journey journey =
        Journey.of(
            Draft.brief()
                .with(d -> d.metrics = List.of(failing, Draft.latency(), Draft.basket()))
                .plan());
    journey.looks(6, Reading.fine());

    for (int k = 1; k <= 4; k++) {
      journey.look(Reading.fine().absent("errors", k));
      assertFalse(journey.stage() instanceof Stage.RollingBack, "after " + k);
    }
    journey.look(Reading.fine().absent("errors", 5));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    assertEquals(Reason.Code.NO_DATA, journey.decisions().getLast().reason().code());
  }

  @ParameterizedTest
  @EnumSource(OnTrouble.class)
  void aSplitThatDoesNotFollowThePlanDoesWhatThePlanSays(OnTrouble what) {
    for (Kind kind : Kind.values()) {
      Journey journey = withTraffic(what, what);
      journey.looks(4, Reading.fine().trouble(kind));
      assertInstanceOf(Stage.Baking.class, journey.stage(), "within the grace");

      journey.looks(10, Reading.fine().trouble(kind));

      Reason.Code code =
          kind == Kind.MISMATCH ? Reason.Code.TRAFFIC_MISMATCH : Reason.Code.NO_TRAFFIC;
      switch (what) {
        case HOLD -> {
          assertEquals(code, held(journey));
          assertEquals(Duration.ZERO, journey.rollout().dwell());
          journey.looks(11, Reading.fine());
          assertEquals("users-50", step(journey));
        }
        case ROLLBACK -> {
          assertEquals(code, journey.decisions().getLast().reason().code());
          assertEquals(Exposure.NONE, journey.commanded().getLast());
        }
        case WARN -> assertEquals("users-50", step(journey), "only reported");
      }
    }
  }

  @Test
  void withinTheGraceBrokenTrafficOpensNoGate() {
    Journey journey = with(s -> s.atLeast = Duration.ofMinutes(2)).looks(3, Reading.thin());
    journey.look(Reading.fine().trouble(Kind.MISMATCH));
    assertEquals("users-10", step(journey));

    journey.look(Reading.fine());

    assertEquals("users-50", step(journey));
  }

  @Test
  void inADryRunNobodyMovesTheTraffic() {
    Journey journey = Journey.of(Draft.brief().with(d -> d.dryRun = true).plan());

    journey.looks(15, Reading.fine().trouble(Kind.MISMATCH));

    assertEquals("users-50", step(journey));
  }

  @Test
  void anObstacleDoesNotWithdrawTheQuestionThatPeopleWereAsked() {
    Journey journey =
        with(s -> s.advanceWhen = Step.AdvanceWhen.APPROVED).looks(12, Reading.fine());
    assertEquals(Reason.Code.APPROVAL_NEEDED, asked(journey));

    journey.looks(2, Reading.fine().worse("basket"));

    assertEquals(Reason.Code.APPROVAL_NEEDED, asked(journey));
    String sentence =
        journey.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertTrue(sentence.contains("Basket value says FAIL."), sentence);
    journey.look(Reading.fine()).does(new Command.Approve(Journey.ANNA, ""));
    assertEquals("users-50", step(journey));
    assertEquals(1, journey.all(Event.ApprovalAsked.class).size());
  }

  @Test
  void aHoldForAnotherReasonIsSaidAnew() {
    Journey journey = with(s -> {}).looks(4, Reading.fine());
    journey.look(Reading.fine().absent("errors", 5));
    assertEquals(Reason.Code.NO_DATA, held(journey));

    journey.look(Reading.fine().worse("basket"));

    assertEquals(Reason.Code.SIGNAL_WORSE, held(journey));
    assertEquals(2, journey.all(Event.HeldBack.class).size());
  }
}
