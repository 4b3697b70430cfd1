package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SeriesJudgeTest {
  private static final MetricTest CPU =
      new MetricTest.OfValue(Direction.HIGHER_IS_WORSE, Margin.relative(0.1), Margin.relative(0.5));
  private static final MetricTest BASKET =
      new MetricTest.OfMean(Direction.LOWER_IS_WORSE, Margin.relative(0.05), Margin.relative(0.1));

  private final Telemetry telemetry = new Telemetry(5);

  private Supplier<Observed> cpu(double canary, double baseline) {
    return () -> Observed.Seen.of(telemetry.value(canary, 3), telemetry.value(baseline, 3));
  }

  private Supplier<Observed> basket(double canary) {
    return () ->
        Observed.Seen.of(telemetry.moments(40, canary, 20), telemetry.moments(360, 50, 20));
  }

  @Test
  void aGaugeThatRisesIsHarm() {
    Rollout rollout = new Rollout(CPU).watch(200, cpu(70, 50));

    assertTrue(rollout.harm());
    assertFalse(rollout.everSafe());
  }

  @Test
  void aGaugeThatStaysIsProvenSafe() {
    Rollout rollout = new Rollout(CPU).watch(120, cpu(50, 50));

    assertFalse(rollout.harm());
    assertTrue(rollout.safeAt() <= 60, "safe at " + rollout.safeAt());
    Effect effect = rollout.comparison().effect();
    assertEquals(Effect.Scale.RATIO, effect.scale());
    assertEquals(1.5, effect.margin(), 1e-9);
    assertTrue(effect.lower() < 1 && effect.upper() > 1 && effect.upper() < 1.1, "" + effect);
  }

  @Test
  void theFirstLooksLearnTheNoiseAndSayHowMany() {
    Rollout rollout = new Rollout(CPU).watch(1, cpu(50, 50));

    assertEquals(Finding.Shortage.TOO_FEW, rollout.insufficient().shortage());
    assertEquals(10, rollout.insufficient().looksMissing().orElseThrow());
  }

  @Test
  void historyOfDifferencesSparesTheWait() {
    double[] history = new double[120];
    for (int i = 0; i < history.length; i++) {
      history[i] = telemetry.normal(0, 4.2);
    }
    Rollout without = new Rollout(CPU).watch(300, cpu(75, 50));
    Rollout with = new Rollout(CPU);
    with.judge().learnDifferences(Rollout.METRIC, history);
    with.watch(300, cpu(75, 50));

    assertTrue(with.harmAt() < without.harmAt(), with.harmAt() + " and " + without.harmAt());
    assertEquals(Finding.Tier.CALIBRATED, with.comparison().tier());
  }

  @Test
  void valuesThatNeverMoveAreComparedAndSafeWithinTheMargin() {
    Rollout rollout =
        new Rollout(CPU).watch(60, () -> Observed.Seen.of(new Values(0), new Values(0)));

    assertFalse(rollout.harm());
    assertTrue(rollout.everSafe());
    assertEquals(0, rollout.comparison().effect().estimate());
  }

  @Test
  void aBasketThatShrinksIsHarmAndOneThatStaysIsSafe() {
    Rollout drop = new Rollout(BASKET).watch(300, basket(38));
    Rollout same = new Rollout(BASKET).watch(300, basket(50));

    assertTrue(drop.harm());
    assertFalse(same.harm());
    assertTrue(same.everSafe());
    assertEquals(0.9, same.comparison().effect().margin(), 1e-9);
  }

  @Test
  void fewValuesArePooledUntilAMeanMeansSomething() {
    Rollout rollout = new Rollout(BASKET);
    for (int i = 0; i < 7; i++) {
      rollout.look(
          i == 0, Observed.Seen.of(telemetry.moments(4, 50, 20), telemetry.moments(36, 50, 20)));
    }
    assertEquals(0, rollout.insufficient().canarySize(), "28 values are not enough yet");

    rollout.look(
        false, Observed.Seen.of(telemetry.moments(4, 50, 20), telemetry.moments(36, 50, 20)));

    assertEquals(32, rollout.insufficient().canarySize());
    assertEquals(80, rollout.insufficient().looksMissing().orElseThrow());
  }

  @Test
  void eitherDirectionOfAValueFindsBoth() {
    MetricTest either =
        new MetricTest.OfValue(Direction.EITHER, Margin.absolute(5), Margin.absolute(5));

    assertTrue(new Rollout(either).watch(300, cpu(70, 50)).harm());
    assertTrue(new Rollout(either).watch(300, cpu(30, 50)).harm());
    Rollout same = new Rollout(either).watch(300, cpu(50, 50));
    assertFalse(same.harm());
    assertTrue(same.everSafe());
    assertEquals(Effect.Scale.DIFFERENCE, same.comparison().effect().scale());
  }

  @Test
  void aValueThatRisesLateIsHarmWithinAFewLooks() {
    Rollout rollout = new Rollout(CPU);
    for (int i = 0; i < 60; i++) {
      rollout.look(i == 0, cpu(50, 50).get());
    }
    rollout.watch(5, cpu(80, 50));

    assertTrue(rollout.harm());
  }

  @Test
  void aValueThatFallsLateIsHarmWhereLowerIsWorse() {
    MetricTest throughput =
        new MetricTest.OfValue(
            Direction.LOWER_IS_WORSE, Margin.relative(0.1), Margin.relative(0.1));
    Rollout fall = new Rollout(throughput);
    Rollout rise = new Rollout(throughput);
    for (int i = 0; i < 60; i++) {
      fall.look(i == 0, cpu(50, 50).get());
      rise.look(i == 0, cpu(50, 50).get());
    }

    assertTrue(fall.watch(5, cpu(25, 50)).harm());
    assertFalse(rise.watch(30, cpu(80, 50)).harm());
  }

  /** A wild reading may look like proof once; silence after it must not confirm it. */
  @Test
  void oneWildReadingIsNotConfirmedByLooksThatBringNothing() {
    Rollout rollout = new Rollout(CPU);
    for (int i = 0; i < 19; i++) {
      rollout.look(i == 0, cpu(50, 50).get());
    }
    rollout.look(false, Observed.Seen.of(new Values(1e6), new Values(50)));
    for (int i = 0; i < 5; i++) {
      rollout.look(false, new Observed.Absent(Absence.STALE, "nothing new"));
    }

    assertFalse(rollout.harm());
  }

  @Test
  void aBaselineOfAnotherPeriodProvesNothingByAStandingDifference() {
    Judge judge =
        Judge.start(
            JudgeSettings.withDefaults(),
            java.util.List.of(new JudgedMetric("cpu", CPU, 1, false)));
    Judgement last = judge.look(new Look(30, true), java.util.Map.of("cpu", cpu(80, 50).get()));
    for (int i = 0; i < 80; i++) {
      last = judge.look(new Look(30, false), java.util.Map.of("cpu", cpu(80, 50).get()));
      assertFalse(last.harm(), "look " + i);
    }
    assertTrue(
        last.findings().get("cpu") instanceof Finding.Comparison c
            && c.tier() == Finding.Tier.ANOTHER_PERIOD);
    for (int i = 0; i < 6; i++) {
      last = judge.look(new Look(30, false), java.util.Map.of("cpu", cpu(160, 50).get()));
    }
    assertTrue(last.harm(), "a rise within the rollout still counts");
  }

  @Test
  void valuesThatAreNearlyAlwaysZeroRaiseNoAlarm() {
    MetricTest queue =
        new MetricTest.OfValue(
            Direction.HIGHER_IS_WORSE, Margin.relative(0.1), Margin.relative(0.5));
    int alarms = 0;
    for (int run = 0; run < 60; run++) {
      alarms +=
          new Rollout(queue)
                  .watch(
                      60,
                      () ->
                          Observed.Seen.of(
                              new Values(telemetry.poisson(0.05)),
                              new Values(telemetry.poisson(0.05))))
                  .harm()
              ? 1
              : 0;
    }
    assertTrue(alarms <= 4, "alarms " + alarms);
  }
}
