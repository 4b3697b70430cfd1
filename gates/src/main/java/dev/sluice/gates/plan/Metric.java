package dev.sluice.gates.plan;

import dev.sluice.analyzer.Direction;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One metric of a plan. The type tells the arithmetic; intent words tell what is accepted.
 *
 * <p>Counter and histogram expressions are raw selectors with {@code $cohort} in place of the
 * cohort's matchers: the service takes the increases itself.
 */
public sealed interface Metric {

  /** What every metric has, whatever its type. */
  Common common();

  default String id() {
    return common().id();
  }

  default Role role() {
    return common().role();
  }

  /**
   * @param title for people; the id where the plan names none
   * @param tolerance the worsening accepted against the baseline; absent means the default margins
   * @param limit absolute bound on the canary alone
   * @param minSamples units the canary must have before the metric may pass
   */
  record Common(
      String id,
      String title,
      Direction worseWhen,
      Role role,
      Optional<Tolerance> tolerance,
      Optional<Limit> limit,
      OptionalLong minSamples,
      OnNoData onNoData) {}

  /** bad units among all units. */
  record Ratio(Common common, String bad, String total) implements Metric {}

  /**
   * @param histogram selector of the histogram's base name, without _bucket
   * @param quantile in (0, 1)
   */
  record Quantile(Common common, String histogram, double quantile, Unit unit) implements Metric {}

  /** Mean of a value per unit: sum and count of the same observations. */
  record Mean(Common common, String sum, String per) implements Metric {}

  /** Events per unit, not necessarily one at most: orders per request. */
  record Rate(Common common, String sum, String per) implements Metric {}

  /** Any PromQL expression that gives one number; $window stands for the length of the look. */
  record Value(Common common, String query) implements Metric {}

  /** Observations that somebody pushes. */
  record Pushed(Common common, String from, Optional<String> field) implements Metric {}

  /** What a metric may do. */
  enum Role {
    /** A regression rolls back. */
    GUARDRAIL,
    /** A regression holds the step and lets go on recovery. */
    SIGNAL,
    /** Reported, never decides. */
    OBSERVE
  }

  /** Unit of a latency histogram's edges. */
  enum Unit {
    SECONDS,
    MILLISECONDS
  }

  /** What a missing metric does to the step. */
  enum OnNoData {
    HOLD,
    FAIL,
    IGNORE
  }
}
