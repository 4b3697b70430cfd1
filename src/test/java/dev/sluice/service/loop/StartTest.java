package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which plans may be started. */
class StartTest {
  private final World world = new World();

  private Rejection refusal(Plan plan) {
    return world.refusal(world.engine().start(plan, World.ANNA));
  }

  private static TestPlans named(String name) {
    TestPlans draft = new TestPlans();
    draft.name = name;
    draft.flag = Optional.of(TestPlans.flag(name));
    return draft;
  }

  @Test
  void theIdentityNamesThePlanAndTheMomentAndIsItsOwn() {
    world.begin();
    RolloutId one = world.start(named("checkout").plan());
    RolloutId other = world.start(named("search").plan());

    assertTrue(one.value().matches("checkout-20260302t080000z-[2-9a-hjkmnp-z]{5}"), one.value());
    assertTrue(other.value().startsWith("search-20260302t080000z-"), other.value());
    assertNotEquals(one.value().substring(26), other.value().substring(24));
    assertEquals(World.ANNA, world.rollout(one).startedBy());
  }

  @Test
  void aStartWithAnIdentityOfItsOwnCanBeRepeated() {
    world.begin();
    RolloutId id = new RolloutId("checkout-flagger-1");
    Plan plan = named("checkout").plan();

    Rollout first = world.now(world.engine().start(id, plan, World.ANNA));
    Rollout again = world.now(world.engine().start(id, plan, World.ANNA));

    assertEquals(id, first.id());
    assertEquals(first, again);
    assertEquals(1, world.engine().status().rollouts().size());
  }

  @Test
  void anEndedRolloutIsAnsweredUnderItsIdentityAndNotBegunAgain() {
    world.begin();
    RolloutId id = new RolloutId("checkout-flagger-1");
    Plan plan = named("checkout").plan();
    world.now(world.engine().start(id, plan, World.ANNA));
    world.tell(id, new Command.Abort(World.ANNA, "by mistake"));

    Rollout again = world.now(world.engine().start(id, plan, World.ANNA));

    assertInstanceOf(Stage.Aborted.class, again.stage());
  }

  @Test
  void aPlanThatIsRunningIsNotStartedTwice() {
    world.begin();
    RolloutId id = world.start(named("checkout").plan());

    Rejection refusal = refusal(named("checkout").plan());

    assertEquals(Rejection.Code.NOT_NOW, refusal.code());
    assertEquals(
        "Rollout "
            + id
            + " of plan checkout is still running, at step users-10. Let it end, roll it back or"
            + " abort it first.",
        refusal.sentence());
  }

  @Test
  void twoWhoStartTheSamePlanAtTheSameMomentStartItOnce() {
    world.begin();
    Future<Rollout> one = world.engine().start(named("checkout").plan(), World.ANNA);
    Future<Rollout> other = world.engine().start(named("checkout").plan(), World.ANNA);
    world.settle();

    assertTrue(one.succeeded());
    assertInstanceOf(Rollouts.Refused.class, other.cause());
    assertEquals(1, world.now(world.stored.live()).size());
  }

  @Test
  void whoSaysWhyMayStartAFrozenPlanAndItStaysOnRecord() {
    world.begin();
    RolloutId id = world.start(named("checkout").plan());
    world.pass(Duration.ofMinutes(10));
    world.tell(id, new Command.RollBack(World.ANNA, "smoke"));
    world.pass(Duration.ofSeconds(10));

    Rollout again =
        world.now(world.engine().start(named("checkout").plan(), World.ANNA, "fixed in v3"));

    Event.Started started = world.events(again.id(), Event.Started.class).getFirst();
    assertEquals(Optional.of("fixed in v3"), started.overFreeze());
  }

  @Test
  void aReasonThatWasNotNeededIsNoStartOverAFreeze() {
    world.begin();
    Rollout first =
        world.now(world.engine().start(named("checkout").plan(), World.ANNA, "why not"));

    assertEquals(
        Optional.empty(), world.events(first.id(), Event.Started.class).getFirst().overFreeze());
  }

  @Test
  void aPlanThatWasRolledBackIsFrozenForAsLongAsItSays() {
    world.begin();
    RolloutId id = world.start(named("checkout").plan());
    world.pass(Duration.ofMinutes(10));
    world.tell(id, new Command.RollBack(World.ANNA, "smoke"));
    world.pass(Duration.ofSeconds(10));
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());

