package dev.sluice.analyzer.dispersion;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private final Random random = new Random(9);

  private double after(Dispersion dispersion, double sd, double effect) {
    for (int i = 0; i < 60; i++) {
      dispersion.add(sd * random.nextGaussian() + (i >= 40 ? effect : 0), 1);
    }
    return dispersion.phi();
  }

  @Test
  void aLateEffectIsNotTakenForNoise() {
    double squares = after(Dispersion.ofCounts(), 1, 5);
    double differences = after(Dispersion.ofCounts().ofDifferences(), 1, 5);

    assertTrue(squares > 5, "squares " + squares);
    assertTrue(differences < 2.5, "differences " + differences);
  }

  @Test
  void noiseIsStillNoise() {
    double phi = after(Dispersion.ofCounts().ofDifferences(), 2, 0);

    assertTrue(phi > 3 && phi < 8, "phi " + phi);
  }

  /** Fifty errors in a minute where there is one in ten minutes. */
  @Test
  void aBurstAfterQuietIsNoise() {
    Dispersion dispersion = Dispersion.ofCounts().ofDifferences();
    for (int i = 0; i < 60; i++) {
      dispersion.add(i == 40 ? 25 : 0, i == 40 ? 12.5 : 0.03);
    }
    assertTrue(dispersion.phi() > 10, "phi " + dispersion.phi());
  }
}
