package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Source;
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

  private static List<String> ids(Question question) {
    return question.metrics().stream().map(m -> m.metric().id()).toList();
  }

  @Test
  void historyIsTheBaselinesLatencyOfAnHourAndItsPodsLookByLook() {
    Plan plan = Draft.playbook().plan();

    List<Question> history = Questions.ofHistory(plan, START);

    assertEquals(2, history.size());
    Question shapes = history.getFirst();
    assertEquals(new Window(START.minus(Duration.ofHours(1)), START), shapes.window());
    assertEquals(List.of("p99"), ids(shapes));
    assertEquals("baseline", shapes.metrics().getFirst().canary().name());
    assertTrue(shapes.metrics().getFirst().baseline().isEmpty());
    assertTrue(shapes.exposure().isEmpty());
    Question pods = history.getLast();
    assertEquals(
        new Window(START.minus(plan.source().every().multipliedBy(360)), START), pods.window());
    assertEquals(plan.source().every(), pods.grain());
    assertEquals(List.of("errors"), ids(pods));
    assertEquals("baseline", pods.metrics().getFirst().canary().name());
    assertEquals("baseline", pods.metrics().getFirst().baseline().orElseThrow().name());
  }

  private static Plan with(Duration every, Optional<Duration> history) {
    Plan p = Draft.playbook().plan();
    return new Plan(
        p.name(),
        p.hash(),
        p.description(),
        p.owner(),
        p.links(),
        new Source("prod", every, Duration.ZERO, history),
        p.cohorts(),
        p.exposure(),
        p.policy(),
        p.metrics(),
        p.steps(),
        p.flag(),
        p.rollback(),
        p.notifications());
  }

  private static Duration podHistory(Duration every, Duration history) {
    return Questions.ofHistory(with(every, Optional.of(history)), START)
        .getLast()
        .window()
        .length();
  }

  @Test
  void historyIsAnHourAtLeastADayAtMostAndWhatThePlanSaysInWholeLooks() {
    Duration usual =
        Questions.ofHistory(with(Duration.ofSeconds(5), Optional.empty()), START)
            .getLast()
            .window()
            .length();
    assertEquals(Duration.ofHours(1), usual);
    assertEquals(
        Duration.ofHours(24),
        Questions.ofHistory(with(Duration.ofMinutes(10), Optional.empty()), START)
            .getLast()
            .window()
            .length());
    assertEquals(
        Duration.ofSeconds(120), podHistory(Duration.ofSeconds(30), Duration.ofSeconds(140)));
    assertEquals(
        Duration.ofHours(12), podHistory(Duration.ofSeconds(30), Duration.ofDays(7)), "bounded");
    assertTrue(
        Questions.ofHistory(with(Duration.ofSeconds(30), Optional.of(Duration.ZERO)), START)
            .isEmpty(),
        "a plan may want none");
  }

  @Test
  void whereNothingLearnsFromHistoryItIsNotAsked() {
    assertTrue(
        Questions.ofHistory(
                Draft.playbook().with(d -> d.metrics = List.of(Draft.basket())).plan(), START)
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
