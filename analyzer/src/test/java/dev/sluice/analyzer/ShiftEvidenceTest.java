package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShiftEvidenceTest {
  private static final double ALPHA = 0.01;
  private static final double DAY = 86_400;

  /** Made with the Python prototype (numpy 2.4; the t tail with mpmath, 30 digits). */
  private static JsonNode vectors() throws IOException {
    try (InputStream in =
        ShiftEvidenceTest.class.getResourceAsStream("/shift-evidence-vectors.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    }
  }

  @Test
  void everyLookAgreesWithThePrototype() throws IOException {
    for (JsonNode vector : vectors().get("shift")) {
      ShiftEvidence evidence =
          ShiftEvidence.start(
              vector.get("falseAlarm").asDouble(),
              vector.get("horizonSeconds").asDouble(),
              vector.get("concurrent").asBoolean());
      for (int i = 0; i < vector.get("y").size(); i++) {
        boolean newStep = false;
        for (JsonNode step : vector.get("newSteps")) {
          newStep |= step.asInt() == i;
        }
        evidence.add(vector.get("y").get(i).asDouble(), vector.get("seconds").asDouble(), newStep);
        String where = vector.get("name").asText() + ", look " + i;
        assertClose(vector.get("logExact").get(i).asDouble(), evidence.logExact(), where);
        assertClose(vector.get("logE").get(i).asDouble(), evidence.logE(), where);
      }
    }
  }

  @Test
  void theTailAgreesWithFortyDigits() throws IOException {
    for (JsonNode point : vectors().get("tail")) {
      double x = point.get("x").asDouble();
      double n = point.get("n").asDouble();
      assertClose(point.get("logM").asDouble(), new StudentTail(n).logM(x), n + " at " + x);
    }
  }

  /**
   * The expectation over all directions in the plane and in space: for noise without preferred
   * direction, whatever its length, the evidence of independent points averages to at most one
   * (less than one because the smaller of two factors counts, and coarse values have a floor).
   */
  @Test
  void theExpectationIsAtMostOneOverAllDirectionsOfTheNoise() {
    int steps = 20_000;
    double two = 0;
    for (int i = 0; i < steps; i++) {
      double angle = 2 * Math.PI * (i + 0.5) / steps;
      two += exactAfter(Math.cos(angle), Math.sin(angle)) / steps;
    }
    assertTrue(two <= 1.001, "expectation " + two);
    assertTrue(two > 0.95, "expectation " + two);
    assertEquals(1, exactAfter(1) / 2 + exactAfter(-1) / 2, 1e-12);
    double three = 0;
    int rings = 300;
    for (int i = 0; i < rings; i++) {
      double height = 2 * (i + 0.5) / rings - 1;
      double radius = Math.sqrt(1 - height * height);
      for (int j = 0; j < rings; j++) {
        double angle = 2 * Math.PI * (j + 0.5) / rings;
        three +=
            exactAfter(radius * Math.cos(angle), height, radius * Math.sin(angle)) / rings / rings;
      }
    }
    assertTrue(three <= 1.001, "expectation " + three);
    assertTrue(three > 0.7, "expectation " + three);
  }

  private static double exactAfter(double... points) {
    ShiftEvidence evidence = ShiftEvidence.ofIndependentPoints(ALPHA, DAY);
    for (double y : points) {
      evidence.add(y, 60, false);
    }
    return Math.exp(evidence.logExact());
  }

  @Test
  void aRestoredJudgeGoesOnBitForBit() {
    Random random = new Random(5);
    ShiftEvidence live = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 70; i++) {
      double y = random.nextGaussian() + (i > 50 ? 4 : 0);
      ShiftEvidence restored = ShiftEvidence.restore(ALPHA, DAY, true, live.snapshot());
      assertEquals(live.add(y, 60, i == 30), restored.add(y, 60, i == 30));
      assertArrayEquals(live.snapshot(), restored.snapshot());
    }
  }

  @Test
  void aStateOfOtherSettingsIsRefused() {
    ShiftEvidence live = ShiftEvidence.start(ALPHA, DAY, true);
    live.add(1, 60, false);
    double[] state = live.snapshot();
    assertThrows(
        IllegalArgumentException.class, () -> ShiftEvidence.restore(0.05, DAY, true, state));
    assertThrows(
        IllegalArgumentException.class, () -> ShiftEvidence.restore(ALPHA, DAY, false, state));
    assertThrows(
        IllegalArgumentException.class,
        () -> ShiftEvidence.restore(ALPHA, DAY, true, new double[3]));
  }

  @Test
  void aSeriesThatNeverMovesSaysNothing() {
    ShiftEvidence still = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 50; i++) {
      assertEquals(0, still.add(0, 60, false), 1e-12);
    }
  }

  @Test
  void theFirstTickOfAStillGaugeIsNoProof() {
    ShiftEvidence still = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 50; i++) {
      still.add(0, 60, false);
    }
    assertTrue(still.add(1, 60, false) < Math.log(1 / ALPHA));
    assertTrue(still.add(0, 60, false) < 1);
  }

  @Test
  void aStillGaugeThatStaysHigherIsFound() {
    ShiftEvidence gauge = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 50; i++) {
      gauge.add(i % 5 == 0 ? 1 : 0, 60, false);
    }
    int looks = 0;
    while (gauge.logE() < Math.log(1 / ALPHA) && looks < 20) {
      gauge.add(4, 60, false);
      looks++;
    }
    assertTrue(looks <= 4, "looks " + looks);
  }

  @Test
  void theUnitDoesNotMatter() {
    Random random = new Random(8);
    ShiftEvidence one = ShiftEvidence.start(ALPHA, DAY, true);
    ShiftEvidence other = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 60; i++) {
      double y = random.nextGaussian() + (i >= 40 ? 2 : 0);
      one.add(y, 60, false);
      other.add(y * 3.7e-9, 60, false);
      assertEquals(one.logExact(), other.logExact(), 1e-9);
    }
  }

  @Test
  void aLateShiftIsFoundWithinFourLooks() {
    Random random = new Random(21);
    int found = 0;
    for (int run = 0; run < 20; run++) {
      ShiftEvidence evidence = ShiftEvidence.start(ALPHA, DAY, true);
      for (int i = 0; i < 120; i++) {
        evidence.add(random.nextGaussian(), 60, false);
      }
      for (int i = 0; i < 4; i++) {
        evidence.add(random.nextGaussian() + 8, 60, false);
      }
      found += evidence.logE() >= Math.log(1 / ALPHA) ? 1 : 0;
    }
    assertTrue(found >= 19, "found " + found);
  }

  @Test
  void aCanaryThatIsNoLongerBetterIsNotHarmful() {
    Random random = new Random(3);
    ShiftEvidence evidence = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 80; i++) {
      evidence.add(random.nextGaussian() - (i < 40 ? 6 : 0), 60, false);
      assertTrue(evidence.logE() < 2, "look " + i + ": " + evidence.logE());
    }
  }

  @Test
  void aStandingOffsetToAnotherPeriodIsNoProof() {
    Random random = new Random(4);
    ShiftEvidence shifted = ShiftEvidence.start(ALPHA, DAY, false);
    ShiftEvidence concurrent = ShiftEvidence.start(ALPHA, DAY, true);
    for (int i = 0; i < 60; i++) {
      double y = 3 + random.nextGaussian();
      shifted.add(y, 60, false);
      concurrent.add(y, 60, false);
    }
    assertTrue(shifted.logE() < 1, "against another period " + shifted.logE());
    assertTrue(concurrent.logE() > Math.log(1 / ALPHA), "concurrent " + concurrent.logE());
  }

  @Test
  void twoGlitchesInARowAreNotEnough() {
    Random random = new Random(6);
    for (double size : new double[] {10, 100, 1e9}) {
      ShiftEvidence evidence = ShiftEvidence.start(ALPHA, DAY, true);
      for (int i = 0; i < 200; i++) {
        evidence.add(random.nextGaussian(), 60, false);
      }
      evidence.add(size, 60, false);
      evidence.add(size, 60, false);
      evidence.add(0, 60, false);
      assertTrue(evidence.logE() < Math.log(1 / ALPHA), size + " leaves " + evidence.logE());
    }
  }

  @Test
  void onsetsAreThinnedToAFewPerOctave() {
    Random random = new Random(7);
    ShiftEvidence evidence = ShiftEvidence.start(ALPHA, DAY, true);
    int most = 0;
    for (int i = 0; i < 1440; i++) {
      evidence.add(random.nextGaussian(), 60, false);
      most = Math.max(most, evidence.onsets());
    }
    assertTrue(most <= 45, "onsets " + most);
  }

  @Test
  void falseAlarmsStayWithinThePromise() {
    assertTrue(alarms(0, 150, 40) <= 4);
    assertTrue(alarms(0.5, 150, 40) <= 4);
    assertTrue(alarms(0.95, 150, 40) <= 7);
  }

  /** Alarms on two successive looks among runs of a stationary series without effect. */
  private static int alarms(double r, int runs, int looks) {
    Random random = new Random(99);
    int alarms = 0;
    for (int run = 0; run < runs; run++) {
      ShiftEvidence evidence = ShiftEvidence.start(ALPHA, DAY, true);
      double y = random.nextGaussian();
      int streak = 0;
      boolean alarm = false;
      for (int i = 0; i < looks; i++) {
        streak = evidence.add(y, 60, false) >= Math.log(1 / ALPHA) ? streak + 1 : 0;
        alarm |= streak >= 2;
        y = r * y + Math.sqrt(1 - r * r) * random.nextGaussian();
      }
      alarms += alarm ? 1 : 0;
    }
    return alarms;
  }

  private static void assertClose(double expected, double actual, String where) {
    assertEquals(expected, actual, 1e-9 * Math.max(1, Math.abs(expected)), where);
  }
}
