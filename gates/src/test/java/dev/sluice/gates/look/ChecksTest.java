package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Judgement;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** From findings to verdicts. */
class ChecksTest {
  private static final double THRESHOLD = Math.log(100);
  private static final Observed SEEN = new Observed.Seen(new Values(1), Optional.empty());

  private static Metric metric(Metric.Role role, OptionalLong minSamples) {
    return new Metric.Ratio(
        new Metric.Common(
            "m",
            "Error rate",
            Direction.HIGHER_IS_WORSE,
            role,
            Optional.empty(),
            Optional.empty(),
            minSamples,
            Metric.OnNoData.HOLD),
        "bad",
        "all");
  }

  private static Finding.Comparison compared(double logHarm, boolean safe, double canarySize) {
    return new Finding.Comparison(
        new Effect(Effect.Scale.RATIO, 0.9, 1, 1.1, 1.2),
        0.01,
        0.01,
        canarySize,
        9000,
        logHarm,
        0,
        false,
        safe,
        Finding.Tier.UNCALIBRATED,
        1);
  }

  private static Finding insufficient(Finding.Shortage shortage) {
    return new Finding.Insufficient(shortage, "Wait.", OptionalLong.empty(), 0, 0);
  }

  private static Observed absent(Absence why) {
    return new Observed.Absent(why, "No series matched.");
  }

  private static Check check(
      Metric metric, Observed observed, long absentLooks, Finding finding, boolean named) {
    Checks checks = new Checks(metric, observed, absentLooks, Duration.ofMinutes(1));
    checks.statistical(
        "m",
        Check.Kind.BASELINE,
        new Judgement(named, 0, THRESHOLD, named ? List.of("m") : List.of(), Map.of("m", finding)));
    return checks.all().getFirst();
  }

  private static Verdict verdict(Metric.Role role, Finding finding, boolean named) {
    return check(metric(role, OptionalLong.empty()), SEEN, 0, finding, named).verdict();
  }

  @Test
  void aGuardrailFailsWhenTheJointEvidenceNamesItAndOnlyThen() {
    assertEquals(Verdict.FAIL, verdict(Metric.Role.GUARDRAIL, compared(1, false, 10), true));
    assertEquals(
        Verdict.INCONCLUSIVE,
        verdict(Metric.Role.GUARDRAIL, compared(THRESHOLD + 1, true, 10), false),
        "its own evidence stands, but is not confirmed");
  }

  @Test
  void aSignalFailsWhileItsOwnEvidenceStands() {
    assertEquals(Verdict.FAIL, verdict(Metric.Role.SIGNAL, compared(THRESHOLD, false, 10), false));
    assertEquals(
        Verdict.INCONCLUSIVE,
        verdict(Metric.Role.SIGNAL, compared(THRESHOLD - 0.1, false, 10), true),
        "it has recovered");
  }

  @Test
  void safeIsSafe() {
    assertEquals(Verdict.PASS, verdict(Metric.Role.GUARDRAIL, compared(-1, true, 10), false));
    assertEquals(
        Verdict.INCONCLUSIVE, verdict(Metric.Role.GUARDRAIL, compared(-1, false, 10), false));
  }

  @Test
  void tooLittleIsInconclusiveAndNothingIsNoData() {
    assertEquals(
        Verdict.INCONCLUSIVE,
        verdict(Metric.Role.GUARDRAIL, insufficient(Finding.Shortage.LEARNING), false));
    assertEquals(
        Verdict.NO_DATA,
        verdict(Metric.Role.GUARDRAIL, insufficient(Finding.Shortage.NO_DATA), false));
  }

  @Test
  void anAbsenceSaysWhyWithTheWordsOfWhoeverLooked() {
    Check check =
        check(
            metric(Metric.Role.GUARDRAIL, OptionalLong.empty()),
            absent(Absence.NO_SERIES),
            4,
            compared(-1, true, 10),
            false);
    assertEquals(Verdict.NO_DATA, check.verdict());
    assertEquals("Error rate: No series matched.", check.sentence());
    assertEquals(4, check.absentLooks());
  }

  @Test
  void aFewEmptyLooksOfAQuietCanaryAreNoAbsence() {
    Metric metric = metric(Metric.Role.GUARDRAIL, OptionalLong.empty());
    Finding finding = compared(-1, true, 10);
    assertEquals(
        Verdict.PASS,
        check(metric, absent(Absence.NO_TRAFFIC), Evidence.THIN_LOOKS, finding, false).verdict());
    assertEquals(
        Verdict.NO_DATA,
        check(metric, absent(Absence.NO_TRAFFIC), Evidence.THIN_LOOKS + 1, finding, false)
            .verdict());
  }

  @Test
  void thePlansLeastNumberOfSamplesIsCounted() {
    Metric metric = metric(Metric.Role.GUARDRAIL, OptionalLong.of(500));
    assertFalse(check(metric, SEEN, 0, compared(-1, true, 499), false).enough());
    assertTrue(check(metric, SEEN, 0, compared(-1, true, 500), false).enough());
    assertFalse(check(metric, SEEN, 0, insufficient(Finding.Shortage.TOO_FEW), false).enough());
  }

  private static Verdict threshold(Observed observed, long absent, boolean broken, Finding f) {
    Checks checks =
        new Checks(
            metric(Metric.Role.GUARDRAIL, OptionalLong.empty()),
            observed,
            absent,
            Duration.ofMinutes(1));
    checks.threshold("m.max", Check.Kind.MAX, broken, f);
    return checks.all().getFirst().verdict();
  }

  @Test
  void aFixedBoundPassesOnlyOnAReading() {
    Finding none = insufficient(Finding.Shortage.NO_DATA);
    assertEquals(Verdict.PASS, threshold(SEEN, 0, false, compared(0, true, 10)));
    assertEquals(Verdict.FAIL, threshold(SEEN, 0, true, compared(0, false, 10)));
    assertEquals(Verdict.NO_DATA, threshold(absent(Absence.STALE), 1, false, none));
    assertEquals(Verdict.NO_DATA, threshold(SEEN, 0, false, none), "not a reading");
    assertEquals(
        Verdict.INCONCLUSIVE,
        threshold(absent(Absence.NO_TRAFFIC), 2, false, none),
        "a quiet look");
    assertEquals(
        Verdict.FAIL, threshold(absent(Absence.NO_TRAFFIC), 2, true, none), "still broken");
  }
}
