package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.Map;

/**
 * A named population.
 *
 * @param matchers Prometheus label matchers without the braces, comma separated, already checked
 *     and quoted
 * @param vars further variables for queries
 * @param offset read the cohort this long ago (before/after comparison); zero for now
 */
public record Cohort(String name, String matchers, Map<String, String> vars, Duration offset) {
  public Cohort {
    vars = Map.copyOf(vars);
  }
}
