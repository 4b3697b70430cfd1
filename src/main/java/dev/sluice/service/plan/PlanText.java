package dev.sluice.service.plan;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.plan.StepReader.PlacedStep;
import dev.sluice.service.plan.yaml.Field;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a plan says, read from a tree that may be broken anywhere: what cannot be read is left
 * out, and everything else is still checked.
 */
final class PlanText {
  private final Field root;
  private final Optional<Source> source;
  private final Map<String, Cohort> cohorts;
  private final Optional<ExposureRule> exposure;
  private final Policy policy;
  private final List<Metric> metrics;
  private final List<PlacedStep> steps;
  private final Optional<FlagTarget> flag;
  private final RollbackRule rollback;
  private final List<Notify> notifications;
  private final Map<String, String> links;

  PlanText(Field root) {
    this.root = root;
    Field spec = root.at("spec");
    source = Sections.source(spec.at("source"));
    cohorts = CohortReader.read(spec.at("cohorts"));
    Queries queries = new Queries(variables(spec.at("cohorts")));
    exposure = Sections.exposure(spec.at("exposure"), queries);
    policy = Sections.policy(spec.at("policy"));
    MetricReader reader = new MetricReader(queries);
    metrics =
        spec.at("metrics").items().stream().flatMap(item -> reader.read(item).stream()).toList();
    steps = StepReader.read(spec.at("steps"), ids(spec.at("metrics")));
    flag = Sections.flag(spec.at("flag"));
    rollback = Sections.rollback(spec.at("rollback"));
    notifications = Sections.notifications(spec.at("notify"));
    links = Sections.links(root.at("metadata").at("links"));
    unique(spec.at("metrics"), "metric");
    unique(spec.at("steps"), "step");
    new StepRules(spec, steps, cohorts, byId(metrics)).check();
    rollsBack(spec.at("rollback").at("to"));
  }

  private static Map<String, Map<String, String>> variables(Field cohorts) {
    Map<String, Map<String, String>> variables = new LinkedHashMap<>();
    cohorts
        .entries()
        .forEach((name, cohort) -> variables.put(name, cohort.at("vars").textByName()));
    return variables;
  }

  /** The ids of a list's entries, also of those that are broken elsewhere. */
  static List<String> ids(Field list) {
    return list.items().stream().flatMap(item -> item.at("id").text().stream()).toList();
  }

  private static Map<String, Metric> byId(List<Metric> metrics) {
    Map<String, Metric> byId = new HashMap<>();
    metrics.forEach(metric -> byId.put(metric.id(), metric));
    return byId;
  }

  private static void unique(Field list, String noun) {
    Map<String, Field> seen = new HashMap<>();
    for (Field item : list.items()) {
      Field id = item.at("id");
      Optional<Field> first = id.text().map(text -> seen.putIfAbsent(text, id));
      first.ifPresent(
          f ->
              id.problem(
                  "a " + noun + " with the id '" + id.text().orElse("") + "' stands further up",
                  "in line " + f.line() + "; give one of them another id"));
    }
  }

  /** A rollback that leaves more users on the canary than a step had put there would raise it. */
  private void rollsBack(Field to) {
    steps.stream()
        .filter(s -> s.step().kind() == Step.Kind.EXPOSE)
        .findFirst()
        .filter(first -> rollback.to().compareTo(first.step().exposure()) > 0)
        .ifPresent(
            first ->
                to.problem(
                    "a rollback to "
                        + rollback.to()
                        + " would raise the exposure of step '"
                        + first.step().id()
                        + "', which is "
                        + first.step().exposure(),
                    "roll back to at most that, better to 0"));
  }

  List<PlacedStep> steps() {
    return steps;
  }

  /**
   * The plan. Only where nothing was wrong with the text.
   *
   * @param hash of the text
   */
  Plan plan(String hash) {
    Field metadata = root.at("metadata");
    return new Plan(
        metadata.at("name").text().orElseThrow(),
        hash,
        metadata.at("description").text().orElse(""),
        metadata.at("owner").text().orElse(""),
        links,
        source.orElseThrow(),
        cohorts,
        exposure,
        policy,
        metrics,
        steps.stream().map(PlacedStep::step).toList(),
        flag,
        rollback,
        notifications);
  }
}
