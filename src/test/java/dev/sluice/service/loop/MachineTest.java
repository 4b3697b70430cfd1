package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Observation;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.metrics.ScriptedMetricSource;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Versions that people saw, evidence of other versions, clocks that are wrong, and silence. */
class MachineTest extends LoopTest {
  private static final Duration DAY = Duration.ofDays(1);

  private RolloutId begun(Duration watched) {
    world.begin();
    RolloutId id = world.start(plan());
    world.pass(watched);
    return id;
  }

  @Test
  void whoSawAnotherVersionIsToldWhichOneItIs() {
    RolloutId id = begun(Duration.ofMinutes(5));
    long seen = world.rollout(id).version();
    world.pass(Duration.ofMinutes(2));
    Command pause = new Command.Pause(World.ANNA, "lunch");

    Rollouts.Stale stale =
        assertThrows(
            Rollouts.Stale.class,
            () -> world.now(world.engine().tell(id, pause, OptionalLong.of(seen))));

    assertEquals(seen, stale.seen());
    assertEquals(world.rollout(id).version(), stale.version());
    assertEquals(List.of(), world.events(id, Event.PausedBy.class));
  }

  @Test
  void nothingSlipsInBetweenTheVersionThatWasSeenAndTheCommand() {
    RolloutId id = begun(Duration.ofMinutes(5));
    long seen = world.rollout(id).version();

    Future<Rollout> first =
        world.engine().tell(id, new Command.Promote(World.ANNA, "one"), OptionalLong.of(seen));
    Future<Rollout> second =
        world.engine().tell(id, new Command.Promote(World.ANNA, "two"), OptionalLong.of(seen));
    world.settle();
    world.settle();

    assertTrue(first.succeeded());
    assertInstanceOf(Rollouts.Stale.class, second.cause());
  }

  @Test
  void everyCommitIsToldToWhoeverWaitsForNews() {
    RolloutId id = begun(Duration.ofMinutes(5));

    List<Long> told = world.news.stream().map(Rollout::version).toList();

    assertEquals(told.stream().sorted().distinct().toList(), told);
    assertEquals(world.rollout(id).version(), told.getLast());
  }

  /** A store with evidence as another version of the judge would have left it. */
  private static RolloutStore aged(RolloutStore store, long untilVersion) {
    return new StoreInBetween(store) {
      @Override
      public Future<Optional<Stored>> load(RolloutId id) {
        return super.load(id).map(found -> found.map(s -> aged(s, untilVersion)));
      }
    };
  }

  private static RolloutStore.Stored aged(RolloutStore.Stored stored, long untilVersion) {
    if (stored.rollout().version() > untilVersion) {
      return stored;
    }
    Map<String, double[]> evidence = new HashMap<>(stored.evidence());
    evidence.computeIfPresent(
        "judge:guardrails",
        (name, numbers) -> {
          double[] other = numbers.clone();
          other[0] += 1;
          return other;
        });
    return new RolloutStore.Stored(stored.rollout(), evidence);
  }

  private RolloutId restartedWithOldEvidence(Instant badFrom) {
    world.sources.put("prod", Shop.of(1, badFrom, world::shareAt).source());
    RolloutId id = begun(Duration.ofMinutes(20));
    world.kill();
    long version = world.rollout(id).version();
    world.storeSeenBy = store -> aged(store, version);
    world.begin();
    return id;
  }

  @Test
  void evidenceOfAnotherVersionIsMadeAnewFromTheLooksThatWereTaken() {
    Instant bad = World.MONDAY.plus(Duration.ofMinutes(17));
    RolloutId id = restartedWithOldEvidence(bad);
    world.pass(Duration.ofMinutes(10));

    Event.EvidenceRenewed renewed = world.events(id, Event.EvidenceRenewed.class).getFirst();
    assertEquals(renewed.looks(), renewed.replayed());
    assertTrue(renewed.looks() >= 18, renewed.toString());
    assertTrue(renewed.cause().contains("version"), renewed.cause());
    assertEquals(0, world.failedLooks());
    World untouched = undisturbed(plan(), Duration.ofMinutes(30), bad);
    assertEquals(assessments(untouched, only(untouched)), assessments(world, id));
  }

  private static List<Assessment> assessments(World world, RolloutId id) {
    return verdicts(world, id).stream().map(Event.LookTaken::assessment).toList();
  }

  @Test
  void whatTheMetricsSystemHasForgottenIsCountedAndSaid() {
    RolloutId id = begun(Duration.ofMinutes(20));
    world.kill();
    long version = world.rollout(id).version();
    world.storeSeenBy = store -> aged(store, version);
    world.sources.put("prod", new ScriptedMetricSource());
    world.begin();
    world.pass(Duration.ofMinutes(3));

    Event.EvidenceRenewed renewed = world.events(id, Event.EvidenceRenewed.class).getFirst();
    assertEquals(0, renewed.replayed());
    assertTrue(renewed.looks() >= 18);
    assertTrue(
        world.delivered.stream().anyMatch(m -> m.body().contains("made anew from 0 of")),
        world.delivered.toString());
  }

