package dev.sluice.analyzer.evidence;

import static dev.sluice.analyzer.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RatioSequenceTest {

  @Test
  void exchangingTheCohortsTurnsTheIntervalRound() {
    RatioSequence one = new RatioSequence();
    RatioSequence other = new RatioSequence();
    for (int i = 0; i < 20; i++) {
      one.update(7 + i % 3, 600, 50, 5400, 1.3);
      other.update(50, 5400, 7 + i % 3, 600, 1.3);
    }

    RatioInterval a = one.interval(0.05);
    RatioInterval b = other.interval(0.05);

    assertEquals(1, a.lower() * b.upper(), 1e-9);
    assertEquals(1, a.estimate() * b.estimate(), 1e-9);
    assertEquals(1, a.upper() * b.lower(), 1e-9);
  }

  @Test
  void aWindowCutInTwoWithTheSameSplitOfTrafficSaysTheSame() {
    RatioSequence whole = new RatioSequence();
    RatioSequence halves = new RatioSequence();
    whole.update(9, 1200, 60, 10_800, 1);
    halves.update(2, 300, 41, 2700, 1);
    halves.update(7, 900, 19, 8100, 1);

    assertEquals(whole.interval(0.05), halves.interval(0.05));
    assertEquals(whole.logAgainstAtLeast(2), halves.logAgainstAtLeast(2), 1e-9);
  }

  @Test
  void aRatioBeyondTheGridIsHeldAtItsRim() {
    RatioSequence ratio = new RatioSequence();
    ratio.update(5, 600, 5, 600, 1);

    assertEquals(ratio.logAgainstAtLeast(Math.exp(4)), ratio.logAgainstAtLeast(1e9), 1e-12);
    assertEquals(ratio.logAgainstAtMost(Math.exp(-4)), ratio.logAgainstAtMost(0), 1e-12);
  }

  /** The definition, point by point: what the class computes with far fewer. */
  private static final class PointByPoint {
    private final double[] g = new double[1101];
    private final double[] logPrior = new double[g.length];
    private final double[] logL = new double[g.length];

    PointByPoint() {
      for (int i = 0; i < g.length; i++) {
        g[i] = i < 150 ? -4 + 0.02 * i : i < 951 ? -1 + 0.0025 * (i - 150) : 1 + 0.02 * (i - 950);
      }
      for (int i = 0; i < g.length; i++) {
        double low = g[Math.max(0, i - 1)];
        double high = g[Math.min(g.length - 1, i + 1)];
        double density = 0;
        for (double s : new double[] {0.03, 0.1, 0.3, 1, 3}) {
          density += Math.exp(-g[i] * g[i] / (2 * s * s)) / s;
        }
        logPrior[i] = Math.log(density * (high - low) / 2);
      }
      double total = LogSpace.sum(logPrior);
      for (int i = 0; i < g.length; i++) {
        logPrior[i] -= total;
      }
    }

    void update(double[] x, double phi) {
      for (int i = 0; i < g.length; i++) {
        double share = Math.log1p(Math.exp(g[i]) * (x[1] / x[3]));
        logL[i] += (x[0] * g[i] - (x[0] + x[2]) * share) / phi;
      }
    }

    double logMarginal() {
      double[] both = new double[g.length];
      for (int i = 0; i < g.length; i++) {
        both[i] = logPrior[i] + logL[i];
      }
      return LogSpace.sum(both);
    }

    double[] interval(double alpha) {
      double cut = logMarginal() + Math.log(alpha);
      int best = 0;
      int first = -1;
      int last = -1;
      for (int i = 0; i < g.length; i++) {
        best = logL[i] > logL[best] ? i : best;
        first = first < 0 && logL[i] >= cut ? i : first;
        last = logL[i] >= cut ? i : last;
      }
      first = first < 0 ? best : first;
      last = last < 0 ? best : last;
      return new double[] {
        first == 0 ? 0 : Math.exp(g[first - 1]),
        Math.exp(g[best]),
        last == g.length - 1 ? Double.POSITIVE_INFINITY : Math.exp(g[last + 1])
      };
    }

    double logAgainstAtLeast(double psi) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < g.length; i++) {
        most = g[i] >= Math.log(psi) ? Math.max(most, logL[i]) : most;
      }
      return logMarginal() - most;
    }

    double logAgainstAtMost(double psi) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < g.length; i++) {
        most = g[i] <= Math.log(psi) ? Math.max(most, logL[i]) : most;
      }
      return logMarginal() - most;
    }
  }

  @Test
  void itIsTheSequenceOnTheWholeGrid() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      RatioSequence ratio = new RatioSequence();
      PointByPoint definition = new PointByPoint();
      double rate = Math.pow(10, 4 - 5 * random.nextDouble());
      double effect = seed % 4 == 0 ? 0 : Math.exp(3 * (random.nextDouble() - 0.5));
      double split = Math.exp(8 * (random.nextDouble() - 0.5));
      for (int look = 0; look < 12; look++) {
        double nc = 600 * split * (0.5 + random.nextDouble());
        double nb = 600 * (0.5 + random.nextDouble());
        double[] x = {
          Math.rint(effect * rate * nc / 600 * random.nextDouble() * 2),
          nc,
          seed % 7 == 0 ? 0 : Math.rint(rate * nb / 600 * random.nextDouble() * 2),
          nb
        };
        double phi = 1 + 3 * random.nextDouble();
        if (x[0] + x[2] > 0) {
          definition.update(x, phi);
        }
        ratio.update(x[0], x[1], x[2], x[3], phi);
        String what = "seed " + seed + ", look " + look;
        RatioInterval interval = ratio.interval(0.05);
        double[] ends = {interval.lower(), interval.estimate(), interval.upper()};
        assertArrayEquals(definition.interval(0.05), ends, 1e-9, what);
        for (double psi : new double[] {0.3, 0.95, 1, 1.1, 1.5, 20}) {
          assertClose(definition.logAgainstAtLeast(psi), ratio.logAgainstAtLeast(psi), what);
          assertClose(definition.logAgainstAtMost(psi), ratio.logAgainstAtMost(psi), what);
        }
      }
    }
  }
}
