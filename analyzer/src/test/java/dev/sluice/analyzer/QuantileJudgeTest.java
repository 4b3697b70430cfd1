package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class QuantileJudgeTest {
  private static final MetricTest P99 =
      new MetricTest.OfQuantile(0.99, Margin.relative(0.05), Margin.relative(0.15));

  private final Telemetry telemetry = new Telemetry(11);

  private Supplier<Observed> latency(double factor) {
    return () -> Observed.Seen.of(telemetry.latency(300, factor), telemetry.latency(2700, 1));
  }

  private Rollout learned(MetricTest test) {
    Rollout rollout = new Rollout(test);
    rollout.judge().learn(Rollout.METRIC, telemetry.latency(20_000, 1));
    return rollout;
  }

  @Test
  void aSlowerCanaryIsHarm() {
    Rollout rollout = learned(P99).watch(100, latency(1.25));

    assertTrue(rollout.harmAt() <= 20, "harm at " + rollout.harmAt());
    assertFalse(rollout.everSafe());
    for (int i = 0; i < 60; i++) {
      rollout.look(false, latency(1.25).get());
    }
    Finding.Comparison c = rollout.comparison();
    assertTrue(c.canaryValue() > c.baselineValue());
    assertTrue(c.effect().lower() > 1, "shown as a slow-down: " + c.effect());
  }

  @Test
  void anEquallyFastCanaryIsProvenSafe() {
    Rollout rollout = learned(P99).watch(200, latency(1));

    assertFalse(rollout.harm());
    assertTrue(rollout.safeAt() <= 100, "safe at " + rollout.safeAt());
    assertEquals(1.15, rollout.comparison().effect().margin(), 1e-9);
  }

  @Test
  void aCanaryAtTheSafeMarginIsHardlyEverCalledSafe() {
    int safe = 0;
    for (int run = 0; run < 20; run++) {
      Rollout rollout = learned(P99);
      for (int i = 0; i < 100; i++) {
        rollout.look(i == 0, latency(1.15).get());
      }
      safe += rollout.everSafe() ? 1 : 0;
    }

    assertTrue(safe <= 3, safe + " of 20 at a nominal 5 percent");
  }

  @Test
  void aTailThatGetsFarWorseInTheSameMassIsNotSafe() {
    Supplier<Observed> slowTail =
        () ->
            Observed.Seen.of(
                telemetry.latency(300, 1, 0.02, 20, Telemetry.EDGES), telemetry.latency(2700, 1));

    Rollout rollout = learned(P99).watch(200, slowTail);

    assertTrue(rollout.harm());
    assertFalse(rollout.everSafe());
  }

  @Test
  void theSameMassAboveTheLowerEdgeDoesNotMakeASlowerTailSafe() {
    MetricTest patient =
        new MetricTest.OfQuantile(0.99, Margin.relative(20), Margin.relative(0.15));
    Supplier<Observed> tailMoved =
        () -> {
          double[] counts = telemetry.latency(300, 1).counts();
          counts[7] += counts[6];
          counts[6] = 0;
          return Observed.Seen.of(new Buckets(Telemetry.EDGES, counts), telemetry.latency(2700, 1));
        };

    Rollout rollout = learned(patient).watch(200, tailMoved);

    assertFalse(rollout.harm());
    assertFalse(rollout.everSafe());
  }

  @Test
  void withoutHistoryTheFirstLooksTeachTheShape() {
    Rollout rollout = new Rollout(P99);
    rollout.look(true, latency(1).get());

    assertEquals(Finding.Shortage.LEARNING, rollout.insufficient().shortage());
    assertEquals(1, rollout.insufficient().looksMissing().orElseThrow());

    rollout.look(false, latency(1).get());
    rollout.look(false, latency(1).get());

    assertEquals(
        600, rollout.comparison().canarySize(), "the first look had no shape to be judged by");
  }

  @Test
  void learningIsBoundedWithLittleTraffic() {
    Rollout rollout = new Rollout(P99);
    for (int i = 0; i < 21; i++) {
      rollout.look(i == 0, Observed.Seen.of(telemetry.latency(3, 1), telemetry.latency(30, 1)));
    }

    assertEquals(60, rollout.comparison().canarySize());
  }

  private Supplier<Observed> trickle(double factor) {
    return () -> Observed.Seen.of(telemetry.latency(20, factor), telemetry.latency(20, 1));
  }

  @Test
  void aMuchSlowerCanaryNeedNotWaitForTheShape() {
    Rollout rollout = new Rollout(P99);
    for (int i = 0; i < 10; i++) {
      rollout.look(i == 0, trickle(1).get());
      assertEquals(Finding.Shortage.LEARNING, rollout.insufficient().shortage());
    }
    rollout.watch(9, trickle(3));

    assertTrue(rollout.harmAt() <= 19, "harm at " + rollout.harmAt());
    assertTrue(rollout.comparison().harmful());
  }

  @Test
  void whileTheShapeIsLearnedEqualsAreSparedAndNothingIsSafe() {
    int alarms = 0;
    for (int run = 0; run < 100; run++) {
      Rollout rollout = new Rollout(P99).watch(24, trickle(1));
      alarms += rollout.harm() ? 1 : 0;
      assertFalse(rollout.everSafe());
    }
    assertTrue(alarms <= 3, "alarms " + alarms);
  }

  /** Not promised then, but too small to be proven by few requests. */
  @Test
  void aToleratedSlowDownIsSparedWhileTheShapeIsLearned() {
    int alarms = 0;
    for (int run = 0; run < 100; run++) {
      alarms += new Rollout(P99).watch(24, trickle(1.05)).harm() ? 1 : 0;
    }
    assertTrue(alarms <= 3, "alarms " + alarms);
  }

  @Test
  void anEdgeThatIsLostWhileLearningLosesNoEvidence() {
    double[] few = {0.05, 0.1, 0.25, 0.5};
    Rollout rollout = new Rollout(P99);
    for (int i = 0; i < 8; i++) {
      rollout.look(i == 0, trickle(1).get());
    }
    rollout.look(false, trickle(3).get());
    double before =
        rollout
            .look(false, Observed.Seen.of(telemetry.latency(20, 3), telemetry.latency(20, 1)))
            .logHarm();
    double after =
        rollout
            .look(
                false,
                Observed.Seen.of(
                    telemetry.latency(20, 3, 0, 1, few), telemetry.latency(20, 1, 0, 1, few)))
            .logHarm();

    assertTrue(after > before, before + " then " + after);
  }

  @Test
  void anAbsoluteMarginInSecondsIsHonoured() {
    MetricTest absolute =
        new MetricTest.OfQuantile(0.99, Margin.absolute(0.2), Margin.absolute(0.2));

    Rollout within = learned(absolute).watch(150, latency(1.1));
    Rollout beyond = learned(absolute).watch(150, latency(2.5));

    assertFalse(within.harm());
    assertTrue(within.everSafe());
    assertEquals(Effect.Scale.DIFFERENCE, within.comparison().effect().scale());
    assertEquals(0.2, within.comparison().effect().margin(), 1e-9);
    assertTrue(beyond.harm());
  }

  @Test
  void aQuantileAboveTheLastBucketIsNotMeasurableAndNeverSafe() {
    double[] edges = {0.05, 0.1, 0.2};
    Supplier<Observed> seen =
        () ->
            Observed.Seen.of(
                telemetry.latency(300, 1, 0, 1, edges), telemetry.latency(2700, 1, 0, 1, edges));
    Rollout rollout = new Rollout(P99);
    rollout.judge().learn(Rollout.METRIC, telemetry.latency(20_000, 1, 0, 1, edges));

    rollout.watch(100, seen);

    assertEquals(Finding.Shortage.NOT_MEASURABLE, rollout.insufficient().shortage());
    assertTrue(rollout.insufficient().detail().contains("p99"), rollout.insufficient().detail());
    assertFalse(rollout.everSafe());
  }

  @Test
  void aCanaryWhoseQuantileLeavesTheBucketsIsHarmWithAnOpenEnd() {
    double[] edges = {0.05, 0.1, 0.25, 0.5};
    Rollout rollout = new Rollout(P99);
    rollout.judge().learn(Rollout.METRIC, telemetry.latency(20_000, 1, 0, 1, edges));

    rollout.watch(
        100,
        () ->
            Observed.Seen.of(
                telemetry.latency(300, 3, 0, 1, edges), telemetry.latency(2700, 1, 0, 1, edges)));

    assertTrue(rollout.harm());
    assertEquals(0.5, rollout.comparison().canaryValue());
    assertEquals(Double.POSITIVE_INFINITY, rollout.comparison().effect().upper());
  }

  @Test
  void nearlyEverythingInOneBucketIsStillComparedAndAFlightFromItIsHarm() {
    double[] edges = {1, 2, 5, 10};
    Supplier<Observed> inside =
        () ->
            Observed.Seen.of(
                telemetry.latency(300, 1, 0, 1, edges), telemetry.latency(2700, 1, 0, 1, edges));
    Supplier<Observed> outside =
        () ->
            Observed.Seen.of(
                telemetry.latency(300, 20, 0, 1, edges), telemetry.latency(2700, 1, 0, 1, edges));

    Rollout quiet = new Rollout(P99).watch(100, inside);
    Rollout slow = new Rollout(P99).watch(100, outside);

    assertFalse(quiet.harm());
    assertTrue(quiet.everSafe());
    assertTrue(slow.harm());
  }

  @Test
  void differentBucketsAreBroughtToTheirCommonEdges() {
    double[] finer = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.4, 0.5, 1, 2.5, 5, 10};
    Rollout slow = learned(P99);
    slow.watch(
        100,
        () ->
            Observed.Seen.of(telemetry.latency(300, 1.4, 0, 1, finer), telemetry.latency(2700, 1)));

    assertTrue(slow.harm());
  }

  @Test
  void aVersionThatLosesAnEdgeCarriesItsEvidenceOver() {
    double[] fewer = Arrays.stream(Telemetry.EDGES).filter(e -> e != 0.1).toArray();
    Rollout rollout = learned(P99).watch(4, latency(1.15));
    double before = rollout.comparison().logHarm();

    rollout.look(
        false,
        Observed.Seen.of(telemetry.latency(300, 1, 0, 1, fewer), telemetry.latency(2700, 1)));

    assertEquals(1500, rollout.comparison().canarySize(), "the step goes on");
    assertEquals(before, rollout.comparison().logHarm(), 1.0, "less a prior, plus one look");
  }

  @Test
  void cohortsWithoutACommonEdgeCannotBeMeasured() {
    Rollout rollout = learned(P99);
    rollout.look(
        true,
        Observed.Seen.of(
            telemetry.latency(300, 1, 0, 1, new double[] {0.3, 0.6}), telemetry.latency(2700, 1)));

    assertEquals(Finding.Shortage.NOT_MEASURABLE, rollout.insufficient().shortage());
  }

  @Test
  void aLatencyLimitIsBrokenAndKept() {
    MetricTest limit = new MetricTest.OfQuantileAgainstLimit(0.99, 0.5);

    Rollout broken = new Rollout(limit).watch(100, latency(1.6));
    Rollout kept = new Rollout(limit).watch(200, latency(0.8));

    assertTrue(broken.harm());
    assertEquals(0.5, broken.comparison().effect().lower(), "the band's end is the edge");
    assertFalse(kept.harm());
    assertTrue(kept.everSafe());
    assertTrue(kept.comparison().effect().upper() <= 0.5);
  }

  @Test
  void aLimitBelowTheFirstBucketIsNotMeasurable() {
    Rollout rollout = new Rollout(new MetricTest.OfQuantileAgainstLimit(0.99, 0.001));
    rollout.look(true, latency(1).get());

    assertEquals(Finding.Shortage.NOT_MEASURABLE, rollout.insufficient().shortage());
  }
}
