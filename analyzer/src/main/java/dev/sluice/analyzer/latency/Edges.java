package dev.sluice.analyzer.latency;

import java.util.Arrays;

/**
 * Histograms with different buckets, brought to the edges they share. Merging buckets is exact: a
 * coarser histogram says less and nothing wrong.
 */
public final class Edges {
  private Edges() {}

  /** Edges that both have, ascending. */
  public static double[] common(double[] a, double[] b) {
    return Arrays.stream(a).filter(e -> Arrays.binarySearch(b, e) >= 0).toArray();
  }

  /** Whether all of {@code some} are among {@code all}. */
  public static boolean contains(double[] all, double[] some) {
    return Arrays.stream(some).allMatch(e -> Arrays.binarySearch(all, e) >= 0);
  }

  /**
   * Counts of the coarser histogram.
   *
   * @param edges upper edges of all buckets but the last
   * @param counts one more than edges
   * @param target edges to keep, all of them among {@code edges}
   */
  public static double[] coarsen(double[] edges, double[] counts, double[] target) {
    double[] coarse = new double[target.length + 1];
    int into = 0;
    for (int j = 0; j < counts.length; j++) {
      coarse[into] += counts[j];
      if (j < edges.length && into < target.length && edges[j] == target[into]) {
        into++;
      }
    }
    return coarse;
  }

  /** Number of values above the edge with this index. */
  public static double above(double[] counts, int edge) {
    double sum = 0;
    for (int j = edge + 1; j < counts.length; j++) {
      sum += counts[j];
    }
    return sum;
  }

  public static double total(double[] counts) {
    return above(counts, -1);
  }
}
