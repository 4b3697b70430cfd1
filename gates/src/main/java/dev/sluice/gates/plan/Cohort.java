package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A named population.
 *
 * @param matchers Prometheus label matchers without the braces, comma separated, already checked
 *     and quoted
 * @param vars further variables for queries
 * @param offset read the cohort this long ago (before/after comparison); zero for now
 * @param podLabel the label that tells its pods apart; absent: the metrics source finds one
 */
public record Cohort(
    String name,
    String matchers,
    Map<String, String> vars,
    Duration offset,
    Optional<String> podLabel) {
  public Cohort {
    vars = Map.copyOf(vars);
  }

  /** With pods by whatever label the metrics source finds. */
  public Cohort(String name, String matchers, Map<String, String> vars, Duration offset) {
    this(name, matchers, vars, offset, Optional.empty());
  }
}
