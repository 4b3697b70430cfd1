package dev.sluice.gates.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole rollout as agreed before it starts. Every default of the file format has been filled in.
 *
 * <p>A plan never holds secrets or addresses: sources, flag targets and sinks are named and live in
 * the server configuration.
 *
 * @param name DNS label, unique in a server
 * @param hash SHA-256 of the text the plan was read from, in hex: says which revision a rollout
 *     runs
 * @param links by name (runbook, dashboard), shown in every message
 * @param cohorts by name; "canary" is judged against "baseline" unless a step says otherwise
 * @param metrics in the order of the file, ids unique
 * @param steps at least one, ids unique
 */
public record Plan(
    String name,
    String hash,
    String description,
    String owner,
    Map<String, String> links,
    Source source,
    Map<String, Cohort> cohorts,
    Optional<ExposureRule> exposure,
    Policy policy,
    List<Metric> metrics,
    List<Step> steps,
    Optional<FlagTarget> flag,
    RollbackRule rollback,
    List<Notify> notifications) {

  public Plan {
    links = Map.copyOf(links);
    cohorts = Map.copyOf(cohorts);
    metrics = List.copyOf(metrics);
    steps = List.copyOf(steps);
    notifications = List.copyOf(notifications);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a plan needs at least one step");
    }
  }

  public Metric metric(String id) {
    return metrics.stream()
        .filter(m -> m.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric '" + id + "' in plan " + name));
  }

  public Cohort cohort(String cohortName) {
    Cohort cohort = cohorts.get(cohortName);
    if (cohort == null) {
      throw new IllegalArgumentException("no cohort '" + cohortName + "' in plan " + name);
    }
    return cohort;
  }
}
