package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.FlagTarget;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Somebody else moves the flag. */
class DriftTest {
  private static Journey drifted() {
    return Journey.of(Draft.brief().plan())
        .looks(5, Reading.fine())
        .does(new Command.ReportExposure(new Exposure(25), "carl in the flag system"));
  }

  @Test
  void aFlagThatSomebodyElseMovedHoldsTheRolloutAtOnce() {
    Journey journey = drifted();

    Stage.Held held = assertInstanceOf(Stage.Held.class, journey.stage());
    assertEquals(Reason.Code.DRIFTED, held.reason().code());
    assertEquals(
        "Somebody else moved the flag to 25 % where the plan wants 10 %: carl in the flag system",
        held.reason().sentence());
  }

  @Test
  void timeWithAFlagElsewhereDoesNotCount() {
    Journey journey = drifted();
    Duration before = journey.rollout().dwell();

    journey.looks(30, Reading.fine());

    assertEquals(before, journey.rollout().dwell());
    assertEquals("users-10", journey.rollout().step().id());
  }

  @Test
  void itGoesOnWhenTheFlagIsBack() {
    Journey journey = drifted();

    journey.does(new Command.ReportExposure(new Exposure(10), "")).looks(1, Reading.fine());

    assertInstanceOf(Stage.Baking.class, journey.stage());
    assertEquals(Optional.empty(), journey.rollout().drift());
  }

  @Test
  void theSameDriftIsToldOnce() {
    Journey journey = drifted();
    int told = journey.headlines().size();

    journey.does(new Command.ReportExposure(new Exposure(25), "again")).looks(5, Reading.fine());

    assertEquals(told, journey.headlines().size());
  }

  @Test
  void asManyUsersButOthersIsADriftToo() {
    Journey journey = Journey.of(Draft.brief().plan()).looks(5, Reading.fine());

    journey.does(new Command.ReportExposure(new Exposure(10), "the group was changed", false));

    Stage.Held held = assertInstanceOf(Stage.Held.class, journey.stage());
    assertEquals(
        "Somebody else changed which users are on the canary: the group was changed",
        held.reason().sentence());
    journey.does(new Command.ReportExposure(new Exposure(10), "")).looks(1, Reading.fine());
    assertInstanceOf(Stage.Baking.class, journey.stage());
  }

  @Test
  void aPlanThatAdoptsGoesOnFromWhereSomebodyElsePutTheFlag() {
    Journey journey =
        Journey.of(Draft.brief().onDrift(FlagTarget.OnDrift.ADOPT).plan()).looks(5, Reading.fine());

    journey.does(new Command.ReportExposure(new Exposure(25), "carl"));

    assertInstanceOf(Stage.Baking.class, journey.stage());
    assertEquals(new Exposure(25), journey.rollout().applied());
    assertEquals(Optional.empty(), journey.rollout().drift());
    journey.does(new Command.ReportExposure(new Exposure(25), ""));
    assertEquals(Optional.empty(), journey.rollout().drift());
  }

  @Test
  void otherUsersAreNeverAdopted() {
    Journey journey =
        Journey.of(Draft.brief().onDrift(FlagTarget.OnDrift.ADOPT).plan()).looks(5, Reading.fine());

    journey.does(new Command.ReportExposure(new Exposure(25), "another group", false));

    assertInstanceOf(Stage.Held.class, journey.stage());
  }

  @Test
  void whatIsOnItsWayIsNoDrift() {
    Journey journey = Journey.of(Draft.brief().plan()).withAFlagSystemThatWaits();

    journey.does(new Command.ReportExposure(Exposure.NONE, ""));

    assertInstanceOf(Stage.Applying.class, journey.stage());
    assertEquals(Optional.empty(), journey.rollout().drift());
  }

  @Test
  void aPersonMayGoOnOverItWithAReason() {
    Journey journey = drifted().looks(12, Reading.fine());
    journey.refuses(new Command.Promote(Journey.ANNA, ""), Rejection.Code.REASON_MISSING);

    journey.does(new Command.Promote(Journey.ANNA, "take it over"));

    assertEquals(new Exposure(50), journey.commanded().getLast());
    assertTrue(journey.decisions().getLast().forced());
  }
}
