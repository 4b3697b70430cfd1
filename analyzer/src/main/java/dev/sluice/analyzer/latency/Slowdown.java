package dev.sluice.analyzer.latency;

/**
 * A tolerated slow-down: latency {@code t} may become {@code (1 + relative) t + absolute}.
 *
 * @param relative at least 0
 * @param absolute at least 0, in the unit of the edges
 */
public record Slowdown(double relative, double absolute) {

  /** The latency that this slow-down turns into {@code t}; 0 or less if none. */
  double before(double t) {
    return (t - absolute) / (1 + relative);
  }

  /** What the slow-down makes of a latency. */
  public double of(double t) {
    return t * (1 + relative) + absolute;
  }

  Slowdown times(double factor) {
    return new Slowdown(relative * factor, absolute * factor);
  }
}
