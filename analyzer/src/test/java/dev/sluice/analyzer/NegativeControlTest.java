package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NegativeControlTest {
  private static final MetricTest.OfCounts ERRORS =
      new MetricTest.OfCounts(
          Direction.HIGHER_IS_WORSE, new Margin(0.10, 0.0005), new Margin(0.50, 0.001));
  private static final JudgeSettings SETTINGS = JudgeSettings.withDefaults();
  private static final Look LOOK = new Look(60, false);

  private static NegativeControl watch(long seed, int looks, double rateOfTheFew) {
    Telemetry telemetry = new Telemetry(seed);
    NegativeControl control = NegativeControl.start(ERRORS, SETTINGS);
    for (int i = 0; i < looks; i++) {
      control.look(telemetry.counts(600, rateOfTheFew), telemetry.counts(3000, 0.01), LOOK, 1);
    }
    return control;
  }

  @Test
  void podsThatAreAlikeHardlyEverSetItOff() {
    int alarms = 0;
    for (int seed = 0; seed < 150; seed++) {
      alarms += watch(seed, 400, 0.01).alarmed() ? 1 : 0;
    }
    assertTrue(alarms <= 4, alarms + " of 150 at a nominal 1 percent");
  }

  @Test
  void podsThatDifferSetItOffWhicheverWay() {
    assertTrue(watch(1, 200, 0.02).alarmed());
    assertTrue(watch(1, 400, 0.004).alarmed());
  }

  @Test
  void theDispersionThatIsReckonedWithAlreadyIsNoNews() {
    Telemetry telemetry = new Telemetry(5);
    NegativeControl control = NegativeControl.start(ERRORS, SETTINGS);
    for (int i = 0; i < 60; i++) {
      control.look(telemetry.counts(600, 0.013), telemetry.counts(3000, 0.01), LOOK, 20);
    }
    assertFalse(control.alarmed());
  }

  @Test
  void aGroupWithoutTrafficIsLeftOut() {
    NegativeControl control = NegativeControl.start(ERRORS, SETTINGS);
    control.look(new Counts(5, 0), new Counts(1, 100), LOOK, 1);
    control.look(new Counts(5, 10), new Counts(1, 0), LOOK, 1);
    assertEquals(0, control.largest());
  }

  @Test
  void aSnapshotGoesOnBitForBitAndAStrangersIsRefused() {
    NegativeControl one = watch(3, 100, 0.011);
    NegativeControl other = NegativeControl.restore(ERRORS, SETTINGS, one.snapshot());
    one.look(new Counts(9, 600), new Counts(30, 3000), LOOK, 1);
    other.look(new Counts(9, 600), new Counts(30, 3000), LOOK, 1);

    assertArrayEquals(one.snapshot(), other.snapshot());
    assertThrows(
        IllegalArgumentException.class,
        () -> NegativeControl.restore(ERRORS, SETTINGS, new double[] {7, 1, 2}));
  }

  @Test
  void whatNoiseAloneReachesIsNotHeldAgainstTheCanary() {
    Telemetry telemetry = new Telemetry(8);
    List<JudgedMetric> metrics = List.of(new JudgedMetric("errors", ERRORS, 1));
    Judge trusting = Judge.start(SETTINGS, metrics);
    Judge warned = Judge.start(SETTINGS, metrics);
    int trustingAt = 0;
    int warnedAt = 0;
    Judgement last = trusting.look(LOOK, Map.of());
    for (int i = 1; i <= 200 && warnedAt == 0; i++) {
      Map<String, Observed> seen =
          Map.of(
              "errors",
              Observed.Seen.of(telemetry.counts(600, 0.02), telemetry.counts(3000, 0.01)));
      trustingAt = trusting.look(LOOK, seen).harm() && trustingAt == 0 ? i : trustingAt;
      last = warned.look(LOOK, seen, Map.of(), Map.of("errors", 6.0));
      warnedAt = last.harm() ? i : 0;
    }
    assertTrue(trustingAt > 0 && trustingAt < warnedAt, trustingAt + " before " + warnedAt);
    Finding.Comparison c =
        assertInstanceOf(Finding.Comparison.class, last.findings().get("errors"));
    assertEquals(Finding.Tier.NOISY, c.tier());
    assertTrue(c.logHarm() >= last.threshold(), "it is still found, beyond what noise reached");
  }
}
