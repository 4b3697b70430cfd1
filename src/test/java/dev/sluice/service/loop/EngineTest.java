package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.ScriptedMetricSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The loop on virtual time. */
class EngineTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final World world = new World();

  private static Plan plan() {
    return new TestPlans().plan();
  }

  private static Plan named(String name) {
    TestPlans draft = new TestPlans();
    draft.name = name;
    draft.flag = Optional.of(TestPlans.flag(name));
    return draft.plan();
  }

  private List<Long> looks(RolloutId id) {
    return world.events(id, Event.LookTaken.class).stream().map(Event.LookTaken::look).toList();
  }

  /** Every look from 1, each once and in order. */
  private void assertWholeRow(RolloutId id, long atLeast) {
    List<Long> looks = looks(id);
    for (int i = 0; i < looks.size(); i++) {
      assertEquals(i + 1L, looks.get(i));
    }
    assertTrue(looks.size() >= atLeast, "only " + looks.size());
  }

  // A rollout's life

  @Test
  void aHarmlessCanaryGoesAllTheWay() {
    RolloutId id = world.begin().start(plan());

    world.pass(Duration.ofHours(2));

    assertInstanceOf(Stage.Completed.class, world.rollout(id).stage());
    assertEquals(List.of("10.0", "50.0", "100.0"), world.flagged());
    assertEquals(List.of(), world.engine().status().rollouts());
  }

  @Test
  void aBadCanaryIsTakenBack() {
    world.sources.put(
        "prod", Shop.of(1, World.MONDAY.plus(Duration.ofMinutes(15)), world::shareAt).source());
    RolloutId id = world.begin().start(plan());

    world.pass(Duration.ofHours(2));

    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
    assertEquals("0.0", world.flagged().getLast());
  }

  @Test
  void looksLieEndToEndAndAreTakenWhenTheirWindowHasSettled() {
    List<Instant> askedAt = new ArrayList<>();
    ScriptedMetricSource prod = world.prod();
    world.sources.put(
        "prod",
        watched(
            prod,
            question -> {
              if (question.exposure().isPresent()) {
                askedAt.add(world.time.instant());
              }
            }));
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(20));

    List<Event.LookTaken> looks = world.events(id, Event.LookTaken.class);
    assertEquals(19, looks.size());
    for (Event.LookTaken look : looks) {
      Window expected = Window.ofLook(world.rollout(id).startedAt(), MINUTE, look.look());
      assertEquals(expected, look.assessment().window());
      Instant asked = askedAt.get((int) look.look() - 1);
      assertFalse(asked.isBefore(expected.to().plus(Duration.ofSeconds(30))));
      assertTrue(asked.isBefore(expected.to().plus(Duration.ofSeconds(31))), "asked at " + asked);
    }
  }

  private static MetricSource watched(
      MetricSource source, java.util.function.Consumer<Question> watcher) {
    return new MetricSource() {
      @Override
      public Future<Observations> ask(Question question) {
        watcher.accept(question);
        return source.ask(question);
      }

      @Override
      public Future<Void> probe() {
        return source.probe();
      }
    };
  }

  @Test
  void aPlanWithHoursBeginsWhenTheyCome() {
    TestPlans draft = new TestPlans();
    draft.windows =
        List.of(
            new ChangeWindow(
                DayOfWeek.MONDAY, DayOfWeek.FRIDAY, LocalTime.of(10, 0), LocalTime.of(11, 0)));
    RolloutId id = world.begin().start(draft.plan());
    world.pass(Duration.ofMinutes(119));
    assertInstanceOf(Stage.Pending.class, world.rollout(id).stage());
    assertEquals(List.of(), world.prod().asked(), "nothing is looked at before");

    world.pass(Duration.ofMinutes(5));

    assertEquals(List.of("10.0"), world.flagged());
    Instant begun = world.rollout(id).startedAt();
    assertFalse(begun.isBefore(World.MONDAY.plus(Duration.ofHours(2))));
    assertTrue(begun.isBefore(World.MONDAY.plus(Duration.ofHours(2)).plusSeconds(20)));
    world.pass(Duration.ofMinutes(10));
    assertWholeRow(id, 12);
  }

  @Test
  void aRollbackThatIsNotConfirmedIsCalledOut() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    world.flagsObey = false;
    world.tell(id, new Command.RollBack(World.ANNA, "smoke"));

    world.pass(Duration.ofMinutes(5));

    assertEquals(1, world.events(id, Event.RollbackOverdue.class).size());
    long looks = world.rollout(id).looks();
    world.flagsObey = true;
    world.pass(Duration.ofMinutes(20));
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
    assertEquals(looks, world.rollout(id).looks(), "nothing is looked at any more");
  }

  /** Units on the canary behind the error rate, look by look. */
  private List<Double> sizes(RolloutId id) {
    return world.events(id, Event.LookTaken.class).stream()
        .map(look -> look.assessment().checks().getFirst().finding())
        .map(f -> f instanceof Finding.Comparison c ? c.canarySize() : 0.0)
        .toList();
  }

  @Test
  void theEvidenceGrowsWithinAStepAndSafetyIsShownAnewInEach() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(40));

    List<Double> sizes = sizes(id);
    double oneLook = 60;
    assertTrue(sizes.get(20) >= 18 * oneLook, sizes.toString());
    assertTrue(sizes.get(29) > sizes.get(20), sizes.toString());
    assertEquals("users-50", world.rollout(id).step().id());
    assertTrue(sizes.get(34) < 6 * 5 * oneLook, "the first step still counts: " + sizes);
  }

  // History

  @Test
  void historyIsAskedOnceBeforeTheFirstLook() {
    world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));

    List<Question> asked = world.prod().asked();
    List<Question> history = asked.stream().filter(q -> q.exposure().isEmpty()).toList();
    assertEquals(1, history.size());
    assertEquals(asked.getFirst(), history.getFirst());
    assertEquals(World.MONDAY, history.getFirst().window().to());
  }

  @Test
  void whereThereIsNoHistoryTheFirstLookGoesOnWithoutIt() {
    ScriptedMetricSource prod = world.prod();
    world.sources.put(
        "prod",
        new MetricSource() {
          @Override
          public Future<Observations> ask(Question question) {
            return question.exposure().isEmpty()
                ? Future.failedFuture(new IllegalStateException("no history"))
                : prod.ask(question);
          }

          @Override
          public Future<Void> probe() {
            return prod.probe();
          }
        });
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(5));
    assertWholeRow(id, 4);
    assertEquals(0, world.failedLooks());
  }

  // Outages

  /** What a rollout saw, decided and credited, look by look. */
  private static List<Event.LookTaken> verdicts(World world, RolloutId id) {
    return world.events(id, Event.LookTaken.class).stream()
        .map(l -> new Event.LookTaken(l.look(), l.credited(), l.assessment(), World.MONDAY))
        .toList();
  }

  private static World undisturbed(Plan plan, Duration time, Instant badFrom) {
    World world = new World();
    world.sources.put("prod", Shop.of(1, badFrom, world::shareAt).source());
    world.begin().start(plan);
    world.pass(time);
    return world;
  }

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

  private static RolloutId only(World world) {
    return world.now(world.stored.list(2)).getFirst().id();
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

  // Failures of ours

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

  // Several who write

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

  // Coming and going

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

  // The clock

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

  // Beside the store

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

  @Test
  void theStatusSaysHowLateTheLoopIs() {
    RolloutId id = world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));
    EngineStatus.OfRollout well = world.engine().status().rollouts().getFirst();
    assertEquals(id, well.id());
    assertEquals(Duration.ZERO, well.lag());
    assertEquals(
        World.MONDAY.plus(Duration.ofMinutes(9)).plusSeconds(30),
        well.lastLook().orElseThrow().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));

    world.prod().hold();
    world.pass(Duration.ofMinutes(5));

    assertEquals(Duration.ofMinutes(4).plusSeconds(30), world.engine().status().worstLag());
  }

  @Test
  void commandsToNobodyAreRefusedByName() {
    world.begin();
    Rollouts.Unknown unknown =
        assertThrows(
            Rollouts.Unknown.class,
            () -> world.tell(new RolloutId("nobody-1"), new Command.Tick()));
    assertTrue(String.valueOf(unknown.getMessage()).contains("nobody-1"));
  }
}