  @Test
  void evidenceIsNotMadeAnewWhileTheMetricsSystemIsGone() {
    RolloutId id = begun(Duration.ofMinutes(20));
    world.kill();
    long version = world.rollout(id).version();
    world.storeSeenBy = store -> aged(store, version + 1);
    world.prod().lose("connection refused");
    world.begin();
    world.pass(Duration.ofMinutes(3));
    assertEquals(List.of(), world.events(id, Event.EvidenceRenewed.class));
    assertTrue(world.rollout(id).blindSince().isPresent());

    world.prod().find();
    world.pass(Duration.ofMinutes(3));

    assertEquals(1, world.events(id, Event.EvidenceRenewed.class).size());
    assertEquals(Optional.empty(), world.rollout(id).blindSince());
  }

  @Test
  void aClockThatIsAheadLooksAtNothingThatHasNotHappened() {
    world.prod().clock(world.time);
    RolloutId id = begun(Duration.ofMinutes(10));
    long looks = world.rollout(id).looks();

    world.clock = () -> world.time.instant().plus(DAY);
    world.kill();
    world.begin();
    world.pass(Duration.ofMinutes(3));

    Rollout blind = world.rollout(id);
    assertTrue(blind.looks() <= looks + 4, "looks into the future: " + blind.looks());
    assertTrue(blind.blindSince().isPresent());
    assertTrue(
        world.events(id, Event.SourceLost.class).getFirst().detail().contains("set the clock"),
        world.events(id, Event.SourceLost.class).toString());

    world.clock = world.time;
    world.kill();
    world.begin();
    world.pass(Duration.ofMinutes(10));

    assertEquals(Optional.empty(), world.rollout(id).blindSince());
    assertTrue(
        verdicts(world, id).stream()
            .flatMap(l -> l.assessment().checks().stream())
            .allMatch(c -> c.absentLooks() == 0));
  }

  @Test
  void silenceTakesTheFewBackWhileTheMetricsSystemIsGone() {
    TestPlans draft = new TestPlans();
    draft.deadMan =
        Optional.of(
            new DeadMan(
                Duration.ofMinutes(5), Optional.of(Duration.ofMinutes(15)), new Exposure(10)));
    world.begin();
    RolloutId id = world.start(draft.plan());
    world.pass(Duration.ofMinutes(10));

    world.prod().lose("connection refused");
    world.pass(Duration.ofMinutes(10));
    assertInstanceOf(Stage.Held.class, world.rollout(id).stage());

    world.pass(Duration.ofMinutes(10));
    assertInstanceOf(Stage.RolledBack.class, world.rollout(id).stage());
    assertEquals(List.of("10.0", "0.0"), world.flagged());
  }

  private static Metric rows() {
    return new Metric.Pushed(
        new Metric.Common(
            "rows",
            "Rows missing",
            Direction.HIGHER_IS_WORSE,
            Metric.Role.GUARDRAIL,
            Optional.empty(),
            Optional.of(new Limit(OptionalDouble.of(0), OptionalDouble.empty(), Duration.ZERO)),
            OptionalLong.empty(),
            Metric.OnNoData.HOLD),
        "db-verify",
        Optional.of("rows"));
  }

  private RolloutId verifying() {
    TestPlans draft = new TestPlans();
    draft.metrics = List.of(TestPlans.errors(), TestPlans.latency(), rows());
    draft.firstMetrics = Optional.of(List.of("rows"));
    draft.firstKind = Step.Kind.VERIFY;
    draft.atLeast = Duration.ofMinutes(5);
    world.begin();
    return world.start(draft.plan());
  }

  private void push(RolloutId id, long sequence, double rows) {
    Observation observation =
        new Observation(
            "db-verify",
            sequence,
            world.time.instant(),
            Duration.ofMinutes(15),
            Map.of("rows", rows));
    world.tell(id, new Command.Observe(World.ANNA, List.of(observation)));
  }

  @Test
  void aVerifyStepGoesByWhatIsPushedAndAsksTheMetricsSystemNothing() {
    RolloutId id = verifying();
    world.pass(Duration.ofMinutes(5));
    assertInstanceOf(Stage.Held.class, world.rollout(id).stage());
    assertEquals(
        List.of(),
        world.prod().asked().stream()
            .filter(q -> q.metrics().stream().anyMatch(m -> m.metric().id().equals("rows")))
            .toList());

    push(id, 1, 0);
    world.pass(Duration.ofMinutes(8));

    assertEquals("users-50", world.rollout(id).step().id());
    assertEquals(List.of("50.0"), world.flagged());
  }

  @Test
  void whatIsPushedCanEndARollout() {
    RolloutId id = verifying();
    push(id, 1, 3);

    world.pass(Duration.ofMinutes(4));

    assertTrue(world.rollout(id).ended(), world.rollout(id).stage().toString());
    assertTrue(
        world
            .rollout(id)
            .lastDecision()
            .orElseThrow()
            .reason()
            .sentence()
            .contains("Rows missing"));
  }
}
