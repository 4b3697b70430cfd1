package dev.sluice.analyzer;

/**
 * One reading of an arbitrary scalar: a gauge, the result of any PromQL expression.
 *
 * @param value the reading of the window, finite, in the unit of the metric
 */
public record Values(double value) implements Sample {
  public Values {
    Require.finite("value", value);
  }

  @Override
  public double size() {
    return 1;
  }
}
