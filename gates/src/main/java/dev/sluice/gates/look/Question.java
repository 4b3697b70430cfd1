package dev.sluice.gates.look;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that one look wants to know. The adapter turns it into queries; it carries the instant, so
 * the answer does not depend on when it is asked.
 *
 * @param source name of the data source in the server configuration
 * @param grain length of the intervals in which pods are wanted one by one; the whole window in a
 *     look
 */
public record Question(
    String source,
    Window window,
    List<OfMetric> metrics,
    Optional<OfExposure> exposure,
    Duration grain) {
  public Question {
    metrics = List.copyOf(metrics);
    if (grain.isZero() || grain.isNegative()) {
      throw new IllegalArgumentException("an interval must have a length, was " + grain);
    }
  }

  public Question(
      String source, Window window, List<OfMetric> metrics, Optional<OfExposure> exposure) {
    this(source, window, metrics, exposure, window.length());
  }

  /** One metric, in the cohorts of the step. */
  public record OfMetric(Metric metric, Cohort canary, Optional<Cohort> baseline) {}

  /**
   * How the traffic is really split.
   *
   * @param rest everybody who is not on the canary
   */
  public record OfExposure(ExposureRule rule, Cohort canary, Optional<Cohort> rest) {}
}
