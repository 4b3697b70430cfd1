package dev.sluice.analyzer.latency;

import dev.sluice.analyzer.evidence.ProportionSequence;

/**
 * What one cohort's own histogram proves of its quantile: an interval whose ends are bucket edges.
 *
 * <p>At each of the B edges a {@link ProportionSequence} at level {@code alpha / B} for the share
 * above it; the quantile is above an edge where that share is shown to be more than {@code 1 - q},
 * at or below it where it is shown to be less. Valid at all looks together.
 *
 * @param lower 0 where nothing bounds it
 * @param upper positive infinity where nothing bounds it
 */
public record QuantileBand(double lower, double upper) {

  /**
   * @param counts one more than edges, with a total above 0
   * @param phi dispersion, at least 1: counts are worth that much less
   */
  public static QuantileBand of(
      double[] edges, double[] counts, double quantile, double phi, double alpha) {
    double n = Edges.total(counts) / phi;
    double tail = 1 - quantile;
    double lower = 0;
    double upper = Double.POSITIVE_INFINITY;
    double above = 0;
    for (int j = edges.length - 1; j >= 0; j--) {
      above += counts[j + 1];
      ProportionSequence share =
          new ProportionSequence(Math.min(above / phi, n), n, alpha / edges.length);
      if (share.below(tail)) {
        upper = edges[j];
      } else if (lower == 0 && share.above(tail)) {
        lower = edges[j];
      }
    }
    return new QuantileBand(lower, upper);
  }
}
