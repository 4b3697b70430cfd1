package dev.sluice.analyzer;

import dev.sluice.analyzer.latency.Edges;
import java.util.Arrays;
import java.util.Locale;

/**
 * Buckets as latency needs them: edges above 0 only. What lies at or below 0 is counted with the
 * first bucket.
 */
final class Histogram {
  private final double[] edges;
  private final double[] counts;

  private Histogram(double[] edges, double[] counts) {
    this.edges = edges;
    this.counts = counts;
  }

  static Histogram of(Buckets buckets) {
    double[] all = buckets.edges();
    double[] positive = Arrays.stream(all).filter(e -> e > 0).toArray();
    return new Histogram(positive, Edges.coarsen(all, buckets.counts(), positive));
  }

  double[] edges() {
    return edges.clone();
  }

  double[] counts() {
    return counts.clone();
  }

  double size() {
    return Edges.total(counts);
  }

  /** Counts on fewer edges, all of them among the histogram's. */
  double[] on(double[] fewer) {
    return Edges.coarsen(edges, counts, fewer);
  }

  /** "p99" for 0.99. */
  static String name(double quantile) {
    String percent = String.format(Locale.ROOT, "%.6f", quantile * 100);
    return "p" + percent.replaceAll("\\.?0+$", "");
  }
}
