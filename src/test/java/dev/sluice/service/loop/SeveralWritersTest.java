package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.ScriptedMetricSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who else writes while a look is under way. */
class SeveralWritersTest extends LoopTest {
  @Test
  void whatSomebodyDoesDuringALookIsNotUndoneByIt() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.prod().hold();
    world.pass(Duration.ofSeconds(45));
    world.tell(id, new Command.Pause(World.ANNA, "lunch"));
    world.prod().letGo();
    world.settle();

    List<Event> events = world.events(id);
    assertInstanceOf(Event.LookTaken.class, events.getLast());
    assertInstanceOf(Event.PausedBy.class, events.get(events.size() - 2));
    assertInstanceOf(Stage.Paused.class, world.rollout(id).stage());
    world.pass(Duration.ofMinutes(5));
    assertWholeRow(id, 15);
    assertEquals(0, world.failedLooks());
  }

  @Test
  void aRollbackByHandDoesNotWaitForTheLookUnderWay() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.prod().hold();
    world.pass(Duration.ofSeconds(45));

    Rollout after = world.tell(id, new Command.RollBack(World.ANNA, "smoke"));
    assertInstanceOf(Stage.RollingBack.class, after.stage());
    world.pass(Duration.ofSeconds(5));
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
    world.prod().letGo();
    world.pass(Duration.ofMinutes(5));

    assertInstanceOf(Event.RollbackConfirmed.class, world.events(id).getLast());
    assertEquals(0, world.failedLooks());
  }

  @Test
  void aLookThatWasAskedForTheStepBeforeIsAskedAnew() {
    TestPlans draft = new TestPlans();
    draft.firstMetrics = Optional.of(List.of("errors"));
    RolloutId id = world.begin().start(draft.plan());
    world.pass(Duration.ofMinutes(10));
    world.prod().hold();
    world.pass(Duration.ofSeconds(45));
    world.tell(id, new Command.Promote(World.ANNA, "in a hurry"));
    world.prod().letGo();
    world.settle();

    Event.LookTaken look = world.events(id, Event.LookTaken.class).getLast();
    assertEquals("users-50", look.assessment().stepId());
    assertEquals(Duration.ZERO, look.credited());
    assertTrue(look.assessment().usable(), "the step's own metrics were asked for");
    world.pass(Duration.ofMinutes(5));
    assertWholeRow(id, 15);
  }

  @Test
  void writersThatKeepComingFirstMakeTheLookWaitAndNotGoUnderForGood() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.kill();
    Meddler meddler = new Meddler(world.stored);
    world.storeSeenBy = store -> meddler;
    world.begin();
    meddler.meddle(9);

    world.pass(Duration.ofMinutes(5));

    assertEquals(0, meddler.left());
    assertTrue(world.failedLooks() >= 1);
    assertWholeRow(id, 14);
  }

  @Test
  void whoCatchesUpAsFastAsItCanStillListensToPeople() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.kill();
    world.pass(Duration.ofHours(2));
    world.storeSeenBy = store -> new SlowStore(store, world.time);
    world.begin();
    world.pass(Duration.ofSeconds(2));
    long looks = world.rollout(id).looks();

    Future<Rollout> answer = world.engine().tell(id, new Command.RollBack(World.ANNA, "smoke"));
    world.pass(Duration.ofMillis(500));

    assertTrue(looks > 12 && looks < 100, "in the middle of it, at " + looks);
    assertTrue(answer.succeeded(), "not done within half a second: " + answer);
    assertTrue(world.rollout(id).looks() <= looks + 3, "looks went first");
  }

  @Test
  void oneRolloutHasOneLookUnderWayAtMost() {
    int[] underWay = new int[1];
    int[] most = new int[1];
    ScriptedMetricSource prod = world.prod();
    world.sources.put(
        "prod",
        new MetricSource() {
          @Override
          public Future<Observations> ask(Question question) {
            Promise<Observations> promise = Promise.promise();
            if (question.exposure().isPresent()) {
              most[0] = Math.max(most[0], ++underWay[0]);
            }
            world.time.after(
                Duration.ofSeconds(150),
                () -> {
                  underWay[0] -= question.exposure().isPresent() ? 1 : 0;
                  prod.ask(question).onComplete(promise);
                });
            return promise.future();
          }

          @Override
          public Future<Void> probe() {
            return prod.probe();
          }
        });
    RolloutId id = world.begin().start(plan());
    for (int i = 0; i < 40; i++) {
      world.pass(MINUTE);
      if (i % 3 == 0) {
        world.tell(id, new Command.Pause(World.ANNA, "again"));
        world.tell(id, new Command.Resume(World.ANNA, "again"));
      }
    }
    assertEquals(1, most[0]);
    assertWholeRow(id, 10);
  }
}
