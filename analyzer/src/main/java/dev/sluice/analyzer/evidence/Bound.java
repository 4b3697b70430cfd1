package dev.sluice.analyzer.evidence;

/**
 * The line between tolerated and worse, as a line over the baseline's rate: {@code rho * p_b +
 * shift}.
 *
 * @param side which side of the line is worse
 * @param rho factor of the baseline's rate, at least 0; 0 for a bound that needs no baseline
 * @param shift signed addition, in the unit of the rate: positive lifts the line
 */
public record Bound(Side side, double rho, double shift) {

  /**
   * What a margin allows: {@code (1 + relative) p + absolute} for a rise, {@code (1 - relative) p -
   * absolute} for a fall.
   *
   * @throws IllegalArgumentException if a fall of 100 percent or more is to be tolerated
   */
  public static Bound ofMargin(Side side, double relative, double absolute) {
    if (side == Side.FALL && relative >= 1) {
      throw new IllegalArgumentException(
          "a relative margin must be below 1 where lower is worse, was "
              + relative
              + ": nothing can fall further than that");
    }
    return new Bound(side, 1 + side.sign() * relative, side.sign() * absolute);
  }

  /** A fixed bound for the canary alone. */
  public static Bound fixed(Side side, double rate) {
    return new Bound(side, 0, rate);
  }

  /** Where the line lies for a baseline with this rate. */
  public double at(double baselineRate) {
    return rho * baselineRate + shift;
  }
}
