package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What leaves a step: time, what was shown, and the end of patience. */
class StepRulesTest {
  private static Journey with(Consumer<Draft.StepDraft> first) {
    return Journey.of(Draft.brief().step(0, first).plan());
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

  @Test
  void dwellBeginsWithTheFirstWholeWindowAfterTheExposureIsConfirmed() {
    Journey journey = with(s -> {}).withAFlagSystemThatWaits();
    journey.looks(3, Reading.fine());
    assertEquals(Duration.ZERO, journey.rollout().dwell());

    journey.confirm();
    journey.look(Reading.fine());
    assertEquals(Duration.ZERO, journey.rollout().dwell(), "the window began before");
    journey.look(Reading.fine());

    assertEquals(Duration.ofMinutes(1), journey.rollout().dwell());
    assertEquals(1, journey.rollout().stepLooks());
  }

  @Test
  void aLookWithoutDataDoesNotCount() {
    Journey journey = with(s -> {});
    journey.looks(5, Reading.fine());
    Duration before = journey.rollout().dwell();

    journey.looks(2, Reading.fine().absent("errors", 1));

    assertEquals(before, journey.rollout().dwell());
  }

  @Test
  void aLookWithoutDataCountsWhereThePlanIgnoresIt() {
    Metric ignored =
        new Metric.Ratio(
            Draft.common("errors", "Error rate", Metric.Role.GUARDRAIL, Metric.OnNoData.IGNORE),
            "bad",
            "all");
    Journey journey =
        Journey.of(
            Draft.brief()
                .with(d -> d.metrics = List.of(ignored, Draft.latency(), Draft.basket()))
                .plan());

    journey.looks(13, Reading.fine().absent("errors", 50));

    assertEquals("users-50", step(journey));
  }

  @Test
  void aStepThatAsksForNoTimeStillNeedsOneWholeLook() {
    Journey journey = with(s -> s.atLeast = Duration.ZERO).withAFlagSystemThatWaits();
    journey.look(Reading.safe()).confirm().look(Reading.safe());
    assertEquals("users-10", step(journey), "the window began before the exposure was confirmed");

    journey.look(Reading.safe());

    assertEquals("users-50", step(journey));
  }

  @Test
  void whatWasProvenInTheStepBeforeOpensNothing() {
    Journey journey =
        Journey.of(
            Draft.brief()
                .step(
                    1,
                    s -> {
                      s.atLeast = Duration.ZERO;
                      s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
                    })
                .plan());
    journey.untilStep("users-50", Reading.safe());
    journey.confirm();

    journey.look(Reading.safe());

    assertFalse(journey.ended(), "no look has been wholly within the step");
  }

  @ParameterizedTest
  @EnumSource(Step.AdvanceWhen.class)
  void theGateOpensOnWhatThePlanAsksFor(Step.AdvanceWhen when) {
    Journey unclear = with(s -> s.advanceWhen = when).looks(15, Reading.fine());
    Journey safe = with(s -> s.advanceWhen = when).looks(15, Reading.safe());

    switch (when) {
      case PROVEN_SAFE -> {
        assertEquals("users-10", step(unclear));
        assertEquals("users-50", step(safe));
        assertEquals(Reason.Code.PROVEN_SAFE, safe.decisions().getLast().reason().code());
      }
      case NO_HARM_FOUND -> {
        assertEquals("users-50", step(unclear));
        assertEquals("users-50", step(safe));
        assertEquals(
            "No harm was found at 10 % in 10 min.",
            unclear.decisions().getLast().reason().sentence());
      }
      case APPROVED -> {
        assertEquals(Reason.Code.APPROVAL_NEEDED, asked(unclear));
        assertEquals(Reason.Code.APPROVAL_NEEDED, asked(safe));
        safe.does(new Command.Approve(Journey.ANNA, ""));
        assertEquals("users-50", step(safe));
        assertFalse(safe.decisions().getLast().forced());
      }
    }
  }

  @Test
  void tooFewSamplesKeepTheGateShut() {
    Journey journey = with(s -> {}).looks(60, Reading.thin());
    assertEquals("users-10", step(journey));
    journey.look(Reading.fine());
    assertEquals("users-50", step(journey));
  }

  @Test
  void guardrailsThatTogetherLeanTowardsHarmKeepTheGateShut() {
    Journey journey = with(s -> {}).looks(30, Reading.fine().leaning(Math.log(10) + 0.1));
    assertEquals("users-10", step(journey));

    journey.look(Reading.fine().leaning(Math.log(10) - 0.1));

    assertEquals("users-50", step(journey));
  }

  @Test
  void aLookWithoutDataOpensNoGateEvenWhenTheTimeIsServed() {
    Journey journey = with(s -> {}).looks(20, Reading.thin());

    journey.look(Reading.fine().absent("p99", 1));
    assertEquals("users-10", step(journey));
    journey.look(Reading.fine());

    assertEquals("users-50", step(journey));
  }

  @Test
  void nothingIsRaisedOnOldNews() {
    Journey journey = with(s -> {}).looks(9, Reading.fine());
    journey.pass(Duration.ofHours(3));

    while (!journey.now().isBefore(journey.rollout().nextLookDue().plus(Duration.ofMinutes(3)))) {
      journey.look(Reading.safe());
      assertEquals("users-10", step(journey), "at " + journey.rollout().nextLookEnd());
    }
    journey.looks(3, Reading.safe());

    assertEquals("users-50", step(journey));
  }

  @ParameterizedTest
  @EnumSource(Step.OnInconclusive.class)
  void whenTheTimeIsUpWithoutAnAnswerThePlanDecides(Step.OnInconclusive what) {
    Journey journey =
        with(
            s -> {
              s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
              s.atMost = Optional.of(Duration.ofMinutes(20));
              s.onInconclusive = what;
            });
    journey.looks(19, Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());

    journey.looks(3, Reading.fine());

    switch (what) {
      case HOLD -> {
        assertEquals(Reason.Code.TIMED_OUT, held(journey));
        assertEquals(
            "No answer within 20 min. Error rate says INCONCLUSIVE. p99 latency says INCONCLUSIVE.",
            assertInstanceOf(Stage.Held.class, journey.stage()).reason().sentence());
        journey.look(Reading.safe());
        assertEquals("users-50", step(journey), "a late answer is an answer");
      }
      case ASK -> {
        assertEquals(Reason.Code.TIMED_OUT, asked(journey));
        assertEquals(1, journey.all(Event.ApprovalAsked.class).size());
        journey.look(Reading.safe());
        assertEquals("users-50", step(journey), "the question has answered itself");
      }
      case ROLLBACK -> {
        assertEquals(Reason.Code.TIMED_OUT, journey.decisions().getLast().reason().code());
        assertEquals(Exposure.NONE, journey.commanded().getLast());
      }
      case ADVANCE -> {
        assertEquals("users-50", step(journey));
        assertEquals(Reason.Code.TIMED_OUT, journey.decisions().getLast().reason().code());
        assertFalse(journey.decisions().getLast().forced());
      }
    }
  }

  @Test
  void goingOnWithoutAnAnswerStillNeedsData() {
    Consumer<Draft.StepDraft> advance =
        s -> {
          s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
          s.atMost = Optional.of(Duration.ofMinutes(12));
          s.onInconclusive = Step.OnInconclusive.ADVANCE;
        };
    Journey thin = with(advance).looks(30, Reading.thin());
    assertEquals(Reason.Code.TIMED_OUT, held(thin), "nothing was ever compared");

    Journey absent = with(advance).looks(30, Reading.fine().absent("errors", 1));
    assertEquals(Reason.Code.TIMED_OUT, held(absent));

    Journey shortTime =
        Journey.of(
            Draft.brief().step(0, advance).step(0, s -> s.atLeast = Duration.ofMinutes(40)).plan());
    shortTime.looks(30, Reading.fine());
    assertEquals(Reason.Code.TIMED_OUT, held(shortTime), "its least time is not served");

    thin.look(Reading.fine());
    assertEquals("users-50", step(thin));
  }

  @Test
  void goingOnWithoutAnAnswerIsNoWayAroundAPersonOrTheClock() {
    Consumer<Draft.StepDraft> advance =
        s -> {
          s.atMost = Optional.of(Duration.ofMinutes(12));
          s.onInconclusive = Step.OnInconclusive.ADVANCE;
        };
    Journey asked =
        with(advance.andThen(s -> s.advanceWhen = Step.AdvanceWhen.APPROVED))
            .looks(30, Reading.fine().leaning(3));
    assertEquals(Reason.Code.APPROVAL_NEEDED, asked(asked));

    Journey old = with(advance.andThen(s -> s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE));
    old.looks(9, Reading.fine());
    old.pass(Duration.ofHours(2));
    old.looks(20, Reading.fine());
    assertEquals("users-10", step(old), "old news");
  }

  @Test
  void aLostSourceIsSaidOnceAndMadeUpFor() {
    Journey journey = with(s -> {}).looks(3, Reading.fine());
    long looks = journey.rollout().looks();

    journey.does(new Command.LoseSource("connection refused", 1));
    journey.pass(Duration.ofMinutes(10));
    journey.does(new Command.LoseSource("connection refused", 1));
    assertEquals(1, journey.all(Event.SourceLost.class).size());
    journey.look(Reading.fine());

    assertEquals(looks + 1, journey.rollout().looks());
    assertEquals(Optional.empty(), journey.rollout().blindSince());
    assertEquals(1, journey.all(Event.SourceBack.class).size());
    assertEquals(
        List.of("checkout is blind: connection refused", "checkout: metrics are back"),
        journey.headlines().subList(journey.headlines().size() - 2, journey.headlines().size()));
  }

  @Test
  void looksAreTakenInTheirOrder() {
    Journey journey = with(s -> {}).looks(3, Reading.fine());
    Assessment later = Reading.fine().of(journey.rollout());

    String sentence = journey.refuses(new Command.TakeLook(5, later), Rejection.Code.OUT_OF_ORDER);

    assertTrue(sentence.contains("that is 4"), sentence);
    journey.refuses(new Command.TakeLook(3, later), Rejection.Code.OUT_OF_ORDER);
  }

  @Test
  void aWindowIsCoveredFromItsFirstMoment() {
    Journey journey = with(s -> {}).withAFlagSystemThatWaits();
    Window first = Window.ofLook(journey.rollout().startedAt(), Duration.ofMinutes(1), 1);
    journey.confirm();
    assertEquals(first.from(), journey.rollout().appliedAt().orElseThrow());

    journey.goTo(journey.rollout().nextLookDue());
    journey.takeLook(Reading.fine().of(journey.rollout(), first));

    assertEquals(Duration.ofMinutes(1), journey.rollout().dwell());
  }
}
