package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Window WINDOW = Window.ofLook(START, Duration.ofMinutes(1), 7);

  private static Plan with(Plan plan, Cohort more) {
    Map<String, Cohort> cohorts = new HashMap<>(plan.cohorts());
    cohorts.put(more.name(), more);
    return new Plan(
        plan.name(),
        plan.hash(),
        plan.description(),
        plan.owner(),
        plan.links(),
        plan.source(),
        cohorts,
        plan.exposure(),
        plan.policy(),
        plan.metrics(),
        plan.steps(),
        plan.flag(),
        plan.rollback(),
        plan.notifications());
  }

  private static final Cohort OLD = new Cohort("old", "version!=\"2\"", Map.of(), Duration.ZERO);

  @Test
  void aLookAsksForTheMetricsOfItsStepInTheOrderOfThePlan() {
    Plan plan = Draft.playbook().step(0, s -> s.metrics = List.of("p99", "errors")).plan();

    Question question = Questions.of(plan, plan.steps().getFirst(), WINDOW);

    assertEquals("prod", question.source());
    assertEquals(WINDOW, question.window());
    assertEquals(
        List.of("p99", "errors"), question.metrics().stream().map(m -> m.metric().id()).toList());
    assertEquals("canary", question.metrics().getFirst().canary().name());
    assertEquals(
        Optional.of("baseline"), question.metrics().getFirst().baseline().map(Cohort::name));
  }

  @Test
  void theRestOfTheTrafficIsEverybodyElseWhereThePlanNamesThem() {
    Plan plan = Draft.playbook().plan();
    assertEquals(Optional.of("baseline"), rest(plan, plan.steps().getFirst()));
    assertEquals(Optional.of("old"), rest(with(plan, OLD), plan.steps().getFirst()));
    Step retain = plan.steps().getLast();
    assertTrue(retain.baseline().isEmpty());
    assertEquals(Optional.of("baseline"), rest(plan, retain), "stragglers are seen");
  }

  private static Optional<String> rest(Plan plan, Step step) {
    return Questions.of(plan, step, WINDOW)
        .exposure()
        .flatMap(Question.OfExposure::rest)
        .map(Cohort::name);
  }

  @Test
  void thePlanThatSaysNothingOfExposureAsksNothingOfIt() {
    Plan plan = Draft.playbook().with(d -> d.exposure = Optional.empty()).plan();
    assertFalse(Questions.of(plan, plan.steps().getFirst(), WINDOW).exposure().isPresent());
  }

  @Test
  void historyIsTheBaselinesLatencyBeforeTheFirstLook() {
    Plan plan = Draft.playbook().plan();

    Question history = Questions.ofHistory(plan, START).orElseThrow();

    assertEquals(new Window(START.minus(Duration.ofHours(1)), START), history.window());
    assertEquals(List.of("p99"), history.metrics().stream().map(m -> m.metric().id()).toList());
    assertEquals("baseline", history.metrics().getFirst().canary().name());
    assertTrue(history.metrics().getFirst().baseline().isEmpty());
    assertTrue(history.exposure().isEmpty());
  }

  @Test
  void whereNothingLearnsFromHistoryItIsNotAsked() {
    assertTrue(
        Questions.ofHistory(
                Draft.playbook()
                    .with(d -> d.metrics = List.of(Draft.errors(), Draft.basket()))
                    .plan(),
                START)
            .isEmpty());
    assertTrue(
        Questions.ofHistory(
                Draft.playbook().steps(s -> s.baseline = Optional.empty()).plan(), START)
            .isEmpty());
  }

  @Test
  void equalLooksAskEqualQuestions() {
    Plan one = Draft.playbook().plan();
    Plan other = Draft.playbook().plan();
    assertEquals(
        Questions.of(one, one.steps().getFirst(), WINDOW),
        Questions.of(other, other.steps().getFirst(), WINDOW));
  }
}
