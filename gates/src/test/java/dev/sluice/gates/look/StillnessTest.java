package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StillnessTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Plan PLAN =
      Draft.brief()
          .with(d -> d.metrics = List.of(Draft.basket(), Draft.errors()))
          .steps(s -> s.metrics = List.of("basket", "errors"))
          .plan();
  private static final Step STEP = PLAN.steps().getFirst();

  private Evidence evidence = Evidence.start(PLAN);
  private long looks;

  private List<String> look(double canary, double baseline) {
    return look(Observed.Seen.of(new Moments(canary * 10, 10), new Moments(baseline * 30, 30)));
  }

  private List<String> look(Observed basket) {
    Instant from = START.plusSeconds(60 * looks);
    Observations seen =
        new Observations(
            new Window(from, from.plusSeconds(60)),
            Map.of("basket", basket),
            new Observations.Traffic.NotAsked(),
            List.of());
    Optional<Footing> footing = evidence.look(STEP, looks++ == 0, true, seen).footing();
    return footing.stream().flatMap(f -> f.allRemarks().stream()).map(Remark::sentence).toList();
  }

  private List<String> looks(int count, double canary, double baseline) {
    List<String> last = List.of();
    for (int i = 0; i < count; i++) {
      last = look(canary, baseline);
    }
    return last;
  }

  @Test
  void whatNeverMovesOnBothCohortsIsSaid() {
    assertEquals(List.of(), looks(29, 0, 0));

    assertEquals(
        List.of(
            "Basket value has been 0 on both cohorts in 30 looks. What never moves shows no difference:"
                + " does the query show what it is meant to?"),
        look(0, 0));
  }

  @Test
  void aMoveBreaksTheStillness() {
    looks(29, 4, 4);

    assertEquals(List.of(), look(5, 5));
    assertEquals(List.of(), looks(28, 5, 5));
  }

  @Test
  void aCohortThatStandsStillBesideOneThatMovesIsNamed() {
    for (int i = 0; i < 29; i++) {
      look(7, i);
    }

    assertEquals(
        List.of(
            "Basket value has been 7 on the canary in 30 looks, while on the baseline it moves. Does this"
                + " cohort export it?"),
        look(7, 30));
  }

  @Test
  void twoDifferentConstantsAreNoMeasurement() {
    assertEquals(
        List.of(
            "Basket value has been 7 on the canary in 30 looks, and has been 8 on the baseline in 30"
                + " looks. Two constants are no measurement: look at the query."),
        looks(30, 7, 8));
  }

  @Test
  void aLookWithoutDataNeitherMovesNorStands() {
    looks(29, 0, 0);

    assertEquals(List.of(), look(new Observed.Absent(Absence.STALE, "nothing")));
    assertEquals(1, look(0, 0).size());
  }

  @Test
  void storedEvidenceKnowsHowLongAndOlderEvidenceStartsNow() {
    looks(29, 0, 0);
    Map<String, double[]> stored = evidence.snapshot();

    evidence = Evidence.restore(PLAN, stored);
    assertEquals(1, look(0, 0).size());

    Map<String, double[]> older = new HashMap<>(stored);
    older.keySet().removeIf(k -> k.startsWith("still:"));
    evidence = Evidence.restore(PLAN, older);
    assertEquals(List.of(), look(0, 0));
  }
}
