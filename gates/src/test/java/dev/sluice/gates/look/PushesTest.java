package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushesTest {
  private static final Instant T = Instant.parse("2026-03-02T10:00:00Z");
  private static final Plan PLAN =
      Draft.empty()
          .with(d -> d.metrics = List.of(Draft.errors(), Draft.rows()))
          .step(
              "verify",
              Step.Kind.VERIFY,
              0,
              s -> {
                s.metrics = List.of("errors", "rows");
                s.baseline = Optional.of("baseline");
              })
          .plan();

  private static Observation rows(long sequence, long minute, double value) {
    return new Observation(
        "db-verify",
        sequence,
        T.plus(Duration.ofMinutes(minute)),
        Duration.ofMinutes(15),
        Map.of("rows", value));
  }

  private static Observations asked(long minute) {
    Instant to = T.plus(Duration.ofMinutes(minute));
    return new Observations(
        new Window(to.minusSeconds(60), to),
        Map.of(),
        new Observations.Traffic.NotAsked(),
        List.of());
  }

  private static Observed seen(Pushes pushes, long minute) {
    Observed seen =
        pushes.beside(PLAN.steps().getFirst(), PLAN, asked(minute)).metrics().get("rows");
    return java.util.Objects.requireNonNull(seen);
  }

  private static double value(Observed observed) {
    return ((Values) assertInstanceOf(Observed.Seen.class, observed).canary()).value();
  }

  @Test
  void aLookTakesTheNewestThatWasTrueBeforeItsWindowEnded() {
    Pushes pushes = Pushes.NONE.with(List.of(rows(1, 0, 3), rows(2, 5, 4), rows(3, 9, 5)));

    assertEquals(3, value(seen(pushes, 4)));
    assertEquals(4, value(seen(pushes, 5)));
    assertEquals(5, value(seen(pushes, 20)));
  }

  @Test
  void besideWhatWasPushedNothingOfTheAnswerIsLost() {
    Observations bare = asked(1);
    Observations answer =
        new Observations(
            bare.window(),
            bare.metrics(),
            new Observations.Traffic.Seen(1, 99),
            List.of(new Observations.Asked("errors", "canary", "up", "1", "ok")),
            Map.of("errors", List.of(ByPod.of(Map.of("a", new Counts(1, 2)), 1))),
            List.of(Remark.ofCohort(Remark.Kind.RESTARTS, "One began anew.")));

    Observations beside = Pushes.NONE.beside(PLAN.steps().getFirst(), PLAN, answer);

    assertEquals(answer.traffic(), beside.traffic());
    assertEquals(answer.queries(), beside.queries());
    assertEquals(answer.pods(), beside.pods());
    assertEquals(answer.remarks(), beside.remarks());
  }

  @Test
  void whatIsTooOldIsAbsent() {
    Observed.Absent absent =
        assertInstanceOf(Observed.Absent.class, seen(Pushes.NONE.with(List.of(rows(1, 0, 3))), 16));

    assertEquals(Absence.NOT_PUSHED, absent.why());
    assertEquals(
        "The latest of db-verify is of 2026-03-02T10:00:00Z and was good for 15 min.",
        absent.detail());
    assertInstanceOf(Observed.Absent.class, seen(Pushes.NONE, 1));
  }

  @Test
  void forgettingChangesNoLaterLook() {
    Pushes all = Pushes.NONE.with(List.of(rows(1, 0, 3), rows(2, 5, 4), rows(3, 9, 5)));
    Pushes after = all.after(T.plus(Duration.ofMinutes(6)));

    assertEquals(2, after.kept().size());
    for (int minute = 7; minute < 30; minute++) {
      assertEquals(seen(all, minute), seen(after, minute));
    }
    assertEquals(Map.of("db-verify", 3L), after.latest());
  }

  @Test
  void aPushedMetricIsHeldAgainstItsLimitAloneAndNeverAgainstABaseline() {
    Evidence evidence = Evidence.start(PLAN);
    Pushes pushes = Pushes.NONE.with(List.of(rows(1, 0, 2)));
    Step step = PLAN.steps().getFirst();
    evidence.look(step, true, true, pushes.beside(step, PLAN, asked(1)));
    Assessment second = evidence.look(step, false, true, pushes.beside(step, PLAN, asked(2)));

    List<Check> rows = second.checks().stream().filter(c -> c.metricId().equals("rows")).toList();
    assertEquals(List.of("rows.max"), rows.stream().map(Check::id).toList());
    assertEquals(Verdict.FAIL, rows.getFirst().verdict());
  }

  @Test
  void theMetricsSystemIsNotAskedForWhatIsPushed() {
    Question question = Questions.of(PLAN, PLAN.steps().getFirst(), asked(1).window());

    assertEquals(List.of("errors"), question.metrics().stream().map(m -> m.metric().id()).toList());
    assertEquals(Optional.empty(), question.exposure());
  }
}
