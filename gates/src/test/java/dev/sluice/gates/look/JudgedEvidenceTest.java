package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Evidence of plans with metrics, through the real judge. */
class JudgedEvidenceTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Observed STALE = new Observed.Absent(Absence.STALE, "No fresh samples.");

  private final SplittableRandom random = new SplittableRandom(4);

  /** One look after another, each told what every metric says. */
  private static final class Watch {
    private final Plan plan;
    private Evidence evidence;
    private long look;

    Watch(Plan plan) {
      this.plan = plan;
      this.evidence = Evidence.start(plan);
    }

    Assessment look(Map<String, Observed> metrics) {
      look++;
      Observations observations =
          new Observations(
              Window.ofLook(START, Duration.ofMinutes(1), look),
              metrics,
              new Observations.Traffic.NotAsked(),
              List.of());
      return evidence.look(plan.steps().getFirst(), look == 1, true, observations);
    }

    void restart() {
      evidence = Evidence.restore(plan, evidence.snapshot());
    }
  }

  private double draw(double mean) {
    return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
  }

  private Observed errors(double canaryRate) {
    return Observed.Seen.of(
        new Counts(draw(600 * canaryRate), 600), new Counts(draw(5400 * 0.02), 5400));
  }

  private Observed basket(double canaryMean) {
    return Observed.Seen.of(
        new Moments(draw(60 * canaryMean), 60), new Moments(draw(540 * 40.0), 540));
  }

  private static Plan plan(Metric... metrics) {
    return Draft.brief()
        .with(d -> d.metrics = List.of(metrics))
        .steps(s -> s.metrics = Draft.ids(metrics))
        .plan();
  }

  @Test
  void aGuardrailThatGetsWorseIsProvenWorseAndNamed() {
    Watch watch = new Watch(plan(Draft.errors(), Draft.basket()));
    Assessment assessment = watch.look(Map.of("errors", errors(0.02), "basket", basket(40)));
    for (int k = 0; k < 60 && !assessment.harm(); k++) {
      assessment = watch.look(Map.of("errors", errors(0.06), "basket", basket(40)));
    }

    assertTrue(assessment.harm());
    assertEquals(List.of("errors"), assessment.culprits());
    Check check = assessment.checks().getFirst();
    assertEquals(Verdict.FAIL, check.verdict());
    assertTrue(check.sentence().startsWith("Error rate is proven worse: "), check.sentence());
  }

  @Test
  void aHarmlessCanaryIsProvenSafeAndNoHarmIsFound() {
    Watch watch = new Watch(plan(Draft.errors()));
    Assessment assessment = watch.look(Map.of("errors", errors(0.018)));
    for (int k = 0; k < 600; k++) {
      assessment = watch.look(Map.of("errors", errors(0.018)));
      assertFalse(assessment.harm(), "look " + k);
    }
    assertEquals(Verdict.PASS, assessment.checks().getFirst().verdict());
    assertTrue(assessment.checks().getFirst().enough());
  }

  @Test
  void aSignalNeverCountsAsHarmOfTheGuardrails() {
    Watch watch = new Watch(plan(Draft.errors(), Draft.basket()));
    Assessment assessment = watch.look(Map.of("errors", errors(0.02), "basket", basket(40)));
    for (int k = 0; k < 120; k++) {
      assessment = watch.look(Map.of("errors", errors(0.02), "basket", basket(60)));
    }
    assertFalse(assessment.harm());
    assertEquals(Verdict.FAIL, assessment.checks().getLast().verdict());
  }

  @Test
  void absencesAreCountedAndTheLookIsNotUsable() {
    Watch watch = new Watch(plan(Draft.errors(), Draft.basket()));
    watch.look(Map.of("errors", errors(0.02), "basket", basket(40)));
    watch.look(Map.of("errors", STALE, "basket", basket(40)));

    Assessment assessment = watch.look(Map.of("errors", STALE, "basket", basket(40)));

    assertFalse(assessment.usable());
    assertEquals(Verdict.NO_DATA, assessment.checks().getFirst().verdict());
    assertEquals(2, assessment.checks().getFirst().absentLooks());
    assertEquals("Error rate: No fresh samples.", assessment.checks().getFirst().sentence());
    assertTrue(
        watch.look(Map.of("errors", errors(0.02), "basket", STALE)).usable(),
        "a signal may be missing");
  }

  @Test
  void aMetricThatWasNotAnsweredAtAllIsAbsent() {
    Watch watch = new Watch(plan(Draft.errors()));
    Assessment assessment = watch.look(Map.of());
    assertEquals(Verdict.NO_DATA, assessment.checks().getFirst().verdict());
    assertFalse(assessment.usable());
  }

  @Test
  void aQuietCanaryHasEmptyLooksAndIsNotAbsentForThat() {
    Observed quiet = new Observed.Absent(Absence.NO_TRAFFIC, "The canary had no request.");
    Watch watch = new Watch(plan(Draft.errors()));
    watch.look(Map.of("errors", errors(0.02)));
    for (int k = 0; k < Evidence.THIN_LOOKS; k++) {
      assertTrue(watch.look(Map.of("errors", quiet)).usable(), "look " + k);
    }
    assertFalse(watch.look(Map.of("errors", quiet)).usable());
    assertTrue(watch.look(Map.of("errors", errors(0.02))).usable());
  }

  private static Metric gauge(OptionalLong minSamples) {
    Metric.Common common =
        Draft.limited(
            Draft.common("gc", "GC pause", Metric.Role.GUARDRAIL, Metric.OnNoData.HOLD),
            OptionalDouble.of(0.5),
            OptionalDouble.empty(),
            Duration.ofMinutes(3));
    return new Metric.Value(
        new Metric.Common(
            common.id(),
            common.title(),
            common.worseWhen(),
            common.role(),
            common.tolerance(),
            common.limit(),
            minSamples,
            common.onNoData()),
        "max(gc{$cohort})");
  }

  private static Map<String, Observed> gauge(double canary) {
    return Map.of("gc", Observed.Seen.of(new Values(canary), new Values(0.2)));
  }

  private static Check limit(Assessment assessment) {
    return assessment.checks().stream()
        .filter(c -> c.kind() == Check.Kind.MAX)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFixedBoundOnAGaugeIsBrokenAfterTheTimeThePlanNames() {
    Watch watch = new Watch(plan(gauge(OptionalLong.empty())));
    assertEquals(Verdict.PASS, limit(watch.look(gauge(0.2))).verdict());
    assertEquals(Verdict.PASS, limit(watch.look(gauge(0.9))).verdict());
    assertEquals(Verdict.PASS, limit(watch.look(gauge(0.9))).verdict());

    Check broken = limit(watch.look(gauge(0.9)));

    assertEquals(Verdict.FAIL, broken.verdict());
    assertEquals("gc.max", broken.id());
    assertEquals(
        "GC pause is above its limit: 0.9 on the canary, at most 0.5 is allowed.",
        broken.sentence());
    assertEquals(Verdict.PASS, limit(watch.look(gauge(0.3))).verdict());
  }

  @Test
  void theLeastNumberOfSamplesCanBeReachedByAGauge() {
    Watch watch = new Watch(plan(gauge(OptionalLong.of(3))));
    assertFalse(limit(watch.look(gauge(0.2))).enough());
    assertFalse(limit(watch.look(gauge(0.2))).enough());
    assertTrue(limit(watch.look(gauge(0.2))).enough());
  }

  @Test
  void restoredEvidenceGoesOnBitForBit() {
    Metric[] metrics = {Draft.errors(), Draft.basket(), gauge(OptionalLong.of(5))};
    Watch one = new Watch(plan(metrics));
    Watch other = new Watch(plan(metrics));
    for (int k = 0; k < 150; k++) {
      Map<String, Observed> seen = new HashMap<>();
      seen.put("errors", k % 9 == 4 ? STALE : errors(k < 100 ? 0.02 : 0.05));
      seen.put("basket", basket(40));
      seen.put("gc", k % 7 == 0 ? STALE : gauge(0.4 + (k % 5) * 0.05).get("gc"));

      assertEquals(one.look(seen), other.look(seen), "look " + k);
      other.restart();
    }
  }
}
