package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Starts, stops, sudden ends, and clocks that are set. */
class ComingAndGoingTest extends LoopTest {
  @Test
  void everyLiveRolloutIsTakenUpAgain() {
    world.begin();
    List<RolloutId> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(world.start(named("plan-" + i)));
    }
    world.pass(Duration.ofMinutes(3));
    world.kill();
    world.begin();
    world.pass(Duration.ofMinutes(5));

    assertEquals(40, world.engine().status().rollouts().size());
    for (RolloutId id : ids) {
      assertWholeRow(id, 7);
    }
  }

  @Test
  void aPlanThatHoldsAtRestartsIsPausedBeforeItsNextLook() {
    TestPlans draft = new TestPlans();
    draft.onRestart = Policy.OnRestart.HOLD;
    RolloutId id = world.begin().start(draft.plan());
    world.pass(Duration.ofMinutes(5));
    world.kill();
    world.pass(Duration.ofMinutes(5));
    world.begin();
    world.pass(Duration.ofSeconds(10));

    List<Event> events = world.events(id);
    int paused = events.indexOf(world.events(id, Event.PausedBy.class).getFirst());
    assertEquals(
        4, events.subList(0, paused).stream().filter(Event.LookTaken.class::isInstance).count());
    assertInstanceOf(Stage.Paused.class, world.rollout(id).stage());
  }

  @Test
  void aRolloutThatIsStartedWhileTheServiceComesUpIsNotTakenForOldOne() {
    TestPlans draft = new TestPlans();
    draft.onRestart = Policy.OnRestart.HOLD;
    world.begin();
    RolloutId id = world.start(draft.plan());
    world.pass(Duration.ofMinutes(5));
    assertEquals(0, world.events(id, Event.PausedBy.class).size());
  }

  @Test
  void stoppingLetsTheLookUnderWayEnd() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.prod().hold();
    world.pass(Duration.ofSeconds(45));
    Future<Void> stopped = world.engine().stop();
    world.pass(Duration.ofSeconds(2));
    assertFalse(stopped.isComplete());

    world.prod().letGo();
    world.settle();

    assertTrue(stopped.succeeded());
    assertEquals(10, world.rollout(id).looks());
    int asked = world.prod().asked().size();
    world.pass(Duration.ofMinutes(10));
    assertEquals(asked, world.prod().asked().size(), "nothing is begun any more");
    assertTrue(world.engine().status().stopping());
    assertThrows(
        IllegalStateException.class,
        () -> world.tell(id, new Command.Pause(World.ANNA, "too late")));
  }

  @Test
  void stoppingDoesNotWaitForEver() {
    world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.prod().hold();
    world.pass(Duration.ofSeconds(45));
    Future<Void> stopped = world.engine().stop();

    world.pass(Duration.ofSeconds(9));
    assertFalse(stopped.isComplete());
    world.pass(Duration.ofSeconds(2));

    assertTrue(stopped.succeeded());
  }

  @Test
  void stoppingWithNothingUnderWayIsQuick() {
    world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.now(world.engine().stop());
  }

  @Test
  void aClockThatIsSetBackIsWaitedOut() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(20));
    Duration dwell = world.rollout(id).dwell();
    long looks = world.rollout(id).looks();
    world.clock = () -> world.time.instant().minus(Duration.ofHours(1));
    world.kill();
    world.begin();

    world.pass(Duration.ofMinutes(59));
    world.tell(id, new Command.Pause(World.ANNA, "what time is it?"));
    world.tell(id, new Command.Resume(World.ANNA, ""));

    assertEquals(looks, world.rollout(id).looks(), "no look before its time");
    assertEquals(dwell, world.rollout(id).dwell());
    Instant last = World.MONDAY;
    for (Event event : world.events(id)) {
      assertFalse(event.at().isBefore(last), event.toString());
      last = event.at();
    }
    world.pass(Duration.ofMinutes(10));
    assertTrue(world.rollout(id).looks() > looks);
    assertWholeRow(id, looks + 1);
  }

  @Test
  void aClockThatJumpsAheadIsDowntimeAndCaughtUp() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    Duration[] jump = {Duration.ZERO};
    world.kill();
    world.clock = () -> world.time.instant().plus(jump[0]);
    world.begin();
    world.pass(MINUTE);
    jump[0] = Duration.ofMinutes(15);

    world.pass(Duration.ofMinutes(2));

    assertWholeRow(id, 26);
  }

  @Test
  void whatWasCommittedIsToldEvenIfWeDieBeforeWeCouldTell() {
    world.begin();
    Fuse fuse = new Fuse(world);
    world.kill();
    world.storeSeenBy = fuse::around;
    world.begin();
    RolloutId id = world.start(plan());
    world.pass(Duration.ofMinutes(10));
    fuse.dieAfterNextCommit();
    Future<Rollout> answer = world.engine().tell(id, new Command.RollBack(World.ANNA, "smoke"));
    world.settle();

    assertTrue(world.life().dead());
    assertFalse(answer.isComplete(), "nobody was told");
    assertInstanceOf(Stage.RollingBack.class, world.rollout(id).stage());
    assertEquals(List.of("10.0"), world.flagged());
    world.begin();
    world.pass(Duration.ofSeconds(10));

    assertEquals(List.of("10.0", "0.0"), world.flagged());
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
  }
}
