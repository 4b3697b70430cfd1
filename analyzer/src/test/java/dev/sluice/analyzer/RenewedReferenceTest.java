package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A latency reference that was learned in a bad hour does not stand for the whole rollout. */
class RenewedReferenceTest {
  private static final MetricTest P99 =
      new MetricTest.OfQuantile(0.99, Margin.relative(0.05), Margin.relative(0.15));
  private static final double COLD = 6;

  private final Telemetry telemetry = new Telemetry(23);

  private Observed latency(double canary, double baseline) {
    return Observed.Seen.of(telemetry.latency(300, canary), telemetry.latency(900, baseline));
  }

  private Rollout coldStart(JudgeSettings settings) {
    Rollout rollout = new Rollout(settings, P99);
    rollout.judge().learn(Rollout.METRIC, telemetry.latency(30_000, COLD));
    return rollout;
  }

  private static JudgeSettings steady() {
    return JudgeSettings.withDefaults().with(JudgeSettings.Pace.STEADY);
  }

  @Test
  void afterAColdHourAHarmlessCanaryIsStillProvenSafe() {
    Rollout renewed = coldStart(JudgeSettings.withDefaults());
    Rollout fixed = coldStart(steady());
    for (int i = 0; i < 400; i++) {
      renewed.look(i == 0, latency(1, 1));
      fixed.look(i == 0, latency(1, 1));
    }

    assertFalse(fixed.everSafe(), "with the cold reference nothing is ever proven");
    assertTrue(renewed.safeAt() <= 240, "safe at " + renewed.safeAt());
    assertFalse(renewed.harm());
  }

  @Test
  void theNextStepBeginsWithTheReferenceOfTheLast() {
    Rollout rollout = coldStart(JudgeSettings.withDefaults());
    for (int i = 0; i < 59; i++) {
      rollout.look(i == 0, latency(1, 1));
    }
    assertFalse(rollout.everSafe(), "no renewal yet");
    int looks = 0;
    while (!rollout.everSafe() && looks < 200) {
      rollout.look(looks++ == 0, latency(1, 1));
    }
    assertTrue(looks <= 120, "safe after " + looks + " looks of the step");
  }

  @Test
  void aSlowerCanaryIsFoundThroughRenewals() {
    Rollout rollout = new Rollout(P99);
    for (int i = 0; i < 130; i++) {
      rollout.look(i == 0 || i == 90, latency(1, 1));
    }
    assertFalse(rollout.harm());

    int before = 130;
    for (int i = 0; i < 100 && !rollout.harm(); i++) {
      rollout.look(false, latency(1.5, 1));
      before++;
    }
    assertTrue(rollout.harm() && before <= 160, "harm at " + before);
  }

  @Test
  void evidenceOfHarmIsNotLostByARenewal() {
    Rollout rollout = new Rollout(P99);
    for (int i = 0; i < 59; i++) {
      rollout.look(i == 0, latency(1.08, 1));
    }
    double before = rollout.comparison().logHarm();
    rollout.look(false, latency(1.08, 1));
    rollout.look(false, latency(1.08, 1));
    double after = rollout.comparison().logHarm();

    assertEquals(before, after, 3, "goes on from where it was");
  }

  @Test
  void aCanaryAtTheMarginIsHardlyEverCalledSafeHoweverOftenTheReferenceIsRenewed() {
    int safe = 0;
    for (int run = 0; run < 40; run++) {
      Rollout rollout = coldStart(JudgeSettings.withDefaults());
      for (int i = 0; i < 260; i++) {
        rollout.look(i == 0 || i == 70, latency(1.15, 1));
      }
      safe += rollout.everSafe() ? 1 : 0;
    }
    assertTrue(safe <= 5, safe + " of 40 at a nominal 5 percent");
  }

  @Test
  void aSnapshotAtAnyLookGoesOnBitForBit() {
    List<JudgedMetric> metrics = List.of(new JudgedMetric("p99", P99, 1));
    Judge one = Judge.start(JudgeSettings.withDefaults(), metrics);
    Judge other = Judge.start(JudgeSettings.withDefaults(), metrics);
    for (int i = 0; i < 200; i++) {
      Observed seen = latency(1, i < 30 ? COLD : 1);
      Look look = new Look(30, i == 0 || i == 75);
      other = Judge.restore(JudgeSettings.withDefaults(), metrics, other.snapshot());
      assertEquals(
          one.look(look, Map.of("p99", seen)), other.look(look, Map.of("p99", seen)), "look " + i);
      assertArrayEquals(one.snapshot(), other.snapshot());
    }
    assertInstanceOf(
        Finding.Comparison.class, one.look(new Look(30, false), Map.of()).findings().get("p99"));
  }
}
