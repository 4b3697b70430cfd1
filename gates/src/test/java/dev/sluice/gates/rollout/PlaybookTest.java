package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole playbooks on virtual time: 1 % for a day, 10, 50, 100 %, and three days of retention. */
class PlaybookTest {

  private static Duration between(Journey journey, int from, int to) {
    List<Decision> decisions = journey.decisions();
    return Duration.between(decisions.get(from).at(), decisions.get(to).at());
  }

  @Test
  void aHarmlessCanaryGoesAllTheWayAndTheOldSystemIsKeptThreeDays() {
    Journey journey = Journey.of(Draft.playbook().plan());

    journey.finish(Reading.fine());

    assertInstanceOf(Stage.Completed.class, journey.stage());
    assertEquals(
        List.of(new Exposure(1), new Exposure(10), new Exposure(50), Exposure.ALL),
        journey.commanded());
    assertEquals(
        List.of("users-1", "users-1", "users-10", "users-50", "users-100", "keep-old"),
        journey.decisions().stream().map(Decision::stepId).toList());
    Duration settled = Duration.ofMinutes(3);
    assertBetween(Duration.ofHours(24), between(journey, 0, 1), settled);
    assertBetween(Duration.ofHours(6), between(journey, 1, 2), settled);
    assertBetween(Duration.ofHours(6), between(journey, 3, 4), settled);
    assertBetween(Duration.ofDays(3), between(journey, 3, 5), settled);
    assertEquals(journey.folded(), journey.rollout());
  }

  private static void assertBetween(Duration least, Duration real, Duration slack) {
    assertTrue(real.compareTo(least) >= 0, "too short: " + real);
    assertTrue(real.compareTo(least.plus(slack)) <= 0, "too long: " + real);
  }

  @Test
  void aBadCanaryIsRolledBackAtTheFirstStep() {
    Journey journey = Journey.of(Draft.playbook().plan());

    journey.looks(90, Reading.fine()).look(Reading.fine().worse("errors"));
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    journey.confirm();

    assertInstanceOf(Stage.RolledBack.class, journey.stage());
    assertEquals(List.of(new Exposure(1), Exposure.NONE), journey.commanded());
    Decision back = journey.decisions().getLast();
    assertEquals(Reason.Code.REGRESSION, back.reason().code());
    assertEquals("Error rate says FAIL.", back.reason().sentence());
    assertEquals(Exposure.NONE, journey.rollout().applied());
    assertEquals(Actor.ENGINE, back.actor());
  }

  @Test
  void aRegressionInTheRetentionStillRollsBack() {
    Journey journey = Journey.of(Draft.playbook().plan());
    journey.untilStep("keep-old", Reading.fine()).looks(60 * 70, Reading.fine());

    journey.look(Reading.fine().worse("p99")).confirm();

    assertInstanceOf(Stage.RolledBack.class, journey.stage());
    assertEquals(Exposure.NONE, journey.commanded().getLast());
  }

  @Test
  void theRetentionRunsFromTheMomentEverybodyIsOnTheCanary() {
    Journey journey =
        Journey.of(
                Draft.empty()
                    .step("all", Step.Kind.RETAIN, 100, s -> s.atLeast = Duration.ofDays(3))
                    .plan())
            .withAFlagSystemThatWaits();
    journey.looks(300, Reading.fine()).confirm();
    Instant everybody = journey.now();

    journey.finish(Reading.fine());

    assertFalse(journey.now().isBefore(everybody.plus(Duration.ofDays(3))));
  }

  @Test
  void theEndOfTheRetentionIsToldOnceAndInTime() {
    Journey journey = Journey.of(Draft.playbook().plan());

    journey.finish(Reading.fine());

    List<Event.RetentionEnding> warnings = journey.all(Event.RetentionEnding.class);
    assertEquals(1, warnings.size());
    Instant ends = warnings.getFirst().endsAt();
    assertBetween(
        Duration.ofHours(6).minusMinutes(3),
        Duration.between(warnings.getFirst().at(), ends),
        Duration.ofMinutes(3));
    assertEquals(
        1,
        journey.headlines().stream()
            .filter(h -> h.contains("need not be kept ready longer"))
            .count());
  }

  @Test
  void theEndOfTheRetentionIsToldEvenWhileHeldOrPaused() {
    for (boolean paused : List.of(true, false)) {
      Journey journey = Journey.of(Draft.playbook().plan());
      journey.untilStep("keep-old", Reading.fine());
      if (paused) {
        journey.does(new Command.Pause(Journey.ANNA, "holidays"));
      }

      journey.looks(60 * 72, paused ? Reading.fine() : Reading.fine().absent("errors", 50));

      assertEquals(1, journey.all(Event.RetentionEnding.class).size(), "paused: " + paused);
      assertFalse(journey.ended());
    }
  }

  @Test
  void anApproveStepWaitsForAPersonHoweverLong() {
    Journey journey =
        Journey.of(
            Draft.empty()
                .step("users-1", Step.Kind.EXPOSE, 1, s -> s.atLeast = Duration.ofMinutes(5))
                .step(
                    "go",
                    Step.Kind.APPROVE,
                    1,
                    s -> {
                      s.atLeast = Duration.ZERO;
                      s.approvers = List.of("@leads");
                    })
                .step("users-50", Step.Kind.EXPOSE, 50, s -> s.atLeast = Duration.ofMinutes(5))
                .plan());
    journey.untilStep("go", Reading.safe());

    journey.looks(3000, Reading.safe());

    Stage.AwaitingApproval asked = assertInstanceOf(Stage.AwaitingApproval.class, journey.stage());
    assertEquals("The plan asks @leads to say go at go.", asked.reason().sentence());
    journey.does(new Command.Approve(Journey.ANNA, ""));
    assertEquals("users-50", journey.rollout().step().id());
    assertFalse(journey.decisions().getLast().forced());
    journey.until(Rollout::ended, Reading.safe());
    assertInstanceOf(Stage.Completed.class, journey.stage());
  }

  @Test
  void aDryRunDecidesAndTellsPeopleButCommandsNothing() {
    Journey journey =
        Journey.of(Draft.playbook().with(d -> d.dryRun = true).plan()).withAFlagSystemThatWaits();

    journey.looks(60 * 24 + 5, Reading.fine()).look(Reading.fine().worse("errors"));

    assertInstanceOf(Stage.RolledBack.class, journey.stage());
    assertEquals(List.of(), journey.commanded());
    assertTrue(
        journey.headlines().contains("checkout (dry run) goes from 1 % to 10 %"),
        journey.headlines().toString());
  }

  @Test
  void aPlanWithoutAFlagGoesOnWithoutConfirmation() {
    Journey journey =
        Journey.of(Draft.playbook().with(d -> d.flag = java.util.Optional.empty()).plan())
            .withAFlagSystemThatWaits();

    journey.finish(Reading.fine());

    assertInstanceOf(Stage.Completed.class, journey.stage());
    assertEquals(List.of(), journey.commanded());
  }

  @Test
  void everyDecisionHasAnIdentityOfItsOwn() {
    Journey journey = Journey.of(Draft.playbook().plan());
    journey.finish(Reading.fine());

    List<Decision> decisions = journey.decisions();
    for (int i = 0; i < decisions.size(); i++) {
      assertEquals(i + 1, decisions.get(i).sequence());
      assertEquals("checkout-1-" + (i + 1), decisions.get(i).id());
    }
  }
}
