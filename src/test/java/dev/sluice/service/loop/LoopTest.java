package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.metrics.MetricSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A world for the loop, and what its tests ask it. */
abstract class LoopTest {
  static final Duration MINUTE = Duration.ofMinutes(1);
  final World world = new World();

  static Plan plan() {
    return new TestPlans().plan();
  }

  static Plan named(String name) {
    TestPlans draft = new TestPlans();
    draft.name = name;
    draft.flag = Optional.of(TestPlans.flag(name));
    return draft.plan();
  }

  List<Long> looks(RolloutId id) {
    return world.events(id, Event.LookTaken.class).stream().map(Event.LookTaken::look).toList();
  }

  /** Every look from 1, each once and in order. */
  void assertWholeRow(RolloutId id, long atLeast) {
    List<Long> looks = looks(id);
    for (int i = 0; i < looks.size(); i++) {
      assertEquals(i + 1L, looks.get(i));
    }
    assertTrue(looks.size() >= atLeast, "only " + looks.size());
  }

  static MetricSource watched(MetricSource source, java.util.function.Consumer<Question> watcher) {
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

  /** What a rollout saw, decided and credited, look by look. */
  static List<Event.LookTaken> verdicts(World world, RolloutId id) {
    return world.events(id, Event.LookTaken.class).stream()
        .map(l -> new Event.LookTaken(l.look(), l.credited(), l.assessment(), World.MONDAY))
        .toList();
  }

  static World undisturbed(Plan plan, Duration time, Instant badFrom) {
    World world = new World();
    world.sources.put("prod", Shop.of(1, badFrom, world::shareAt).source());
    world.begin().start(plan);
    world.pass(time);
    return world;
  }

  static RolloutId only(World world) {
    return world.now(world.stored.list(2)).getFirst().id();
  }
}
