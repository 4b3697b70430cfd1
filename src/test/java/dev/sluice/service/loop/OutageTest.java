package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.ScriptedMetricSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Outages of ours, of the metrics system and of the store: no look is lost, nobody is starved. */
class OutageTest extends LoopTest {
  @Test
  void afterAnOutageOfOursTheVerdictsAreThoseOfNoOutage() {
    TestPlans draft = new TestPlans();
    draft.atLeast = Duration.ofHours(5);
    Plan plan = draft.plan();
    World calm = undisturbed(plan, Duration.ofHours(4), Instant.MAX);

    world.begin().start(plan);
    world.pass(Duration.ofMinutes(61));
    world.kill();
    world.pass(Duration.ofMinutes(90));
    world.begin();
    world.pass(Duration.ofMinutes(89));

    assertEquals(verdicts(calm, only(calm)), verdicts(world, only(world)));
    assertWholeRow(only(world), 239);
  }

  @Test
  void aRegressionDuringAnOutageIsFoundAtTheSameLook() {
    Instant bad = World.MONDAY.plus(Duration.ofMinutes(20));
    TestPlans draft = new TestPlans();
    draft.atLeast = Duration.ofHours(5);
    World calm = undisturbed(draft.plan(), Duration.ofHours(3), bad);
    world.sources.put("prod", Shop.of(1, bad, world::shareAt).source());
    RolloutId id = world.begin().start(draft.plan());
    world.pass(Duration.ofMinutes(18));
    world.kill();
    world.pass(Duration.ofHours(2));
    world.begin();
    world.pass(Duration.ofMinutes(1));

    assertInstanceOf(Stage.RolledBack.class, calm.rollout(only(calm)).stage());
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
    assertEquals(verdicts(calm, only(calm)), verdicts(world, id));
  }

