package dev.sluice.analyzer.latency;

/**
 * Weighted isotonic regression: the non-decreasing sequence nearest to {@code x} in weighted
 * squares, by pooling adjacent violators (Ayer et al. 1955; Robertson, Wright, Dykstra 1988). O(n).
 */
final class Isotonic {
  private Isotonic() {}

  static double[] nonDecreasing(double[] x, double[] weights) {
    int n = x.length;
    double[] value = new double[n];
    double[] weight = new double[n];
    int[] size = new int[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      value[blocks] = x[i];
      weight[blocks] = weights[i];
      size[blocks] = 1;
      blocks++;
      while (blocks > 1 && value[blocks - 2] > value[blocks - 1]) {
        int into = blocks - 2;
        double total = weight[into] + weight[into + 1];
        value[into] = (value[into] * weight[into] + value[into + 1] * weight[into + 1]) / total;
        weight[into] = total;
        size[into] += size[into + 1];
        blocks--;
      }
    }
    return spread(value, size, blocks, n);
  }

  private static double[] spread(double[] value, int[] size, int blocks, int n) {
    double[] out = new double[n];
    int at = 0;
    for (int b = 0; b < blocks; b++) {
      for (int i = 0; i < size[b]; i++) {
        out[at++] = value[b];
      }
    }
    return out;
  }
}
