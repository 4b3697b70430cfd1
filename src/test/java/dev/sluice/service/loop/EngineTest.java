package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.ScriptedMetricSource;
import io.vertx.core.Future;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loop on virtual time: a rollout's life, look by look. */
class EngineTest extends LoopTest {
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

  @Test
  void historyIsAskedOnceBeforeTheFirstLook() {
    world.begin().start(plan());
    world.pass(Duration.ofMinutes(10));

    List<Question> asked = world.prod().asked();
    List<Question> history = asked.stream().filter(q -> q.exposure().isEmpty()).toList();
    assertEquals(2, history.size(), "the shape of latencies, and pods look by look");
    assertEquals(asked.subList(0, 2), history);
    history.forEach(q -> assertEquals(World.MONDAY, q.window().to()));
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
