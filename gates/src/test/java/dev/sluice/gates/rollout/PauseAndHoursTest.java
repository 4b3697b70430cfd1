package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.Step;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pausing, and the hours in which the exposure may be raised. */
class PauseAndHoursTest {
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
  void aPausedRolloutNeverPromotesAndItsTimeDoesNotCount() {
    Journey journey = brief().looks(5, Reading.fine());
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));

    journey.looks(60, Reading.safe());

    assertEquals("users-10", step(journey));
    assertEquals(Duration.ofMinutes(5), journey.rollout().dwell());
    journey.does(new Command.Resume(Journey.ANNA, "")).looks(7, Reading.safe());
    assertEquals("users-50", step(journey));
  }

  @Test
  void aPausedRolloutStillRollsBack() {
    Journey journey = brief().looks(5, Reading.fine());
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));

    journey.look(Reading.fine().worse("errors"));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    assertEquals(Exposure.NONE, journey.commanded().getLast());
  }

  @Test
  void pausedTimeDoesNotCountHoweverLateItsLooksAreTaken() {
    Journey journey = brief().looks(3, Reading.fine());
    Instant paused = journey.now();
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));
    journey.pass(Duration.ofMinutes(30));
    journey.does(new Command.Resume(Journey.ANNA, ""));
    Instant resumed = journey.now();

    while (journey.rollout().nextLookEnd().isBefore(resumed)) {
      journey.look(Reading.fine());
    }

    assertEquals(Duration.ofMinutes(3), journey.rollout().dwell());
    assertTrue(journey.rollout().lastAssessment().orElseThrow().window().to().isAfter(paused));
  }

  @Test
  void timeBeforeThePauseCountsHoweverLateItsLooksAreTaken() {
    Journey journey = brief().looks(3, Reading.fine());
    journey.pass(Duration.ofMinutes(4));
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));

    journey.looks(3, Reading.fine());

    assertEquals(Duration.ofMinutes(6), journey.rollout().dwell());
  }

  @Test
  void aPausedRolloutRemembersWhereItWas() {
    Journey held = brief().looks(4, Reading.fine().worse("basket"));
    held.does(new Command.Pause(Journey.ANNA, "lunch")).does(new Command.Resume(Journey.ANNA, ""));
    assertInstanceOf(Stage.Held.class, held.stage());

    Journey applying = brief().withAFlagSystemThatWaits();
    applying.does(new Command.Pause(Journey.ANNA, "lunch"));
    applying.does(new Command.ReportNotApplied(1, "HTTP 503"));
    assertInstanceOf(Stage.Applying.class, applying.beneath());
    applying.confirm().does(new Command.Resume(Journey.ANNA, ""));
    assertInstanceOf(Stage.Baking.class, applying.stage());
    assertEquals(1, applying.all(Event.ExposureRefused.class).size());
  }

  @Test
  void anApprovalCannotBeGivenWhilePaused() {
    Journey journey =
        Journey.of(Draft.brief().step(0, s -> s.advanceWhen = Step.AdvanceWhen.APPROVED).plan())
            .looks(12, Reading.fine());
    journey.does(new Command.Pause(Journey.ANNA, "lunch"));

    assertEquals(
        "It is paused by anna: resume it first.",
        journey.refuses(new Command.Approve(Journey.ANNA, ""), Rejection.Code.NOT_NOW));
  }

  @Test
  void aRestartHoldsOnlyWhereThePlanSaysSo() {
    Journey journey =
        Journey.of(Draft.brief().with(d -> d.onRestart = Policy.OnRestart.HOLD).plan())
            .looks(5, Reading.fine());
    journey.does(new Command.Restarted()).does(new Command.Restarted());

    Stage.Paused paused = assertInstanceOf(Stage.Paused.class, journey.stage());
    assertEquals(Actor.ENGINE, paused.actor());
    assertEquals(1, journey.all(Event.PausedBy.class).size());
  }

  @Test
  void aPlanWithHoursBeginsWhenTheyCome() {
    Journey journey = Journey.of(Draft.brief().step(0, s -> s.windows = OFFICE).plan());
    assertInstanceOf(Stage.Pending.class, journey.stage());
    assertEquals(List.of(), journey.commanded());

    journey.pass(Duration.ofMinutes(59));
    journey.does(new Command.Tick());
    assertInstanceOf(Stage.Pending.class, journey.stage());
    journey.pass(Duration.ofMinutes(1));
    journey.does(new Command.Tick());

    assertInstanceOf(Stage.Applying.class, journey.stage());
    assertEquals(journey.now(), journey.rollout().startedAt(), "looks are counted from here");
    assertEquals("checkout starts with 10 %", journey.headlines().getLast());
    journey.until(Rollout::ended, Reading.fine());
    assertEquals(1, journey.all(Event.LookTaken.class).getFirst().look());
  }

  @Test
  void whatIsDoneOutsideTheHoursWaitsForThem() {
    Journey journey =
        Journey.of(
            Draft.brief().step(1, s -> s.windows = OFFICE).plan(),
            Instant.parse("2026-03-05T15:55:00Z"));

    journey.looks(20, Reading.fine());
    Stage.Held held = assertInstanceOf(Stage.Held.class, journey.stage());
    assertEquals(Reason.Code.CHANGE_WINDOW, held.reason().code());
    journey.looks(60 * 24, Reading.fine());
    assertEquals("users-10", step(journey), "Friday");
    assertEquals(1, journey.all(Event.HeldBack.class).size());
    journey.untilStep("users-50", Reading.fine());

    Instant raised = journey.decisions().getLast().at();
    assertTrue(
        raised.isAfter(Instant.parse("2026-03-09T08:59:59Z"))
            && raised.isBefore(Instant.parse("2026-03-09T09:03:00Z")),
        raised.toString());
  }

  @Test
  void aRegressionAtNightDoesNotWaitForTheMorning() {
    Journey journey =
        Journey.of(
            Draft.brief().steps(s -> s.windows = OFFICE).plan(),
            Instant.parse("2026-03-05T15:55:00Z"));
    journey.looks(30, Reading.fine()).look(Reading.fine().worse("errors"));
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void goingOnOutsideTheHoursByHandNeedsAReason() {
    Journey journey =
        Journey.of(
                Draft.brief().step(1, s -> s.windows = OFFICE).plan(),
                Instant.parse("2026-03-06T15:00:00Z"))
            .looks(20, Reading.fine());

    String sentence =
        journey.refuses(new Command.Promote(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    assertTrue(sentence.contains("certain hours"), sentence);
    journey.does(new Command.Promote(Journey.ANNA, "the sale begins tonight"));

    assertTrue(journey.decisions().getLast().forced());
  }

  @Test
  void beginningByHandOutsideTheHoursIsForceAndKeepsItsReason() {
    Journey journey = Journey.of(Draft.brief().step(0, s -> s.windows = OFFICE).plan());

    journey.refuses(new Command.Promote(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);
    journey.does(new Command.Promote(Journey.ANNA, "I am up anyway"));

    Decision first = journey.decisions().getFirst();
    assertTrue(first.forced());
    assertEquals("anna began by hand: I am up anyway", first.reason().sentence());
    assertEquals("checkout was forced to start with 10 %", journey.headlines().getLast());
  }

  @Test
  void beginningByHandWithinTheHoursIsNoForce() {
    Journey journey = Journey.of(Draft.brief().step(0, s -> s.windows = OFFICE).plan());
    journey.pass(Duration.ofHours(2));

    journey.does(new Command.Promote(Journey.ANNA, ""));

    assertFalse(journey.decisions().getFirst().forced());
  }

  @Test
  void aPausedPlanDoesNotBeginWhenItsHoursCome() {
    Journey journey = Journey.of(Draft.brief().step(0, s -> s.windows = OFFICE).plan());
    journey.does(new Command.Pause(Journey.ANNA, "not today"));
    journey.pass(Duration.ofHours(2));
    journey.does(new Command.Tick());
    assertInstanceOf(Stage.Pending.class, journey.beneath());

    journey.does(new Command.Resume(Journey.ANNA, "")).does(new Command.Tick());

    assertInstanceOf(Stage.Applying.class, journey.stage());
  }
}
