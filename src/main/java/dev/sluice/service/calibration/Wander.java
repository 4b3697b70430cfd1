package dev.sluice.service.calibration;

/**
 * Normal noise in which one look resembles the one before: AR(1), mean 0, variance 1.
 *
 * <p>{@code z_t = r z_(t-1) + sqrt(1 - r^2) e_t}
 */
final class Wander {
  private final Chance chance;
  private final double resemblance;
  private double z;
  private boolean begun;

  /**
   * @param resemblance correlation of neighbouring looks, in [0, 1)
   */
  Wander(Chance chance, double resemblance) {
    this.chance = chance;
    this.resemblance = resemblance;
  }

  double next() {
    z =
        begun
            ? resemblance * z + Math.sqrt(1 - resemblance * resemblance) * chance.normal()
            : chance.normal();
    begun = true;
    return z;
  }

  /** A factor of mean 1 with this coefficient of variation, log-normal. */
  double factor(double variation) {
    double variance = StrictMath.log1p(variation * variation);
    return StrictMath.exp(Math.sqrt(variance) * next() - variance / 2);
  }
}
