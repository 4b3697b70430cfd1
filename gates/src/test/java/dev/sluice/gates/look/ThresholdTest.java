package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Moments;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.Values;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThresholdTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Observed seen(Sample canary) {
    return new Observed.Seen(canary, Optional.empty());
  }

  private static Observed reading(double value) {
    return seen(new Values(value));
  }

  private static final Observed ABSENT = new Observed.Absent(Absence.STALE, "old");

  private static Threshold max(double bound, Duration sustained) {
    return new Threshold(bound, true, sustained);
  }

  private static void look(Threshold threshold, Observed... observed) {
    for (Observed o : observed) {
      threshold.look(o, MINUTE, false);
    }
  }

  @Test
  void oneWildReadingIsNotARegressionTwoInARowAre() {
    Threshold threshold = max(5, Duration.ZERO);
    look(threshold, reading(99));
    assertFalse(threshold.broken());
    look(threshold, reading(5), reading(99));
    assertFalse(threshold.broken(), "the bound itself is within");
    look(threshold, reading(5.01));
    assertTrue(threshold.broken());
  }

  @Test
  void theReadingMustLieBeyondForTheTimeThePlanNames() {
    Threshold threshold = max(5, Duration.ofMinutes(3));
    look(threshold, reading(6), reading(6));
    assertFalse(threshold.broken());
    look(threshold, reading(6));
    assertTrue(threshold.broken());
    look(threshold, reading(4));
    assertFalse(threshold.broken(), "it has recovered");
  }

  @Test
  void absenceNeitherHelpsNorHarms() {
    Threshold threshold = max(5, Duration.ofMinutes(3));
    look(threshold, reading(6), ABSENT, reading(6), ABSENT);
    assertFalse(threshold.broken());
    look(threshold, reading(6), ABSENT);
    assertTrue(threshold.broken());
  }

  @Test
  void aLowerBoundIsBrokenFromBelow() {
    Threshold threshold = new Threshold(5, false, Duration.ZERO);
    look(threshold, reading(5), reading(5));
    assertFalse(threshold.broken());
    look(threshold, reading(4.9), reading(4.9));
    assertTrue(threshold.broken());
  }

  @Test
  void aMeanIsItsSumOverItsCount() {
    Threshold threshold = max(5, Duration.ZERO);
    look(threshold, seen(new Moments(60, 10)), seen(new Moments(60, 10)));
    assertTrue(threshold.broken());
    Finding.Comparison finding =
        assertInstanceOf(Finding.Comparison.class, threshold.finding(seen(new Moments(60, 10))));
    assertEquals(6, finding.canaryValue());
    assertEquals(5, finding.baselineValue());
    assertEquals(20, finding.canarySize(), "the plan's least number of samples can be reached");
    assertTrue(finding.harmful());
    assertFalse(finding.safe());
  }

  @Test
  void theUnitsAreThoseOfTheStep() {
    Threshold threshold = max(5, Duration.ZERO);
    look(threshold, seen(new Moments(1, 10)), ABSENT, seen(new Moments(1, 10)));
    threshold.look(seen(new Moments(1, 7)), MINUTE, true);
    Finding.Comparison finding =
        assertInstanceOf(Finding.Comparison.class, threshold.finding(seen(new Moments(1, 7))));
    assertEquals(7, finding.canarySize());
  }

  @Test
  void whatHasNoReadingIsNotCompared() {
    Threshold threshold = max(5, Duration.ZERO);
    assertInstanceOf(Finding.Insufficient.class, threshold.finding(ABSENT));
    assertInstanceOf(Finding.Insufficient.class, threshold.finding(seen(new Moments(0, 0))));
    assertInstanceOf(Finding.Insufficient.class, threshold.finding(seen(new Counts(1, 2))));
  }

  @Test
  void aRestoredThresholdGoesOn() {
    Threshold threshold = max(5, Duration.ofMinutes(3));
    look(threshold, reading(6), reading(6));
    Threshold restored = max(5, Duration.ofMinutes(3));
    restored.restore(threshold.snapshot());
    assertArrayEquals(threshold.snapshot(), restored.snapshot());
    look(restored, reading(6));
    assertTrue(restored.broken());
    assertThrows(IllegalArgumentException.class, () -> restored.restore(new double[] {1}));
  }
}
