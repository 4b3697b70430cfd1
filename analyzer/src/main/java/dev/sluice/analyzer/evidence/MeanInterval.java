package dev.sluice.analyzer.evidence;

/**
 * An interval for a mean.
 *
 * @param lower negative infinity while nothing bounds it
 * @param estimate the mean of what was seen
 * @param upper positive infinity while nothing bounds it
 */
public record MeanInterval(double lower, double estimate, double upper) {
  public boolean bounded() {
    return Double.isFinite(lower) && Double.isFinite(upper);
  }
}
