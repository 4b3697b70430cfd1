package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTestTest {

  /**
   * Reference: SciPy 1.17.1, {@code betaln(.5+x, .5+n-x) - betaln(.5, .5) - x*log(q) -
   * (n-x)*log(1-q)} with q = x/n clipped to the tolerance.
   */
  @ParameterizedTest
  @CsvSource({
    "400, 20000, 0.01, 10.3196162423",
    "5600, 10000, 0.5, 19.80839225",
    "50, 1000000, 0, -7.13438007068",
    "123456789, 1000000000, 0.1, 344115.121622",
    "0, 3000, 0.01, 10.5376023037",
    "940, 1000, 1, -2.68838044797",
    "10.5, 1000.25, 0.01, -3.68388554753",
  })
  void theEvidenceIsTheOneOfTheFormula(double x, double n, double share, double expected) {
    assertEquals(
        expected, SplitTest.logEvidence(share, x, n), 1e-9 * Math.max(1, Math.abs(expected)));
  }

  @Test
  void theToleranceIsWhatTheJavadocSays() {
    assertEquals(0.005, SplitTest.tolerance(0.01), 5e-5);
    assertEquals(0.015, SplitTest.tolerance(0.1), 1e-12);
    assertEquals(0.025, SplitTest.tolerance(0.5), 1e-12);
    assertEquals(0, SplitTest.least(0));
    assertEquals(0.005, SplitTest.most(0));
    assertEquals(0.95, SplitTest.least(1));
    assertEquals(1, SplitTest.most(1));
    assertEquals(0, SplitTest.least(0.001), "a small share may be nothing");
  }

  private static double draw(SplittableRandom random, double units, double share) {
    double sd = Math.sqrt(units * share * (1 - share));
    return Math.min(units, Math.max(0, Math.rint(units * share + sd * random.nextGaussian())));
  }

  /** Whether the alarm is on after so many looks of so many units each. */
  private static boolean alarmed(
      SplittableRandom random, double planned, double real, int looks, double unitsPerLook) {
    SplitTest test = SplitTest.start();
    boolean ever = false;
    for (int k = 0; k < looks; k++) {
      double x = draw(random, unitsPerLook, real);
      ever |= test.look(planned, x, unitsPerLook - x);
    }
    return ever;
  }

  @ParameterizedTest
  @CsvSource({
    "0.01, 0.01",
    "0.01, 0.0149",
    "0.01, 0.0051",
    "0.1, 0.1149",
    "0.5, 0.4751",
    "1, 0.951",
    "0, 0.0049",
    "0.001, 0.0001",
  })
  void aSplitWithinTheToleranceRaisesNoAlarmHoweverLongItIsLookedAt(double planned, double real) {
    SplittableRandom random = new SplittableRandom(7);
    int alarms = 0;
    for (int run = 0; run < 300; run++) {
      alarms += alarmed(random, planned, real, 1440, 600) ? 1 : 0;
    }
    // 0.3 are the most that are to be expected; three would happen once in 270 times.
    assertTrue(alarms <= 2, "alarms: " + alarms);
  }

  @ParameterizedTest
  @CsvSource({
    "0.01, 0.02, 60",
    "0.01, 0.1, 3",
    "0.1, 0.2, 3",
    "0.1, 0.05, 9",
    "0.5, 0.6, 3",
    "1, 0.5, 2",
    "0, 0.02, 15"
  })
  void aSplitThatIsOffIsFoundWithinLooks(double planned, double real, int looks) {
    SplittableRandom random = new SplittableRandom(11);
    for (int run = 0; run < 100; run++) {
      assertTrue(alarmed(random, planned, real, looks, 1000), "run " + run);
    }
  }

  @Test
  void usersWhoClickMoreThanOthersRaiseNoAlarm() {
    SplittableRandom random = new SplittableRandom(3);
    int alarms = 0;
    for (int run = 0; run < 200; run++) {
      // 20,000 users of very different zeal: one in a hundred is on the canary, for good.
      double zealOnCanary = 0;
      double zeal = 0;
      for (int user = 0; user < 20_000; user++) {
        double clicks = Math.exp(1.2 * random.nextGaussian());
        zeal += clicks;
        zealOnCanary += random.nextDouble() < 0.01 ? clicks : 0;
      }
      alarms += alarmed(random, 0.01, zealOnCanary / zeal, 500, 5000) ? 1 : 0;
    }
    assertTrue(alarms <= 4, "alarms: " + alarms);
  }

  @Test
  void theAlarmIsTakenBackWhenTheFlagIsMended() {
    SplitTest test = SplitTest.start();
    for (int k = 0; k < 100; k++) {
      test.look(0.1, 300, 700);
    }
    assertTrue(test.look(0.1, 300, 700));

    boolean alarm = true;
    int looks = 0;
    while (alarm && looks < 100) {
      alarm = test.look(0.1, 100, 900);
      looks++;
    }

    assertFalse(alarm);
    assertTrue(looks <= 15, "took " + looks);
    assertEquals(0.1, test.canary() / test.units(), 0.01, "what was wrong is forgotten");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theAlarmStandsWhileTheSplitIsOff(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplitTest test = SplitTest.start();
    int takenBack = 0;
    boolean before = false;
    for (int k = 0; k < 5000; k++) {
      double x = draw(random, 300, 0.02);
      boolean now = test.look(0.01, x, 300 - x);
      takenBack += before && !now ? 1 : 0;
      before = now;
    }
    assertTrue(before);
    assertEquals(0, takenBack);
  }

  @Test
  void aNewStepForgetsTheOldShare() {
    SplitTest test = SplitTest.start();
    for (int k = 0; k < 100; k++) {
      test.look(0.01, 10, 990);
    }
    test.startAnew();
    for (int k = 0; k < 100; k++) {
      assertFalse(test.look(0.5, 500, 500));
    }
  }

  @Test
  void nothingSeenIsNoEvidence() {
    assertFalse(SplitTest.start().look(0.5, 0, 0));
    assertEquals(0, SplitTest.logEvidence(0.5, 0, 0));
  }

  @Test
  void aRestoredTestGoesOnBitForBit() {
    SplittableRandom random = new SplittableRandom(9);
    SplitTest one = SplitTest.start();
    SplitTest other = SplitTest.start();
    for (int k = 0; k < 2000; k++) {
      double real = k < 1000 ? 0.15 : 0.1;
      double x = draw(random, 77, real);
      assertEquals(one.look(0.1, x, 77 - x), other.look(0.1, x, 77 - x));
      assertArrayEquals(one.snapshot(), other.snapshot());
      other = SplitTest.restore(other.snapshot());
    }
  }

  @Test
  void aForeignSnapshotIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> SplitTest.restore(new double[] {1, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> SplitTest.restore(new double[] {9, 0, 0, 0, 0, 0}));
  }
}
