package dev.sluice.analyzer;

/**
 * One metric of a judge.
 *
 * @param id the plan's id of the metric, unique in the judge
 * @param weight share of the error budget relative to the other metrics, more than 0
 * @param concurrent whether the baseline is of the same time as the canary. If it is of another
 *     period, the two differ for reasons of the clock: no promise can be given, and means and
 *     values are judged by what changes during the rollout alone, not by a standing difference
 */
public record JudgedMetric(String id, MetricTest test, double weight, boolean concurrent) {
  public JudgedMetric {
    Require.between("weight", weight, 0, Double.POSITIVE_INFINITY);
  }

  /** With a baseline of the same time. */
  public JudgedMetric(String id, MetricTest test, double weight) {
    this(id, test, weight, true);
  }
}
