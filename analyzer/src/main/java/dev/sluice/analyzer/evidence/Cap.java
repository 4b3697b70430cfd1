package dev.sluice.analyzer.evidence;

/**
 * The most that one interval may contribute to one alternative, in nats.
 *
 * <p>It is known before the interval, from what the alternative stands at, so it costs no validity;
 * and what it holds back cannot be won, so it can only make a test more careful. It is there so
 * that one burst cannot decide, however large.
 *
 * @param least what every interval may contribute
 * @param threshold ln(1/alpha): where an alternative decides alone; negative infinity for one cap
 *     for all
 */
public record Cap(double least, double threshold) {
  /** A verdict needs two intervals at least. */
  private static final double FRACTION = 0.5;

  public static final Cap NONE = new Cap(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /** Half of the threshold: the rule of the reference implementation. */
  public static Cap steady(double alpha) {
    return new Cap(FRACTION * Math.log(1 / alpha), Double.NEGATIVE_INFINITY);
  }

  /**
   * Half of the threshold, or half of what is missing if that is more. A regression that begins
   * late starts far below: its onset has to be paid for. A cap that does not know the price makes
   * it wait for intervals that bring nothing new, the longer the smaller the threshold is against
   * the price.
   */
  public static Cap halfWay(double alpha) {
    return new Cap(FRACTION * Math.log(1 / alpha), Math.log(1 / alpha));
  }

  /**
   * @param stands ln of the weighted wealth of an alternative before the interval
   */
  double of(double stands) {
    return Math.max(least, FRACTION * (threshold - stands));
  }
}
