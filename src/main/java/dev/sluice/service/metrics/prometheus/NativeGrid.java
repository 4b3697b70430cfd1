package dev.sluice.service.metrics.prometheus;

import dev.sluice.gates.plan.Metric;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.NativeHistogram.Bucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays native histograms on fixed edges and so turns each into the series of a classic one: from
 * there on resets, births and outages are the same matter.
 *
 * <p>A native histogram lists only buckets that hold something. Edges taken from what happens to be
 * listed would differ between cohorts and from look to look, and comparisons need the same ones
 * throughout. The edges here are powers of two in eighths (schema 3: each edge 9 % above the one
 * below), or in larger steps where the data are coarser. Exponential buckets of schema 3 and more
 * fall together with them exactly; the content of any other bucket is counted at the next edge
 * above it, which can make latencies look higher, in both cohorts alike.
 *
 * <p>The edges reach from 8 microseconds to 17 minutes. What is below or above is in the first or
 * last bucket.
 */
final class NativeGrid {
  private static final int FINEST = 3;
  private static final int LOWEST_OCTAVE = -17;
  private static final int HIGHEST_OCTAVE = 10;
  private static final int MILLISECONDS = 10;
  private static final double TOLERANCE = 1e-6;

  private final int perOctave;
  private final int lowest;
  private final int edges;

  private NativeGrid(int schema, Metric.Unit unit) {
    int shift =
        switch (unit) {
          case SECONDS -> 0;
          case MILLISECONDS -> MILLISECONDS;
        };
    perOctave = 1 << schema;
    lowest = (LOWEST_OCTAVE + shift) * perOctave;
    edges = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * perOctave + 1;
  }

  /** Edges as fine as the coarsest of these histograms allows. */
  static NativeGrid of(List<Series> series, Metric.Unit unit) {
    int schema = FINEST;
    for (Series one : series) {
      for (NativeHistogram histogram : one.histograms()) {
        for (Bucket bucket : histogram.buckets()) {
          schema = Math.min(schema, schema(bucket));
        }
      }
    }
    return new NativeGrid(Math.max(0, schema), unit);
  }

  /** Boundaries of schema n are 2^(2^-n) apart. */
  private static int schema(Bucket bucket) {
    if (bucket.low() <= 0 || !Double.isFinite(bucket.high())) {
      return FINEST;
    }
    double octaves = Math.log(bucket.high() / bucket.low()) / Math.log(2);
    return (int) Math.round(-Math.log(octaves) / Math.log(2));
  }

  /** The series a classic histogram would have. */
  List<Series> classic(Series series) {
    List<Points> cumulative = new ArrayList<>();
    for (int i = 0; i <= edges; i++) {
      cumulative.add(new Points(series.histograms().size()));
    }
    for (NativeHistogram histogram : series.histograms()) {
      double[] counts = counts(histogram);
      double below = 0;
      for (int i = 0; i <= edges; i++) {
        below += counts[i];
        cumulative.get(i).add(histogram.time(), below);
      }
    }
    List<Series> classic = new ArrayList<>();
    for (int i = 0; i <= edges; i++) {
      classic.add(new Series(labels(series, i), cumulative.get(i), List.of()));
    }
    return classic;
  }

  private double[] counts(NativeHistogram histogram) {
    double[] counts = new double[edges + 1];
    for (Bucket bucket : histogram.buckets()) {
      counts[index(bucket.high())] += bucket.count();
    }
    return counts;
  }

  private int index(double high) {
    if (high <= 0) {
      return 0;
    }
    double steps = Math.log(high) / Math.log(2) * perOctave;
    double index = Math.ceil(steps - TOLERANCE) - lowest;
    return (int) Math.max(0, Math.min(edges, index));
  }

  private Map<String, String> labels(Series series, int index) {
    Map<String, String> labels = new HashMap<>(series.labels());
    labels.put(
        Labels.LE,
        index == edges
            ? "+Inf"
            : String.valueOf(Math.pow(2, (double) (lowest + index) / perOctave)));
    return labels;
  }
}
