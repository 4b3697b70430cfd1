package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Everybody is on the canary: how long the way back stays open, and who closes it. */
class RetentionTest {
  private static final Duration THREE_DAYS = Duration.ofDays(3);

  private static Journey retaining() {
    return Journey.of(Draft.playbook().plan())
        .untilStep("keep-old", Reading.fine())
        .looks(3, Reading.fine());
  }

  private static Command.ReportReadiness gone() {
    return new Command.ReportReadiness(
        Journey.ANNA, false, "the old database lags 4 h", Optional.empty());
  }

  private static Command.ReportReadiness ready(Duration validFor) {
    return new Command.ReportReadiness(Journey.ANNA, true, "", Optional.of(validFor));
  }

  @Test
  void theRetentionCountsFromTheFirstConfirmedHundredPercent() {
    Journey journey = Journey.of(Draft.playbook().plan());
    journey.untilStep("users-100", Reading.fine()).look(Reading.fine());
    Instant everybody = journey.rollout().appliedAt().orElseThrow();

    journey.untilStep("keep-old", Reading.fine());

    assertEquals(Optional.of(everybody), journey.rollout().fullSince());
    assertEquals(Optional.of(everybody.plus(THREE_DAYS)), journey.rollout().keptUntil());
  }

  @Test
  void comingBackToHundredPercentBeginsItAnew() {
    Journey journey = retaining();
    Instant before = journey.rollout().keptUntil().orElseThrow();
    journey.does(new Command.ReportExposure(new Exposure(40), ""));
    assertEquals(Optional.empty(), journey.rollout().fullSince());

    journey.pass(Duration.ofHours(2)).does(new Command.ReportExposure(Exposure.ALL, ""));

    assertEquals(Optional.of(journey.now()), journey.rollout().fullSince());
    assertTrue(journey.rollout().keptUntil().orElseThrow().isAfter(before));
  }

  @Test
  void theCalendarNeverLetsGoOfTheOldSystem() {
    Journey journey = retaining();

    journey.looks(60 * 24 * 10, Reading.fine());

    assertInstanceOf(Stage.RetireReady.class, journey.stage());
    assertEquals(1, journey.all(Event.RetentionOver.class).size());
    journey.does(new Command.Retire(Journey.ANNA, ""));
    assertInstanceOf(Stage.Completed.class, journey.stage());
    assertFalse(journey.decisions().getLast().forced());
    assertEquals(Reason.Code.RETENTION_OVER, journey.decisions().getLast().reason().code());
  }

