package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.look.Footing;
import dev.sluice.gates.look.Lesson;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Questions;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Plan;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A harmless release on an unlucky machine, judged from a real Prometheus: eight baseline pods
 * whose error rates differ for hours, and a canary pod that is the second worst of nine. By their
 * sums alone it is a regression; by the pods it is one of them.
 */
class NoisyPodsTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Duration BEFORE = Duration.ofHours(7);
  private static final Duration AFTER = Duration.ofHours(3);
  private static final int LOOKS = 150;

  /** Errors in a hundred requests, pod by pod. */
  private static final double[] RATES = {1.1, 1.3, 1.5, 1.7, 2.0, 2.4, 2.8, 4.2};

  private static final double CANARY_RATE = 3.2;
  private static final double REQUESTS_A_SCRAPE = 60;

  @TempDir private static Path folder;
  private static RealPrometheus prometheus;

  private static Vertx vertx;
  private static PrometheusSource source;

  @BeforeAll
  static void start() {
    prometheus = RealPrometheus.in(folder);
    for (int j = 0; j < RATES.length; j++) {
      pod("baseline", "b-" + j, RATES[j] / 100, START.minus(BEFORE), j);
    }
    pod("canary", "c-0", CANARY_RATE / 100, START.minusSeconds(60), 99);
    prometheus.load().start();
    vertx = Vertx.vertx();
    source =
        new PrometheusSource(
            vertx, "main", Shop.config(prometheus.url()), new Telemetry(new PrometheusRegistry()));
  }

  private static void pod(String cohort, String pod, double rate, Instant from, int seed) {
    Random random = new Random(seed);
    String labels =
        "{job=\"shop\",instance=\"POD:1\",pod=\"POD\",cohort=\"COHORT\",code=\"CODE\"}"
            .replace("POD", pod)
            .replace("COHORT", cohort);
    int scrapes = (int) (Duration.between(from, START.plus(AFTER)).toSeconds() / 15) + 1;
    double[] bad = new double[scrapes];
    for (int i = 1; i < scrapes; i++) {
      int failed = 0;
      for (int r = 0; r < REQUESTS_A_SCRAPE; r++) {
        failed += random.nextDouble() < rate ? 1 : 0;
      }
      bad[i] = bad[i - 1] + failed;
    }
    prometheus
        .series("requests_total" + labels.replace("CODE", "500"))
        .every(Duration.ofSeconds(15), from, START.plus(AFTER))
        .values(i -> bad[i]);
    prometheus
        .series("requests_total" + labels.replace("CODE", "200"))
        .every(Duration.ofSeconds(15), from, START.plus(AFTER))
        .values(i -> REQUESTS_A_SCRAPE * i - bad[i]);
  }

  @AfterAll
  static void stop() throws Exception {
    prometheus.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private static Plan plan(String ofSource, String ofBaseline) {
    String text =
        """
        apiVersion: sluice/v1
        kind: RolloutPlan
        metadata: { name: shop }
        spec:
          source: { prometheus: main, every: 60s, settle: 30s%s }
          cohorts:
            canary: { selector: '{cohort="canary"}' }
            baseline: { selector: '{cohort="baseline"}'%s }
          policy: { falseAlarm: 0.01 }
          metrics:
            - id: errors
              type: ratio
              bad: 'requests_total{$cohort,code=~"5.."}'
              total: 'requests_total{$cohort}'
              worseWhen: higher
              role: guardrail
          steps:
            - { id: users-10, kind: expose, percent: 10, hold: { atLeast: 2h } }
        """
            .formatted(ofSource, ofBaseline);
    return switch (new PlanReader().read(text)) {
      case PlanReading.Ok ok -> ok.plan();
      case PlanReading.Broken broken -> throw new AssertionError(broken.problems());
    };
  }

  private record Judged(boolean everHarm, Assessment last, Map<String, double[]> evidence) {}

  private static Judged judge(Plan plan, boolean restoreAtEveryLook) throws Exception {
    Evidence evidence = Evidence.start(plan);
    for (Question history : Questions.ofHistory(plan, START)) {
      evidence.learn(history, Optional.of(await(source.ask(history))));
    }
    boolean harm = false;
    List<Assessment> looks = new ArrayList<>();
    for (int k = 1; k <= LOOKS; k++) {
      Question question =
          Questions.of(
              plan, plan.steps().getFirst(), Window.ofLook(START, plan.source().every(), k));
      if (restoreAtEveryLook) {
        evidence = Evidence.restore(plan, evidence.snapshot());
      }
      looks.add(evidence.look(plan.steps().getFirst(), k == 1, true, await(source.ask(question))));
      harm |= looks.getLast().harm();
    }
    return new Judged(harm, looks.getLast(), evidence.snapshot());
  }

  private static final String SUMS_ONLY = ", podLabel: nobody_has_this";

  @Test
  void bySumsAloneTheUnluckyPodIsARegressionByPodsItIsOneOfThem() throws Exception {
    Judged sums = judge(plan("", SUMS_ONLY), false);
    Judged pods = judge(plan("", ""), false);

    assertTrue(sums.everHarm(), "without pods it must look like harm, or this test shows nothing");
    assertEquals(
        Lesson.Why.NO_PODS,
        assertInstanceOf(
                Lesson.Nothing.class, sums.last().footing().orElseThrow().lessons().getFirst())
            .why());
    assertFalse(pods.everHarm(), pods.last().checks().getFirst().sentence());
    Finding.Comparison c =
        assertInstanceOf(Finding.Comparison.class, pods.last().checks().getFirst().finding());
    assertTrue(c.tier() == Finding.Tier.CALIBRATED || c.tier() == Finding.Tier.NOISY);
    assertTrue(c.dispersion() > 3, "dispersion " + c.dispersion());
    Footing footing = pods.last().footing().orElseThrow();
    Lesson.Noise noise = assertInstanceOf(Lesson.Noise.class, footing.lessons().getFirst());
    assertEquals(8, noise.pods());
    assertEquals(360, noise.intervals());
    assertTrue(noise.inflation() > 3, noise.sentence());
  }

  @Test
  void podsOfTheLooksAloneHelpWhereThePlanWantsNoHistory() throws Exception {
    Judged live = judge(plan(", history: 0s", ""), false);

    assertFalse(live.everHarm(), live.last().checks().getFirst().sentence());
  }

  @Test
  void anAuditComesToTheSameBits() throws Exception {
    Judged once = judge(plan("", ""), false);
    Judged again = judge(plan("", ""), true);

    assertEquals(once.last(), again.last());
    assertEquals(once.evidence().keySet(), again.evidence().keySet());
    once.evidence()
        .forEach(
            (name, numbers) ->
                org.junit.jupiter.api.Assertions.assertArrayEquals(
                    numbers, again.evidence().get(name), name));
  }
}