    Rejection refusal = refusal(named("checkout").plan());
    assertEquals(Rejection.Code.FROZEN, refusal.code());
    assertTrue(
        refusal.sentence().contains("is frozen until 2026-03-02T20:10:0"), refusal.sentence());
    world.pass(Duration.ofHours(11).plusMinutes(59));
    assertEquals(Rejection.Code.FROZEN, refusal(named("checkout").plan()).code());
    world.pass(MINUTE);

    world.start(named("checkout").plan());
  }

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void whatWasAbortedOrNeverBeganFreezesNothing() {
    world.begin();
    RolloutId id = world.start(named("checkout").plan());
    world.tell(id, new Command.Abort(World.ANNA, "wrong day"));
    TestPlans pending = named("checkout");
    pending.windows =
        List.of(
            new dev.sluice.gates.plan.ChangeWindow(
                java.time.DayOfWeek.SUNDAY,
                java.time.DayOfWeek.SUNDAY,
                java.time.LocalTime.of(9, 0),
                java.time.LocalTime.of(10, 0)));
    world.pass(MINUTE);
    RolloutId waiting = world.start(pending.plan());
    world.tell(waiting, new Command.RollBack(World.ANNA, "wrong week"));
    assertInstanceOf(Stage.RolledBack.class, world.rollout(waiting).stage());
    world.pass(MINUTE);

    world.start(named("checkout").plan());
  }

  @Test
  void everyNameThatTheServerDoesNotKnowIsSaidAtOnce() {
    world.begin();
    TestPlans draft = named("checkout");
    draft.source = "porm";
    draft.flag =
        Optional.of(
            new dev.sluice.gates.plan.FlagTarget(
                "unleash",
                "checkout",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                dev.sluice.gates.plan.FlagTarget.OnDrift.HOLD));
    draft.notifications = List.of(new Notify("pager", Optional.empty(), Set.of(), List.of()));

    Rejection refusal = refusal(draft.plan());

    assertEquals(Rejection.Code.NOT_SUPPORTED, refusal.code());
    assertEquals(
        "There is no metrics source 'porm' on this server (prod). There is no flag system"
            + " 'unleash' on this server (flags). There is no sink 'pager' on this server (chat).",
        refusal.sentence());
    assertEquals(List.of(), world.now(world.stored.live()));
  }

  @Test
  void twoPlansDoNotMoveTheSameFlag() {
    world.begin();
    TestPlans first = named("checkout");
    RolloutId id = world.start(first.plan());
    TestPlans second = named("search");
    second.flag = first.flag;

    Rejection refusal = refusal(second.plan());

    assertEquals(Rejection.Code.NOT_NOW, refusal.code());
    assertTrue(refusal.sentence().contains("is being moved by rollout " + id), refusal.sentence());
    second.dryRun = true;
    world.start(second.plan());
  }

  @Test
  void theFlagIsKnownToBeTakenRightAfterARestartToo() {
    world.begin();
    TestPlans first = named("checkout");
    world.start(first.plan());
    world.pass(MINUTE);
    world.kill();
    world.begin();
    TestPlans second = named("search");
    second.flag = first.flag;
    assertEquals(Rejection.Code.NOT_NOW, refusal(second.plan()).code());
  }

  @Test
  void aPlanThatHasEndedMayBeStartedAgain() {
    world.begin();
    RolloutId id = world.start(named("checkout").plan());
    world.pass(Duration.ofHours(2));
    assertInstanceOf(Stage.Completed.class, world.rollout(id).stage());

    RolloutId again = world.start(named("checkout").plan());

    assertNotEquals(id, again);
    world.pass(MINUTE);
    assertFalse(world.rollout(again).ended());
  }

  @Test
  void anIdentityThatIsTakenIsDrawnAnew() {
    world.begin();
    RolloutId first = world.start(named("checkout").plan());
    world.tell(first, new Command.Abort(World.ANNA, "again"));
    // The same process again: the same tails, at the same second.
    world.kill();
    world.begin();

    RolloutId second = world.start(named("checkout").plan());

    assertNotEquals(first, second);
  }

  @Test
  void aStoreThatIsDownFailsTheStartAndLeavesNothingBehind() {
    world.begin();
    world.stored.breakWith(new IllegalStateException("disk full"));
    Future<Rollout> failed = world.engine().start(named("checkout").plan(), World.ANNA);
    world.settle();
    assertEquals("disk full", failed.cause().getMessage());

    world.stored.repair();

    world.start(named("checkout").plan());
  }
}
