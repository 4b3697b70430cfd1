package dev.sluice.service.calibration;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;
import org.apache.commons.math3.special.Erf;

/**
 * Log-normal latencies in the default bucket edges, median 0.1 s, p99 0.404 s, one look a minute.
 * The judge knows 200 000 requests from before the rollout.
 *
 * @param perSecond requests a second on the canary
 * @param ratio requests of the baseline for each of the canary
 * @param shift by how much every request of the canary is slower: 0.1 is ten percent
 * @param slowShare share of the canary's requests that take three times as long
 * @param shared whether both cohorts slow down and recover together all the time
 */
record LatencyTraffic(
    double perSecond, double ratio, double shift, double slowShare, boolean shared)
    implements Situation {
  private static final double[] EDGES = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  private static final double SECONDS = 60;
  private static final double MEDIAN = 0.1;
  private static final double SIGMA = 0.6;
  private static final double SLOW = 3;
  private static final double HISTORY = 200_000;

  @Override
  public MetricTest test() {
    return new MetricTest.OfQuantile(0.99, Margin.NONE, Margin.NONE);
  }

  @Override
  public void teach(Judge judge, String metric, Chance chance) {
    judge.learn(metric, new Buckets(EDGES, chance.multinomial(HISTORY, shares(1, 0))));
  }

  /** Looks after which no test could know, on average, with the baseline known. */
  double limit(double falseAlarm) {
    double[] healthy = shares(1, 0);
    double[] worse = shares(1 + shift, slowShare);
    double divergence = 0;
    for (int j = 0; j < healthy.length; j++) {
      divergence += worse[j] > 0 ? worse[j] * Math.log(worse[j] / healthy[j]) : 0;
    }
    return -Math.log(falseAlarm) / (divergence * perSecond * SECONDS);
  }

  /** Share of each bucket, all latencies multiplied by a scale. */
  private static double[] shares(double scale, double slow) {
    double[] shares = new double[EDGES.length + 1];
    double below = 0;
    for (int j = 0; j < EDGES.length; j++) {
      double upTo = (1 - slow) * below(EDGES[j], scale) + slow * below(EDGES[j], scale * SLOW);
      shares[j] = Math.max(0, upTo - below);
      below = upTo;
    }
    shares[EDGES.length] = Math.max(0, 1 - below);
    return shares;
  }

  private static double below(double edge, double scale) {
    double z = (Math.log(edge) - Math.log(MEDIAN * scale)) / SIGMA;
    return 0.5 * Erf.erfc(-z / Math.sqrt(2));
  }

  @Override
  public Telemetry begin(Chance chance) {
    Wander wander = new Wander(chance, 0.95);
    double[] healthy = shares(1, 0);
    double[] worse = shares(1 + shift, slowShare);
    return look -> {
      if (!shared) {
        return seen(chance, worse, healthy);
      }
      double together = Math.exp(0.25 * wander.next());
      return seen(chance, shares(together * (1 + shift), slowShare), shares(together, 0));
    };
  }

  private Observed seen(Chance chance, double[] canary, double[] baseline) {
    double nc = chance.poisson(perSecond * SECONDS);
    double nb = chance.poisson(perSecond * ratio * SECONDS);
    return Observed.Seen.of(
        new Buckets(EDGES, chance.multinomial(nc, canary)),
        new Buckets(EDGES, chance.multinomial(nb, baseline)));
  }
}
