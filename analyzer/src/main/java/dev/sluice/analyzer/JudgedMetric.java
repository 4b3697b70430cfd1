package dev.sluice.analyzer;

/**
 * One metric of a judge.
 *
 * @param id the plan's id of the metric, unique in the judge
 * @param weight share of the error budget relative to the other metrics, more than 0
 */
public record JudgedMetric(String id, MetricTest test, double weight) {
  public JudgedMetric {
    Require.between("weight", weight, 0, Double.POSITIVE_INFINITY);
  }
}
