package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The loop as one of several replicas that share a store, on virtual time. */
class ReplicaTest {
  private final World world = new World();
  private final SharedStore shared = new SharedStore(world.stored);

  ReplicaTest() {
    world.storeSeenBy = store -> shared;
  }

  private RolloutId running() {
    world.begin();
    RolloutId id = world.start(new TestPlans().plan());
    world.pass(Duration.ofMinutes(5));
    return id;
  }

  private long looks(RolloutId id) {
    return world.rollout(id).looks();
  }

  @Test
  void whatItBeginsItWatches() {
    RolloutId id = running();
    assertTrue(looks(id) >= 3, looks(id) + " looks");
  }

  @Test
  void whatItLosesItWatchesNoLonger() {
    RolloutId id = running();
    long before = looks(id);

    shared.take(id);
    world.pass(Duration.ofMinutes(5));

    assertEquals(before, looks(id));
    assertEquals(0, world.engine().status().rollouts().size());
    assertEquals(0, world.failedLooks(), "losing a rollout is no failure");
  }

  @Test
  void aLookThatIsRefusedBecauseAnotherOwnsTheRolloutIsTheLast() {
    RolloutId id = running();
    shared.reachable = false;
    shared.take(id);

    world.pass(Duration.ofMinutes(5));

    assertEquals(0, world.engine().status().rollouts().size());
    assertEquals(0, world.failedLooks());
  }

  @Test
  void whatADeadReplicaLeftIsTakenUpAsAfterARestart() {
    RolloutId id = leftBehind(Policy.OnRestart.HOLD);

    shared.give(id, false);
    world.pass(Duration.ofSeconds(2));

    assertTrue(world.rollout(id).stage() instanceof Stage.Paused, world.rollout(id).stage() + "");
  }

  @Test
  void whatIsHandedOverInGoodOrderJustGoesOn() {
    RolloutId id = leftBehind(Policy.OnRestart.HOLD);
    long before = looks(id);

    shared.give(id, true);
    world.pass(Duration.ofMinutes(5));

    assertTrue(looks(id) >= before + 4);
    assertEquals(0, world.events(id, Event.HeldBack.class).size());
  }

  /** A rollout that is under way and that nobody looks after at the moment. */
  private RolloutId leftBehind(Policy.OnRestart onRestart) {
    world.begin();
    TestPlans plan = new TestPlans();
    plan.onRestart = onRestart;
    RolloutId id = world.start(plan.plan());
    world.pass(Duration.ofMinutes(5));
    shared.take(id);
    world.pass(Duration.ofSeconds(2));
    return id;
  }

  @Test
  void whatPeopleTellAnotherReplicaIsNoticedWithinASecond() {
    RolloutId id = running();
    World other = new World();
    other.storeSeenBy = store -> new StoreInBetween(world.stored);
    other.begin();
    other.tell(id, new Command.Abort(World.ANNA, "we are done"));
    assertEquals(1, world.engine().status().rollouts().size());

    world.pass(Duration.ofSeconds(1));

    assertEquals(0, world.engine().status().rollouts().size());
  }

  @Test
  void whoCouldNotSayInTimeThatItLivesMayNotActUntilItCan() {
    running();
    assertTrue(world.engine().mayAct());

    shared.reachable = false;
    world.pass(Duration.ofSeconds(5));
    assertTrue(world.engine().mayAct());
    world.pass(Duration.ofSeconds(3));
    assertFalse(world.engine().mayAct());

    shared.reachable = true;
    world.pass(Duration.ofSeconds(2));
    assertTrue(world.engine().mayAct());
  }

  @Test
  void nothingIsSentByWhoMayNotAct() {
    world.begin();
    world.pass(Duration.ofSeconds(2));
    shared.reachable = false;
    world.pass(Duration.ofSeconds(10));

    world.start(new TestPlans().plan());
    world.pass(Duration.ofSeconds(30));
    assertEquals(0, world.delivered.size());

    shared.reachable = true;
    world.pass(Duration.ofSeconds(30));
    assertTrue(world.delivered.size() > 0);
  }

  @Test
  void aReplicaThatStopsAsksForNothingMore() {
    running();
    world.now(world.engine().stop());
    world.pass(Duration.ofMinutes(1));
    assertTrue(world.engine().mayAct(), "its deliveries may still be under way");

    world.now(world.engine().end());
    world.pass(Duration.ofMinutes(1));
    assertFalse(world.engine().mayAct());
  }
}