  @Test
  void whoWaitsForTheRetirementIsStillProtected() {
    Journey journey = retaining().looks(60 * 80, Reading.fine());
    assertInstanceOf(Stage.RetireReady.class, journey.stage());

    journey.look(Reading.fine().worse("errors"));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void aRegressionCallsAPersonWhenTheOldSystemIsNotReady() {
    Journey journey = retaining().does(gone());

    journey.looks(3, Reading.fine().worse("errors"));

    Stage.AwaitingApproval asked = assertInstanceOf(Stage.AwaitingApproval.class, journey.stage());
    assertEquals(Reason.Code.NOT_READY, asked.reason().code());
    assertTrue(asked.reason().sentence().contains("the old database lags 4 h"));
    assertEquals(1, journey.all(Event.ApprovalAsked.class).size());
    assertEquals(
        Notify.Topic.ROLLBACK_FAILED,
        journey.outgoing().stream()
            .filter(Outgoing.Announce.class::isInstance)
            .map(o -> ((Outgoing.Announce) o).topic())
            .reduce((a, b) -> b)
            .orElseThrow());
    journey.does(new Command.RollBack(Journey.ANNA, "now"));
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void thePersonIsCalledEvenWhileItIsPaused() {
    Journey journey = retaining().does(gone()).does(new Command.Pause(Journey.ANNA, "lunch"));

    journey.looks(3, Reading.fine().worse("errors"));

    assertEquals(1, journey.all(Event.ApprovalAsked.class).size());
    assertInstanceOf(Stage.Paused.class, journey.stage());
  }

  @Test
  void whenTheOldSystemIsReadyAgainTheRegressionTakesEverybodyBack() {
    Journey journey = retaining().does(gone()).looks(2, Reading.fine().worse("errors"));

    journey.does(ready(Duration.ofMinutes(5))).look(Reading.fine().worse("errors"));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void beforeEverybodyIsOnTheCanaryTheOldSystemNeedNotBeAskedAfter() {
    Journey journey = Journey.of(Draft.brief().plan()).looks(3, Reading.fine()).does(gone());

    journey.look(Reading.fine().worse("errors"));

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void whatWasAcceptedByApprovalIsWaivedAndTheRetentionGoesOn() {
    Journey journey = retaining().does(gone()).looks(2, Reading.fine().worse("errors"));

    journey.does(new Command.Approve(Journey.ANNA, "known, fixed tomorrow"));
    journey.looks(3, Reading.fine().worse("errors"));

    assertInstanceOf(Stage.Baking.class, journey.stage());
    assertTrue(journey.rollout().waived().contains("errors"));
    assertEquals("keep-old", journey.rollout().step().id());
    assertTrue(journey.decisions().getLast().forced());
  }

  @Test
  void aWordThatIsNotSaidAgainIsNotBelievedForEver() {
    Journey journey = retaining().does(ready(Duration.ofMinutes(5)));
    assertTrue(journey.rollout().backIsReady());

    journey.looks(8, Reading.fine());

    assertFalse(journey.rollout().backIsReady());
    assertEquals(Actor.ENGINE, journey.rollout().readiness().orElseThrow().actor());
    assertTrue(
        journey.headlines().getLast().contains("the old system is NOT ready for a rollback"),
        journey.headlines().getLast());
  }

  @Test
  void theSameWordSaidAgainIsNoNews() {
    Journey journey = retaining().does(ready(Duration.ofMinutes(10)));
    int before = journey.headlines().size();

    for (int i = 0; i < 60; i++) {
      journey.look(Reading.fine()).does(ready(Duration.ofMinutes(10)));
    }

    assertTrue(journey.rollout().backIsReady());
    assertEquals(before, journey.headlines().size());
    assertTrue(journey.all(Event.ReadinessChanged.class).size() <= 16);
  }

  @Test
  void sayingThatItIsNotReadyNeedsAReason() {
    retaining()
        .refuses(
            new Command.ReportReadiness(Journey.ANNA, false, " ", Optional.empty()),
            Rejection.Code.REASON_MISSING);
  }

  @Test
  void extendingMovesTheEndOfTheRetentionAndNeedsAReason() {
    Journey journey = retaining();
    Instant end = journey.rollout().keptUntil().orElseThrow();
    Duration week = Duration.ofDays(7);
    journey.refuses(new Command.Extend(Journey.ANNA, "", week), Rejection.Code.REASON_MISSING);

    journey.does(new Command.Extend(Journey.ANNA, "quarter's end", week));
    journey.until(r -> r.stage() instanceof Stage.RetireReady, Reading.fine());

    assertFalse(journey.now().isBefore(end.plus(week)));
    assertEquals(end.plus(week), journey.last(Event.Extended.class).until());
  }

  @Test
  void extendingARetentionThatIsOverKeepsTheOldSystemOn() {
    Journey journey = retaining().looks(60 * 80, Reading.fine());

    journey.does(new Command.Extend(Journey.ANNA, "not yet", Duration.ofDays(1)));

    assertInstanceOf(Stage.Baking.class, journey.stage());
    journey.look(Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());
  }

  @Test
  void moreTimeReleasesAStepThatHadRunOutOfIt() {
    Journey journey =
        Journey.of(
                Draft.brief()
                    .step(
                        0,
                        s -> {
                          s.advanceWhen = Step.AdvanceWhen.PROVEN_SAFE;
                          s.atMost = Optional.of(Duration.ofMinutes(20));
                        })
                    .plan())
            .looks(25, Reading.fine());
    assertInstanceOf(Stage.Held.class, journey.stage());

    journey.does(new Command.Extend(Journey.ANNA, "little traffic", Duration.ofMinutes(30)));
    assertInstanceOf(Stage.Baking.class, journey.stage());
    journey.looks(20, Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());
    journey.looks(8, Reading.fine());
    assertInstanceOf(Stage.Held.class, journey.stage());
  }

  @Test
  void anExtensionIsBoundedAndBelongsToADeadline() {
    Journey journey = retaining();
    journey.refuses(
        new Command.Extend(Journey.ANNA, "for ever", Duration.ofDays(400)), Rejection.Code.NOT_NOW);
    journey.refuses(
        new Command.Extend(Journey.ANNA, "less", Duration.ofDays(-1)), Rejection.Code.NOT_NOW);
    Journey endless = Journey.of(Draft.brief().plan()).looks(3, Reading.fine());
    String why =
        endless.refuses(
            new Command.Extend(Journey.ANNA, "more", Duration.ofDays(1)), Rejection.Code.NOT_NOW);
    assertEquals("Step users-10 has no deadline: it lasts as long as it takes.", why);
  }
}
