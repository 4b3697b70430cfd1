package dev.sluice.gates.plan;

/** The worsening accepted against the baseline. */
public sealed interface Tolerance {

  /**
   * @param share of the baseline's value: 0.1 is 10 %
   */
  record Relative(double share) implements Tolerance {}

  /**
   * @param amount in the metric's own unit: a proportion for ratios (0.1pp is 0.001), the
   *     histogram's unit for latencies
   */
  record Absolute(double amount) implements Tolerance {}
}