  @Test
  void nothingIsRaisedOnTheOldNewsOfAnOutage() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(20));
    world.kill();
    world.pass(Duration.ofMinutes(60));
    Instant back = world.time.instant();
    world.begin();
    world.pass(Duration.ofMinutes(3));

    Event.Decided raised = world.events(id, Event.Decided.class).get(1);
    assertFalse(raised.at().isBefore(back));
    Event.LookTaken before =
        world.events(id, Event.LookTaken.class).stream()
            .filter(l -> !l.at().isAfter(raised.at()))
            .toList()
            .getLast();
    assertTrue(
        before.assessment().window().to().isAfter(back.minus(Duration.ofMinutes(4))),
        "raised on the news of " + before.assessment().window().to());
    assertEquals(List.of("10.0", "50.0"), world.flagged());
  }

  @Test
  void afterAnOutageOfTheMetricsSystemItsLooksAreMadeUpFor() {
    TestPlans draft = new TestPlans();
    draft.atLeast = Duration.ofHours(5);
    World calm = undisturbed(draft.plan(), Duration.ofHours(3), Instant.MAX);
    RolloutId id = world.begin().start(draft.plan());
    world.pass(Duration.ofMinutes(40));
    world.prod().lose("connection refused");
    int before = world.prod().asked().size();
    world.pass(Duration.ofMinutes(60));
    int attempts = world.prod().asked().size() - before;

    assertTrue(attempts >= 55 && attempts <= 75, "asked " + attempts + " times in an hour");
    assertEquals(1, world.events(id, Event.SourceLost.class).size());
    assertTrue(world.rollout(id).blindSince().isPresent());
    assertTrue(world.engine().status().rollouts().getFirst().blind());
    world.prod().find();
    world.pass(Duration.ofMinutes(80));

    assertEquals(verdicts(calm, only(calm)), verdicts(world, id));
    assertEquals(1, world.events(id, Event.SourceBack.class).size());
    assertEquals(Optional.empty(), world.rollout(id).blindSince());
    assertEquals(0, world.failedLooks(), "that is the world's failure, not ours");
  }

  @Test
  void aMetricsSystemThatAnswersWithNothingGivesLooksWhoseTimeDoesNotCount() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    Duration dwell = world.rollout(id).dwell();
    Observed stale = new Observed.Absent(Absence.STALE, "no fresh samples");
    world.prod().metric("errors", w -> stale).metric("p99", w -> stale);

    world.pass(Duration.ofMinutes(30));

    assertEquals(dwell, world.rollout(id).dwell());
    assertWholeRow(id, 39);
    assertInstanceOf(Stage.Held.class, world.rollout(id).stage());
    assertEquals(0, world.events(id, Event.SourceLost.class).size());
  }

  @Test
  void whoCatchesUpDoesNotStarveTheOthers() {
    List<RolloutId> late = new ArrayList<>();
    world.begin();
    for (int i = 0; i < 5; i++) {
      late.add(world.start(named("late-" + i)));
    }
    world.pass(Duration.ofMinutes(3));
    world.kill();
    world.pass(Duration.ofHours(8));
    world.begin();
    RolloutId fresh = world.start(named("fresh"));
    world.pass(Duration.ofMinutes(5));

    assertWholeRow(fresh, 4);
    for (Event.LookTaken look : world.events(fresh, Event.LookTaken.class)) {
      Duration lateness =
          Duration.between(look.assessment().window().to().plusSeconds(30), look.at());
      assertTrue(lateness.compareTo(Duration.ofSeconds(1)) < 0, "late by " + lateness);
    }
    for (RolloutId id : late) {
      assertWholeRow(id, 480);
    }
    assertTrue(world.engine().status().worstLag().compareTo(MINUTE) < 0);
  }

  @Test
  void aMetricsSystemThatHangsHoldsUpOnlyItsOwnRollouts() {
    List<Promise<Observations>> hanging = new ArrayList<>();
    world.sources.put(
        "stuck",
        new MetricSource() {
          @Override
          public Future<Observations> ask(Question question) {
            Promise<Observations> promise = Promise.promise();
            hanging.add(promise);
            return promise.future();
          }

          @Override
          public Future<Void> probe() {
            return Future.succeededFuture();
          }
        });
    world.begin();
    for (int i = 0; i < 12; i++) {
      TestPlans draft = new TestPlans();
      draft.name = "stuck-" + i;
      draft.flag = Optional.of(TestPlans.flag(draft.name));
      draft.source = "stuck";
      world.start(draft.plan());
    }
    RolloutId well = world.start(plan());

    world.pass(Duration.ofMinutes(30));

    assertWholeRow(well, 29);
    assertTrue(hanging.size() >= 16 && hanging.size() <= 60, "asked " + hanging.size());
    assertTrue(world.failedLooks() > 0, "a source that breaks its promise is our bug");
    assertTrue(
        world.engine().status().worstLag().compareTo(Duration.ofMinutes(27)) > 0,
        world.engine().status().toString());
  }

  @Test
  void aLookThatFailsIsTriedAgainWithGrowingWaitsAndKillsNothing() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    int before = world.prod().asked().size();
    world.prod().fail(Optional.of(new IllegalStateException("a bug")));
    world.pass(Duration.ofMinutes(30));
    int attempts = world.prod().asked().size() - before;

    assertTrue(attempts >= 25 && attempts <= 40, "tried " + attempts + " times in half an hour");
    assertEquals(attempts, world.failedLooks());
    assertTrue(world.engine().status().rollouts().getFirst().failures() >= 25);
    world.prod().fail(Optional.empty());
    world.pass(Duration.ofMinutes(5));

    assertWholeRow(id, 44);
    assertEquals(0, world.engine().status().rollouts().getFirst().failures());
  }

  @Test
  void aSourceThatThrowsWhereItPromisedAFutureIsAFailedLookToo() {
    ScriptedMetricSource prod = world.prod();
    List<Boolean> throwing = new ArrayList<>();
    world.sources.put(
        "prod",
        watched(
            prod,
            question -> {
              if (!throwing.isEmpty()) {
                throw new IllegalStateException("a bug");
              }
            }));
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    throwing.add(true);
    world.pass(Duration.ofMinutes(10));
    throwing.clear();
    world.pass(Duration.ofMinutes(3));
    assertWholeRow(id, 22);
  }

  @Test
  void aStoreThatIsDownLosesNoLook() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.stored.breakWith(new IllegalStateException("disk full"));
    world.pass(Duration.ofMinutes(40));
    assertEquals(9, looks(id).size());
    assertTrue(world.failedLooks() > 0);

    world.stored.repair();
    world.pass(Duration.ofMinutes(2));

    assertWholeRow(id, 51);
    World calm = undisturbed(plan(), Duration.ofMinutes(31), Instant.MAX);
    assertEquals(verdicts(calm, only(calm)).subList(0, 29), verdicts(world, id).subList(0, 29));
  }

  @Test
  void aStoreThatIsDownWhenTheServiceComesUpIsWaitedFor() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(5));
    world.kill();
    FailingReads reads = new FailingReads(world.stored);
    world.storeSeenBy = store -> reads;
    world.begin();
    world.pass(Duration.ofMinutes(5));
    assertFalse(world.engine().status().resumed());

    reads.repair();
    world.pass(Duration.ofMinutes(2));

    assertTrue(world.engine().status().resumed());
    assertWholeRow(id, 11);
  }
}
