package dev.sluice.analyzer.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class RaceIncrementTest {
  private static final double[] PSI = {0.2, 0.5, 0.9, 1.2, 2, 6};

  /** The claim that all promises rest on, by enumeration and not by simulation. */
  @Test
  void theExpectedEvidenceIsNeverAboveOneWithinTolerance() {
    for (Side side : Side.values()) {
      for (double rho : new double[] {0.8, 1, 1.3}) {
        for (double a : new double[] {0, 0.02}) {
          Bound bound = new Bound(side, rho, side.sign() * a);
          for (double pb : new double[] {0.01, 0.1, 0.4}) {
            double pc = bound.at(pb);
            for (double slack : new double[] {0, 0.01}) {
              assertAtMostOne(bound, side, Math.clamp(pc - side.sign() * slack, 0, 1), pb);
            }
          }
        }
      }
    }
  }

  private static void assertAtMostOne(Bound bound, Side side, double pc, double pb) {
    double[] psi = new double[PSI.length / 2];
    int k = 0;
    for (double p : PSI) {
      if (side.sign() * (p - 1) > 0) {
        psi[k++] = bound.rho() * p;
      }
    }
    RaceIncrement race = new RaceIncrement(bound, psi);
    int nc = 8;
    int nb = 20;
    double[] expectation = new double[psi.length];
    for (int xc = 0; xc <= nc; xc++) {
      for (int xb = 0; xb <= nb; xb++) {
        double probability =
            new BinomialDistribution(null, nc, pc).probability(xc)
                * new BinomialDistribution(null, nb, pb).probability(xb);
        double[] raw = race.of(xc, nc, xb, nb);
        for (int i = 0; i < raw.length; i++) {
          expectation[i] += probability * Math.exp(raw[i]);
        }
      }
    }
    for (double e : expectation) {
      assertTrue(e <= 1 + 1e-12, "E = " + e + " at " + bound + ", " + pc + " and " + pb);
    }
  }

  @Test
  void aWindowCutInTwoWithTheSameSplitOfTrafficAddsUp() {
    RaceIncrement race = new RaceIncrement(new Bound(Side.RISE, 1.1, 0.001), PSI);

    double[] whole = race.of(9, 1200, 60, 10_800);
    double[] one = race.of(2, 300, 41, 2700);
    double[] two = race.of(7, 900, 19, 8100);

    for (int k = 0; k < whole.length; k++) {
      assertEquals(whole[k], one[k] + two[k], 1e-9);
    }
  }

  @Test
  void aShockToBothCohortsCancels() {
    RaceIncrement race = new RaceIncrement(new Bound(Side.RISE, 1, 0), PSI);
    double r = 1.0 / 9;

    double[] quiet = race.of(1, 100, 9, 900);
    double[] outage = race.of(50, 100, 450, 900);

    for (int k = 0; k < quiet.length; k++) {
      assertEquals(50 * quiet[k], outage[k], 1e-9);
      assertTrue(quiet[k] < 0, "an even split at " + r + " is evidence against a rise");
    }
  }
}
