package dev.sluice.analyzer;

/**
 * Events among units: failed requests among requests, orders among visits.
 *
 * <p>Both numbers are increments over the window. They may be fractional (some backends
 * extrapolate), never negative. Events may exceed the exposure: an event rate (orders per request)
 * is not a proportion.
 *
 * @param events how often it happened, at least 0
 * @param exposure how often it could have happened, at least 0
 */
public record Counts(double events, double exposure) implements Sample {
  public Counts {
    Require.count("events", events);
    Require.count("exposure", exposure);
  }

  @Override
  public double size() {
    return exposure;
  }
}
