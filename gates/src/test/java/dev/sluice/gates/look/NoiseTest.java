package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rollouts of a harmless release among pods that are not all alike. */
class NoiseTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Plan PLAN =
      Draft.brief()
          .with(d -> d.metrics = List.of(Draft.errors()))
          .steps(s -> s.metrics = List.of("errors"))
          .plan();
  private static final int PODS = 8;
  private static final double REQUESTS = 300;

  /** Pods whose rates wander slowly, each for itself; the canary is one more of them. */
  private static final class Fleet {
    private final Random random;
    private final double spread;
    private final double[] logs = new double[PODS + 1];

    Fleet(long seed, double spread) {
      this.random = new Random(seed);
      this.spread = spread;
      for (int j = 0; j <= PODS; j++) {
        logs[j] = spread * random.nextGaussian();
      }
    }

    private double poisson(double mean) {
      double limit = Math.exp(-mean);
      double product = random.nextDouble();
      int k = 0;
      while (product > limit) {
        product *= random.nextDouble();
        k++;
      }
      return k;
    }

    private Counts pod(int j) {
      double kept = 0.995;
      logs[j] = kept * logs[j] + Math.sqrt(1 - kept * kept) * spread * random.nextGaussian();
      return new Counts(poisson(REQUESTS * 0.02 * Math.exp(logs[j])), REQUESTS);
    }

    Observations look(Window window, boolean tellPods) {
      Map<String, Counts> pods = new HashMap<>();
      double events = 0;
      for (int j = 0; j < PODS; j++) {
        Counts pod = pod(j);
        pods.put("pod-" + j, pod);
        events += pod.events();
      }
      Counts canary = pod(PODS);
      return new Observations(
          window,
          Map.of("errors", Observed.Seen.of(canary, new Counts(events, PODS * REQUESTS))),
          new Observations.Traffic.NotAsked(),
          List.of(),
          tellPods ? Map.of("errors", List.of(ByPod.of(pods, 1))) : Map.of());
    }
  }

  private static Window window(long look) {
    return Window.ofLook(START, Duration.ofMinutes(1), look);
  }

  private record Outcome(boolean harm, Assessment last) {}

  private static Outcome watch(Fleet fleet, int looks, boolean tellPods) {
    Evidence evidence = Evidence.start(PLAN);
    Assessment last =
        evidence.look(PLAN.steps().getFirst(), true, true, fleet.look(window(1), tellPods));
    for (int k = 2; k <= looks; k++) {
      last = evidence.look(PLAN.steps().getFirst(), false, true, fleet.look(window(k), tellPods));
    }
    return new Outcome(last.harm(), last);
  }

  @Test
  void podsThatDifferForHoursAreNotARegressionOnceTheyAreToldApart() {
    int without = 0;
    int with = 0;
    for (int seed = 0; seed < 24; seed++) {
      without += watch(new Fleet(seed, 0.35), 480, false).harm() ? 1 : 0;
      with += watch(new Fleet(seed, 0.35), 480, true).harm() ? 1 : 0;
    }
    assertTrue(without >= 5, "noise that passes for a regression: " + without);
    assertTrue(with <= without / 3, with + " of 24 with pods, " + without + " without");
  }

  private static Finding.Comparison comparison(Assessment assessment) {
    return assertInstanceOf(Finding.Comparison.class, assessment.checks().getFirst().finding());
  }

  @Test
  void theTierSaysThatPodsWereSeenAndTheFootingHasAControl() {
    Assessment last = watch(new Fleet(1, 0), 60, true).last();
    assertEquals(Finding.Tier.CALIBRATED, comparison(last).tier());
    Footing.Control control = last.footing().orElseThrow().controls().getFirst();
    assertEquals("errors", control.metricId());
    assertFalse(control.alarmed());
    assertTrue(watch(new Fleet(1, 0), 60, false).last().footing().isEmpty());
  }

  /** One pod of the baseline fails three times as often as the others from some moment on. */
  private static Observations ill(long look) {
    Map<String, Counts> pods = new HashMap<>();
    double all = 0;
    for (int j = 0; j < 5; j++) {
      double events = (j == 0 && look > 30 ? 24 : 6) + (look + j) % 3 - 1;
      pods.put("pod-" + j, new Counts(events, REQUESTS));
      all += events;
    }
    return new Observations(
        window(look),
        Map.of("errors", Observed.Seen.of(new Counts(6, REQUESTS), new Counts(all, 5 * REQUESTS))),
        new Observations.Traffic.NotAsked(),
        List.of(),
        Map.of("errors", List.of(ByPod.of(pods, 1))));
  }

  @Test
  void aSickBaselinePodSetsOffTheControlAndTheTierSaysSo() {
    Evidence evidence = Evidence.start(PLAN);
    Assessment last = evidence.look(PLAN.steps().getFirst(), true, true, ill(1));
    assertEquals(Finding.Tier.CALIBRATED, comparison(last).tier());
    for (long k = 2; k <= 400; k++) {
      last = evidence.look(PLAN.steps().getFirst(), false, true, ill(k));
    }

    Footing.Control control = last.footing().orElseThrow().controls().getFirst();
    assertTrue(control.alarmed(), () -> "largest " + control.logLargest());
    assertEquals(Finding.Tier.NOISY, comparison(last).tier());
    assertTrue(
        last.checks().getFirst().sentence().contains("so much is not held against the canary."),
        last.checks().getFirst().sentence());
  }

  private static Question ofPods() {
    return Questions.ofHistory(PLAN, START).getFirst();
  }

  private static Observations history(Fleet fleet, Question asked, int looks, boolean tellPods) {
    List<ByPod> pods = new ArrayList<>();
    Observed seen = Observed.Seen.of(new Counts(0, 1), new Counts(0, 1));
    for (int k = 0; k < looks; k++) {
      Observations look = fleet.look(window(k + 1), true);
      pods.addAll(look.pods().getOrDefault("errors", List.of()));
    }
    return new Observations(
        asked.window(),
        Map.of("errors", seen),
        new Observations.Traffic.NotAsked(),
        List.of(),
        tellPods ? Map.of("errors", pods) : Map.of());
  }

  private static Lesson learned(Evidence evidence) {
    return evidence
        .look(PLAN.steps().getFirst(), true, true, new Fleet(2, 0).look(window(1), false))
        .footing()
        .orElseThrow()
        .lessons()
        .getFirst();
  }

  @Test
  void whatTheTimeBeforeTheStartTaughtIsSaidWithItsWindow() {
    Question asked = ofPods();
    Evidence evidence = Evidence.start(PLAN);
    evidence.learn(asked, Optional.of(history(new Fleet(3, 0.4), asked, 360, true)));

    Lesson.Noise noise = assertInstanceOf(Lesson.Noise.class, learned(evidence));

    assertEquals(asked.window(), noise.window());
    assertEquals(PODS, noise.pods());
    assertEquals(360, noise.intervals());
    assertTrue(noise.inflation() > 2, noise.sentence());
  }

  @Test
  void aProfileFromHistoryPreventsTheAlarmsOfTheFirstHour() {
    int without = 0;
    int with = 0;
    for (int seed = 0; seed < 20; seed++) {
      without += watch(new Fleet(seed, 0.35), 480, false).harm() ? 1 : 0;
      Fleet fleet = new Fleet(seed, 0.35);
      Evidence evidence = Evidence.start(PLAN);
      evidence.learn(ofPods(), Optional.of(history(fleet, ofPods(), 360, true)));
      boolean harm = false;
      for (int k = 1; k <= 480; k++) {
        harm =
            evidence
                .look(PLAN.steps().getFirst(), k == 1, true, fleet.look(window(k), false))
                .harm();
      }
      with += harm ? 1 : 0;
    }
    assertTrue(with < without && with <= 2, with + " with a profile, " + without + " without");
  }

  @Test
  void whatCouldNotBeLearnedIsSaidWithItsReason() {
    Question asked = ofPods();
    Fleet fleet = new Fleet(4, 0);
    Observed absent = new Observed.Absent(Absence.NO_SERIES, "none");
    Observed lost = new Observed.Absent(Absence.UNREACHABLE, "down");
    assertEquals(Lesson.Why.NO_ANSWER, why(asked, Optional.empty()));
    assertEquals(Lesson.Why.NO_ANSWER, why(asked, Optional.of(answer(asked, lost))));
    assertEquals(Lesson.Why.NO_DATA, why(asked, Optional.of(answer(asked, absent))));
    assertEquals(Lesson.Why.NO_PODS, why(asked, Optional.of(history(fleet, asked, 360, false))));
    assertEquals(Lesson.Why.TOO_LITTLE, why(asked, Optional.of(history(fleet, asked, 10, true))));
  }

  private static Observations answer(Question asked, Observed observed) {
    return new Observations(
        asked.window(), Map.of("errors", observed), new Observations.Traffic.NotAsked(), List.of());
  }

  private static Lesson.Why why(Question asked, Optional<Observations> answer) {
    Evidence evidence = Evidence.start(PLAN);
    evidence.learn(asked, answer);
    return assertInstanceOf(Lesson.Nothing.class, learned(evidence)).why();
  }

  @Test
  void theShapeOfLatenciesIsALessonToo() {
    Plan plan =
        Draft.brief()
            .with(d -> d.metrics = List.of(Draft.latency()))
            .steps(s -> s.metrics = List.of("p99"))
            .plan();
    Question asked = Questions.ofHistory(plan, START).getFirst();
    Evidence evidence = Evidence.start(plan);
    Buckets buckets = new Buckets(new double[] {0.1, 1}, new double[] {900, 95, 5});
    evidence.learn(
        asked,
        Optional.of(
            new Observations(
                asked.window(),
                Map.of("p99", new Observed.Seen(buckets, Optional.empty())),
                new Observations.Traffic.NotAsked(),
                List.of())));

    Assessment first =
        evidence.look(
            plan.steps().getFirst(),
            true,
            true,
            new Observations(window(1), Map.of(), new Observations.Traffic.NotAsked(), List.of()));

    assertEquals(
        List.of(new Lesson.Shape("p99", asked.window(), 1000)),
        first.footing().orElseThrow().lessons());
  }

  @Test
  void restoredEvidenceGoesOnBitForBit() {
    Fleet fleet = new Fleet(9, 0.3);
    Question asked = ofPods();
    Observations before = history(fleet, asked, 60, true);
    Evidence one = Evidence.start(PLAN);
    Evidence other = Evidence.start(PLAN);
    one.learn(asked, Optional.of(before));
    other.learn(asked, Optional.of(before));
    for (long k = 1; k <= 90; k++) {
      Observations seen = k < 45 ? fleet.look(window(k), k % 10 != 3) : ill(k);
      other = Evidence.restore(PLAN, other.snapshot());
      assertEquals(
          one.look(PLAN.steps().getFirst(), k == 1, true, seen),
          other.look(PLAN.steps().getFirst(), k == 1, true, seen));
    }
  }
}
