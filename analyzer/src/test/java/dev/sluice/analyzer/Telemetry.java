package dev.sluice.analyzer;

import java.util.Random;

/** Seeded telemetry of a service whose truth is known. */
final class Telemetry {
  static final double[] EDGES = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

  private final Random random;

  Telemetry(long seed) {
    this.random = new Random(seed);
  }

  double poisson(double mean) {
    if (mean > 50) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int k = 0;
    while (product > limit) {
      product *= random.nextDouble();
      k++;
    }
    return k;
  }

  Counts counts(double exposure, double rate) {
    double n = poisson(exposure);
    return new Counts(poisson(n * rate), n);
  }

  double normal(double mean, double sd) {
    return mean + sd * random.nextGaussian();
  }

  Values value(double mean, double sd) {
    return new Values(normal(mean, sd));
  }

  Moments moments(int n, double mean, double sd) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += normal(mean, sd);
    }
    return new Moments(sum, n);
  }

  /** Log-normal latencies, median 0.1 s, p99 0.404 s, all multiplied by a factor. */
  Buckets latency(int n, double factor) {
    return latency(n, factor, 0, 1, EDGES);
  }

  Buckets latency(int n, double factor, double slowShare, double slowFactor, double[] edges) {
    double[] counts = new double[edges.length + 1];
    for (int i = 0; i < n; i++) {
      double t = 0.1 * Math.exp(0.6 * random.nextGaussian()) * factor;
      t *= random.nextDouble() < slowShare ? slowFactor : 1;
      int j = 0;
      while (j < edges.length && t > edges[j]) {
        j++;
      }
      counts[j]++;
    }
    return new Buckets(edges, counts);
  }
}
