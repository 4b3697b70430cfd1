package dev.sluice.analyzer;

import java.util.Arrays;

/**
 * A histogram of one window: how many values fell into each bucket.
 *
 * <p>Counts are increments of the window and not cumulative: {@code count(j)} is the number of
 * values above edge {@code j-1} and at most edge {@code j}; the last bucket holds what lies above
 * the last finite edge.
 */
public final class Buckets implements Sample {
  private final double[] edges;
  private final double[] counts;

  /**
   * @param edges finite upper edges, strictly ascending, at least one, in the unit of the metric
   * @param counts one more than edges, each at least 0
   * @throws IllegalArgumentException if the shapes or ranges do not hold
   */
  public Buckets(double[] edges, double[] counts) {
    if (edges.length == 0 || counts.length != edges.length + 1) {
      throw new IllegalArgumentException(
          "a histogram needs at least one finite edge and one count more than edges, had "
              + edges.length
              + " edges and "
              + counts.length
              + " counts");
    }
    for (int j = 0; j < edges.length; j++) {
      Require.finite("edge", edges[j]);
      if (j > 0 && edges[j] <= edges[j - 1]) {
        throw new IllegalArgumentException(
            "edges must ascend, had " + edges[j - 1] + " before " + edges[j]);
      }
    }
    for (double count : counts) {
      Require.count("bucket count", count);
    }
    this.edges = edges.clone();
    this.counts = counts.clone();
  }

  /** Number of buckets, the one above the last finite edge included. */
  public int buckets() {
    return counts.length;
  }

  public double edge(int j) {
    return edges[j];
  }

  public double count(int j) {
    return counts[j];
  }

  /** A copy of the finite edges. */
  public double[] edges() {
    return edges.clone();
  }

  /** A copy of the counts. */
  public double[] counts() {
    return counts.clone();
  }

  /**
   * Whether both histograms have the same buckets, so that they can be compared without merging.
   */
  public boolean sameEdges(Buckets other) {
    return Arrays.equals(edges, other.edges);
  }

  @Override
  public double size() {
    double sum = 0;
    for (double count : counts) {
      sum += count;
    }
    return sum;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Buckets b
        && Arrays.equals(edges, b.edges)
        && Arrays.equals(counts, b.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(edges) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Buckets[edges=" + Arrays.toString(edges) + ", counts=" + Arrays.toString(counts) + "]";
  }
}
