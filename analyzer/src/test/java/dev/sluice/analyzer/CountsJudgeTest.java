package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountsJudgeTest {
  private static final MetricTest ERRORS =
      new MetricTest.OfCounts(
          Direction.HIGHER_IS_WORSE, new Margin(0.10, 0.0005), new Margin(0.50, 0.001));

  private final Telemetry telemetry = new Telemetry(7);

  private Observed errors(double canaryRate, double baselineRate) {
    return Observed.Seen.of(
        telemetry.counts(600, canaryRate), telemetry.counts(5400, baselineRate));
  }

  @Test
  void threeTimesTheErrorsAreHarmAndTheMetricIsNamed() {
    Rollout rollout = new Rollout(ERRORS).watch(60, () -> errors(0.015, 0.005));

    assertTrue(rollout.harmAt() <= 15, "harm at " + rollout.harmAt());
    assertTrue(rollout.comparison().harmful());
    assertFalse(rollout.everSafe());
    assertTrue(rollout.comparison().effect().lower() > 1.1);
  }

  @Test
  void aHealthyCanaryIsProvenSafeAndNeverHarmful() {
    Rollout rollout = new Rollout(ERRORS).watch(120, () -> errors(0.005, 0.005));

    assertFalse(rollout.harm());
    assertTrue(rollout.safeAt() <= 60, "safe at " + rollout.safeAt());
    Effect effect = rollout.comparison().effect();
    assertTrue(effect.lower() <= 1 && effect.upper() >= 1 && effect.upper() < 1.5);
  }

  @Test
  void theEffectShownIsTheOneCountedAlsoWhenItBeganInMidStep() {
    Rollout rollout = new Rollout(ERRORS).watch(200, () -> errors(0.005, 0.005));
    rollout.watch(60, () -> errors(0.05, 0.005));

    Finding.Comparison shown = rollout.comparison();
    double counted = shown.canaryValue() / shown.baselineValue();
    assertTrue(shown.harmful());
    assertEquals(counted, shown.effect().estimate(), 1e-12);
    assertTrue(shown.effect().upper() >= counted, shown.effect().toString());
  }

  @Test
  void whatIsProvenSafeHasAnIntervalWithinTheMargin() {
    Rollout rollout = new Rollout(ERRORS);
    int safe = 0;
    for (int look = 0; look < 120; look++) {
      rollout.watch(1, () -> errors(0.005, 0.005));
      if (rollout.finding() instanceof Finding.Comparison c && c.safe()) {
        safe++;
        assertTrue(c.effect().upper() <= c.effect().margin(), c.effect().toString());
      }
    }
    assertTrue(safe > 10, "looks at which it was safe: " + safe);
  }

  @Test
  void safetyIsProvenAnewInEveryStep() {
    Rollout rollout = new Rollout(ERRORS).watch(120, () -> errors(0.005, 0.005));
    assertTrue(rollout.comparison().safe());

    rollout.look(true, errors(0.005, 0.005));

    assertFalse(rollout.comparison().safe());
    assertTrue(rollout.comparison().canarySize() < 1000, "values are those of the step");
  }

  @Test
  void evidenceOfHarmOutlivesAStep() {
    Rollout rollout = new Rollout(ERRORS).watch(4, () -> errors(0.02, 0.005));
    double before = rollout.comparison().logHarm();

    rollout.look(true, errors(0.02, 0.005));

    assertTrue(rollout.comparison().logHarm() > before);
  }

  @Test
  void noErrorsAtAllAreSafeOnceAnAbsoluteMarginCouldHaveBeenBroken() {
    Rollout rollout = new Rollout(ERRORS).watch(200, () -> errors(0, 0));

    assertTrue(rollout.safeAt() <= 80, "safe at " + rollout.safeAt());
    assertEquals(1, rollout.comparison().effect().estimate());
    assertEquals(0, rollout.comparison().effect().lower());
  }

  @Test
  void aNarrowAbsoluteMarginOnALargeRateCanBeProvenKept() {
    MetricTest narrow =
        new MetricTest.OfCounts(
            Direction.HIGHER_IS_WORSE, Margin.absolute(0.005), Margin.absolute(0.005));
    Rollout rollout =
        new Rollout(narrow)
            .watch(
                400,
                () ->
                    Observed.Seen.of(
                        telemetry.counts(20_000, 0.30), telemetry.counts(20_000, 0.30)));

    assertTrue(rollout.everSafe());
    assertFalse(rollout.harm());
    assertEquals(Effect.Scale.DIFFERENCE, rollout.comparison().effect().scale());
    assertEquals(0.005, rollout.comparison().effect().margin(), 1e-9);
  }

  @Test
  void aDropIsHarmWhereLowerIsWorse() {
    MetricTest orders =
        new MetricTest.OfCounts(
            Direction.LOWER_IS_WORSE, Margin.relative(0.05), Margin.relative(0.05));

    Rollout drop = new Rollout(orders).watch(200, () -> errors(0.03, 0.05));
    Rollout rise = new Rollout(orders).watch(200, () -> errors(0.08, 0.05));

    assertTrue(drop.harm());
    assertFalse(rise.harm());
    assertTrue(rise.everSafe());
  }

  @Test
  void eitherDirectionFindsBothAndIsSafeInBetween() {
    MetricTest either =
        new MetricTest.OfCounts(Direction.EITHER, Margin.relative(0.2), Margin.relative(0.2));

    assertTrue(new Rollout(either).watch(200, () -> errors(0.10, 0.05)).harm());
    assertTrue(new Rollout(either).watch(200, () -> errors(0.025, 0.05)).harm());
    Rollout same = new Rollout(either).watch(400, () -> errors(0.05, 0.05));
    assertFalse(same.harm());
    assertTrue(same.everSafe());
  }

  @Test
  void aSharedShockIsNoHarm() {
    int[] look = {0};
    Rollout rollout =
        new Rollout(ERRORS)
            .watch(
                200,
                () -> {
                  double rate = look[0]++ % 20 < 3 ? 0.2 : 0.005;
                  return errors(rate, rate);
                });

    assertFalse(rollout.harm());
  }

  @Test
  void podsAndProfileMakeTheDispersionACalibratedOne() {
    Judge judge =
        Judge.start(
            JudgeSettings.withDefaults(), List.of(new JudgedMetric(Rollout.METRIC, ERRORS, 1)));
    List<Counts> pods = List.of(new Counts(2, 400), new Counts(9, 400), new Counts(1, 400));

    Judgement judgement =
        judge.look(
            new Look(30, true),
            Map.of(Rollout.METRIC, errors(0.005, 0.005)),
            Map.of(Rollout.METRIC, new Pods(pods, 1)));

    assertTrue(
        judgement.findings().get(Rollout.METRIC) instanceof Finding.Comparison c
            && c.tier() == Finding.Tier.CALIBRATED,
        judgement.toString());
  }

  @Test
  void withoutDispersionThePromiseIsATheorem() {
    JudgeSettings exact = new JudgeSettings(0.01, 0.05, 86_400, 2, false, 1);
    Rollout rollout = new Rollout(exact, ERRORS).watch(1, () -> errors(0.005, 0.005));

    assertEquals(Finding.Tier.EXACT, rollout.comparison().tier());
    assertEquals(1, rollout.comparison().dispersion());
  }

  @Test
  void stickyUsersInflateTheDispersion() {
    JudgeSettings sticky = new JudgeSettings(0.01, 0.05, 86_400, 2, false, 4);
    Rollout rollout = new Rollout(sticky, ERRORS).watch(5, () -> errors(0.005, 0.005));

    assertEquals(4, rollout.comparison().dispersion());
  }

  @Test
  void aComparisonWithoutBaselineSaysWhatIsMissing() {
    Rollout rollout = new Rollout(ERRORS);
    rollout.look(true, new Observed.Seen(new Counts(1, 100), Optional.empty()));

    assertEquals(Finding.Shortage.NO_BASELINE, rollout.insufficient().shortage());
  }

  @Test
  void aThinLookLeavesTheFindingAsItWas() {
    Rollout rollout = new Rollout(ERRORS).watch(10, () -> errors(0.005, 0.005));
    Finding before = rollout.finding();

    rollout.look(false, Observed.Seen.of(new Counts(0, 0), new Counts(3, 500)));

    assertEquals(before, rollout.finding());
  }

  @Test
  void anUpperLimitIsBrokenAndKept() {
    MetricTest limit = new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, 0.01);

    Rollout broken = new Rollout(limit).watch(100, () -> errors(0.02, 0));
    Rollout kept = new Rollout(limit).watch(200, () -> errors(0.004, 0));

    assertTrue(broken.harm());
    assertEquals(0.01, broken.comparison().baselineValue());
    assertEquals(Effect.Scale.VALUE, broken.comparison().effect().scale());
    assertTrue(broken.comparison().effect().lower() > 0.01);
    assertFalse(kept.harm());
    assertTrue(kept.everSafe());
    assertTrue(kept.comparison().effect().upper() < 0.01);
  }

  @Test
  void aLowerLimitIsBrokenAndKept() {
    MetricTest limit = new MetricTest.OfCountsAgainstLimit(Direction.LOWER_IS_WORSE, 0.05);

    Rollout broken = new Rollout(limit).watch(100, () -> errors(0.03, 0));
    Rollout kept = new Rollout(limit).watch(200, () -> errors(0.09, 0));

    assertTrue(broken.harm());
    assertFalse(broken.everSafe());
    assertFalse(kept.harm());
    assertTrue(kept.everSafe());
  }

  @Test
  void aLimitNeedsNoBaseline() {
    MetricTest limit = new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, 0.01);
    Rollout rollout = new Rollout(limit);
    rollout.look(true, new Observed.Seen(new Counts(1, 100), Optional.empty()));

    assertEquals(0.01, rollout.comparison().canaryValue());
  }

  @Test
  void theSwiftPaceFindsALateRegressionSooner() {
    int swift = looksToALateRegression(JudgeSettings.Pace.SWIFT);
    int steady = looksToALateRegression(JudgeSettings.Pace.STEADY);
    assertTrue(swift <= 6 && swift < steady, swift + " looks, steady " + steady);
  }

  private static int looksToALateRegression(JudgeSettings.Pace pace) {
    Telemetry seeded = new Telemetry(77);
    Rollout rollout = new Rollout(JudgeSettings.withDefaults().with(pace), ERRORS);
    for (int i = 0; i < 60; i++) {
      rollout.look(i == 0, Observed.Seen.of(seeded.counts(600, 0.005), seeded.counts(600, 0.005)));
    }
    rollout.watch(60, () -> Observed.Seen.of(seeded.counts(600, 0.05), seeded.counts(600, 0.005)));
    return rollout.harmAt() - 60;
  }
}
