package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Users are on the canary and nobody sees it. */
class DeadManTest {
  private static final DeadMan HANDLE =
      new DeadMan(Duration.ofMinutes(10), Optional.of(Duration.ofMinutes(30)), new Exposure(10));

  private static Journey at(double percent, DeadMan handle) {
    return Journey.of(
            Draft.brief()
                .step(0, s -> s.percent = percent)
                .step(1, s -> s.percent = 100)
                .with(d -> d.deadMan = Optional.of(handle))
                .plan())
        .looks(5, Reading.fine());
  }

  private static Journey dark(Journey journey, int looks) {
    for (int i = 1; i <= looks && !(journey.stage() instanceof Stage.RollingBack); i++) {
      journey.look(Reading.dark(i));
    }
    return journey;
  }

  private static Reason.Code held(Journey journey) {
    return assertInstanceOf(Stage.Held.class, journey.stage()).reason().code();
  }

  @Test
  void silenceTakesBackTheFewWhereThePlanSaysSo() {
    Journey journey = dark(at(10, HANDLE), 29);
    assertInstanceOf(Stage.Held.class, journey.stage());

    dark(journey, 1);

    Decision back = journey.decisions().getLast();
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
    assertEquals(Reason.Code.SILENT, back.reason().code());
    assertEquals(
        "Nothing was seen of the canary for 30 min. The plan says to take back 10 % after 30 min.",
        back.reason().sentence());
  }

  @Test
  void silenceNeverTakesBackTheMany() {
    Journey journey = dark(at(50, HANDLE), 300);

    assertEquals(Reason.Code.NO_DATA, held(journey));
  }

  @Test
  void withoutAWordInThePlanSilenceOnlyHolds() {
    Journey journey = dark(at(1, DeadMan.DEFAULT), 300);

    assertInstanceOf(Stage.Held.class, journey.stage());
  }

  @Test
  void silenceHoldsEvenWhereEveryMetricsAbsenceIsIgnored() {
    Metric errors =
        new Metric.Ratio(
            Draft.common("errors", "Error rate", Metric.Role.GUARDRAIL, Metric.OnNoData.IGNORE),
            "bad",
            "all");
    Journey journey =
        Journey.of(
                Draft.brief()
                    .with(d -> d.metrics = List.of(errors))
                    .steps(s -> s.metrics = List.of("errors"))
                    .steps(s -> s.atLeast = Duration.ofMinutes(20))
                    .plan())
            .looks(3, Reading.fine());

    dark(journey, 10);

    assertEquals(Reason.Code.SILENT, held(journey));
    assertEquals("users-10", journey.rollout().step().id());
    journey.look(Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());
  }

  @Test
  void onlyOneMetricMissingIsNoSilence() {
    Journey journey = at(10, HANDLE);

    for (int i = 1; i < 60; i++) {
      journey.look(Reading.fine().absent("errors", i));
    }

    assertEquals(Reason.Code.NO_DATA, held(journey));
    assertEquals(Optional.empty(), journey.rollout().silence());
  }

  @Test
  void looksThatAreMadeUpForLaterAreNoSilence() {
    Journey journey = at(10, HANDLE).pass(Duration.ofHours(5));

    dark(journey, 200);

    assertInstanceOf(Stage.Held.class, journey.stage());
    assertEquals(Optional.empty(), journey.rollout().silence());
  }

  @Test
  void anAbsenceThatIsOldNewsDoesNotRollBackWhateverTheMetricSays() {
    Metric errors =
        new Metric.Ratio(
            Draft.common("errors", "Error rate", Metric.Role.GUARDRAIL, Metric.OnNoData.FAIL),
            "bad",
            "all");
    Journey journey =
        Journey.of(
                Draft.brief()
                    .with(d -> d.metrics = List.of(errors))
                    .steps(s -> s.metrics = List.of("errors"))
                    .plan())
            .looks(8, Reading.fine())
            .pass(Duration.ofHours(3));

    for (int i = 1; i < 100; i++) {
      journey.look(Reading.fine().absent("errors", i));
    }
    assertInstanceOf(Stage.Held.class, journey.stage());

    journey.until(r -> !(r.stage() instanceof Stage.Held), Reading.fine().absent("errors", 300));
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  private static void blind(Journey journey, int attempt) {
    journey.does(new Command.LoseSource("connection refused", attempt));
  }

  @Test
  void aMetricsSystemThatIsGoneIsSilenceToo() {
    Journey journey = at(10, HANDLE);
    blind(journey, 1);
    assertInstanceOf(Stage.Baking.class, journey.stage());

    journey.pass(Duration.ofMinutes(10));
    blind(journey, 12);
    assertEquals(Reason.Code.SILENT, held(journey));

    journey.pass(Duration.ofMinutes(20));
    blind(journey, 32);
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void whoHasJustComeBackTriesForAWhileFirst() {
    Journey journey = at(10, HANDLE);
    blind(journey, 1);

    journey.pass(Duration.ofHours(9));
    blind(journey, 1);
    blind(journey, 2);
    blind(journey, 3);
    assertInstanceOf(Stage.Baking.class, journey.stage());

    blind(journey, 4);
    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void aBlindRolloutIsTakenBackWhilePausedAsWell() {
    Journey journey = at(10, HANDLE).does(new Command.Pause(Journey.ANNA, "lunch"));
    blind(journey, 1);

    journey.pass(Duration.ofMinutes(30));
    blind(journey, 30);

    assertInstanceOf(Stage.RollingBack.class, journey.stage());
  }

  @Test
  void whereNobodyIsOnTheCanaryNobodyIsMissed() {
    Journey journey =
        Journey.of(
            Draft.brief()
                .with(d -> d.deadMan = Optional.of(HANDLE))
                .step(0, s -> s.kind = dev.sluice.gates.plan.Step.Kind.VERIFY)
                .step(0, s -> s.percent = 0)
                .plan());

    dark(journey, 60);

    assertEquals(Reason.Code.NO_DATA, held(journey));
    assertTrue(journey.rollout().silence().isPresent());
  }
}
