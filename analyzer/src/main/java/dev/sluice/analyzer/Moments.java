package dev.sluice.analyzer;

/**
 * Sum and count of a value per unit: basket value, payload size.
 *
 * @param sum sum of the values in the window, finite, in the unit of the metric
 * @param count number of values, at least 0
 */
public record Moments(double sum, double count) implements Sample {
  public Moments {
    Require.finite("sum", sum);
    Require.count("count", count);
  }

  @Override
  public double size() {
    return count;
  }
}
