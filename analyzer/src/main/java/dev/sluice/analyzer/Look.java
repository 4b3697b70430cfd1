package dev.sluice.analyzer;

/**
 * One peek at the data.
 *
 * @param seconds length of the window, more than 0
 * @param newStep whether this is the first look of a step: safety is proven anew in every step, and
 *     a regression that begins with the new exposure gets a fresh share of the prior
 */
public record Look(double seconds, boolean newStep) {
  public Look {
    Require.between("seconds", seconds, 0, Double.POSITIVE_INFINITY);
  }
}
