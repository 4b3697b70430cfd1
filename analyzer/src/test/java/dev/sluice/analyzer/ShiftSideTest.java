package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShiftSideTest {
  private static final JudgeSettings SETTINGS = JudgeSettings.withDefaults();
  private static final Bound LINE = Bound.ofMargin(Side.RISE, 0.1, 0);

  private final Random random = new Random(17);

  private static Pairing.Pair pair(double canary, double baseline) {
    return new Pairing.Pair(canary, 1, baseline, 1, false, 30);
  }

  private double noisy(double level) {
    return level * Math.exp(0.1 * random.nextGaussian());
  }

  private ShiftSide afterPositives(Bound line, int looks) {
    ShiftSide side = new ShiftSide(line, SETTINGS, true);
    for (int i = 0; i < looks; i++) {
      side.take(pair(noisy(50), noisy(50)), i == 0);
    }
    return side;
  }

  @Test
  void aRatioDoesNotCareWhatMultipliesBothCohorts() {
    ShiftSide calm = new ShiftSide(LINE, SETTINGS, true);
    ShiftSide stormy = new ShiftSide(LINE, SETTINGS, true);
    for (int i = 0; i < 40; i++) {
      double c = noisy(50);
      double b = noisy(50);
      double storm = Math.exp(3 * random.nextGaussian());
      calm.take(pair(c, b), i == 0);
      stormy.take(pair(c * storm, b * storm), i == 0);
    }
    assertEquals(calm.logE(), stormy.logE(), 1e-9);
  }

  @Test
  void theFirstValueWithoutARatioSwitchesToDifferencesAndLiftsNothing() {
    ShiftSide side = afterPositives(LINE, 40);
    ShiftSide differences = new ShiftSide(new Bound(Side.RISE, 1.1, 1e-12), SETTINGS, true);
    double before = side.logE();
    side.take(pair(0, noisy(50)), false);
    assertTrue(side.logE() <= Math.max(before, differences.logE()) + 0.5);
    for (int i = 0; i < 6; i++) {
      side.take(pair(noisy(100), noisy(50)), false);
    }
    assertTrue(side.logE() > Math.log(100), "the past is still known: " + side.logE());
  }

  @Test
  void aMarginInTheMetricsUnitIsJudgedOnDifferences() {
    ShiftSide absolute = afterPositives(Bound.ofMargin(Side.RISE, 0, 5), 40);
    for (int i = 0; i < 6; i++) {
      absolute.take(pair(noisy(90), noisy(50)), false);
    }
    assertTrue(absolute.logE() > Math.log(100));
  }

  @Test
  void differencesFromBeforeTheRolloutAreAReferenceForItsFirstLook() {
    ShiftSide without = new ShiftSide(LINE, SETTINGS, true);
    ShiftSide with = new ShiftSide(LINE, SETTINGS, true);
    double[] history = new double[60];
    for (int i = 0; i < history.length; i++) {
      history[i] = 5 * random.nextGaussian();
    }
    with.remember(history);
    for (int i = 0; i < 4; i++) {
      Pairing.Pair worse = pair(noisy(90), noisy(50));
      without.take(worse, i == 0);
      with.take(worse, i == 0);
    }
    assertTrue(with.logE() > Math.log(100), "with history " + with.logE());
    assertTrue(without.logE() < Math.log(100), "without " + without.logE());
  }

  @Test
  void aRestoredSideGoesOnBitForBit() {
    ShiftSide live = afterPositives(LINE, 30);
    for (double canary : new double[] {55, 0, 60, 80}) {
      StateWriter out = new StateWriter();
      live.save(out);
      ShiftSide restored = new ShiftSide(LINE, SETTINGS, true);
      restored.load(new StateReader(out.toArray()));
      live.take(pair(canary, 50), false);
      restored.take(pair(canary, 50), false);
      assertEquals(live.logE(), restored.logE());
      assertEquals(live.standing(), restored.standing());
    }
  }
}
