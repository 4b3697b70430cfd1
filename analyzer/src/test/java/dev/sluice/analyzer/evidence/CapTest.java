package dev.sluice.analyzer.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CapTest {
  private static final double ALPHA = 0.01;
  private static final double THRESHOLD = Math.log(1 / ALPHA);

  @Test
  void oneIntervalClosesHalfOfWhatIsMissingAndNeverLessThanHalfTheThreshold() {
    Cap cap = Cap.halfWay(ALPHA);

    assertEquals((THRESHOLD + 8) / 2, cap.of(-8), 1e-12);
    assertEquals(THRESHOLD / 2, cap.of(0), 1e-12);
    assertEquals(THRESHOLD / 2, cap.of(4), 1e-12);
    assertEquals(THRESHOLD / 2, Cap.steady(ALPHA).of(-8), 1e-12);
  }

  /** However large a burst is. */
  @Test
  void noSingleIntervalDecides() {
    for (int at : new int[] {0, 1, 50, 1000}) {
      OnsetMixture mixture =
          OnsetMixture.exact(
              new double[] {1, 1, 1}, Onset.withDefaults(86_400), Cap.halfWay(ALPHA));
      for (int i = 0; i < at; i++) {
        mixture.update(new double[] {-0.1, -0.2, -0.5}, 60, false);
      }
      mixture.update(new double[] {1e6, 1e6, 1e6}, 60, false);
      assertTrue(mixture.evaluate(1) < THRESHOLD, "after " + at + ": " + mixture.logE());
    }
  }

  @Test
  void whatWasWonStaysWhenThePlacesThatAreWatchedChange() {
    Random random = new Random(3);
    Onset onset = Onset.withDefaults(86_400);
    OnsetMixture three = OnsetMixture.withBank(weights(3), onset, Cap.halfWay(ALPHA));
    for (int i = 0; i < 20; i++) {
      three.update(random.doubles(8 + 15, -0.5, 0.6).toArray(), 60, false);
    }
    for (double phi : new double[] {1, 1.3, 4}) {
      OnsetMixture one = OnsetMixture.withBank(weights(1), onset, Cap.halfWay(ALPHA));
      one.continueFrom(three, 8, 5);
      assertEquals(three.evaluate(phi), one.evaluate(phi), 1e-9);
      OnsetMixture two = OnsetMixture.withBank(weights(2), onset, Cap.halfWay(ALPHA));
      two.continueFrom(one, 8, 5);
      assertEquals(three.evaluate(phi), two.evaluate(phi), 1e-9);
    }
  }

  private static double[] weights(int places) {
    double[] weights = new double[8 + 5 * places];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = k < 8 ? 0.5 / 8 : 0.5 / (5 * places);
    }
    return weights;
  }
}
