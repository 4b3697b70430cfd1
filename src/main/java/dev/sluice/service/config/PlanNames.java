package dev.sluice.service.config;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.plan.yaml.DidYouMean;
import dev.sluice.service.plan.yaml.Place;
import dev.sluice.service.plan.yaml.Problems;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether what a plan names is there in the server configuration. */
public final class PlanNames {
  private final PlanReading.Ok reading;
  private final Problems problems = new Problems();

  private PlanNames(PlanReading.Ok reading) {
    this.reading = reading;
  }

  /** A problem for every name that this server does not know; empty where it knows them all. */
  public static List<Problem> check(PlanReading.Ok reading, ServerConfig config) {
    return check(reading, ConfiguredNames.of(config));
  }

  /** The same, where only the names are known. */
  public static List<Problem> check(PlanReading.Ok reading, ConfiguredNames names) {
    PlanNames check = new PlanNames(reading);
    Plan plan = reading.plan();
    check.name(
        "/spec/source/prometheus", "data source", plan.source().prometheus(), names.prometheus());
    plan.flag()
        .ifPresent(f -> check.name("/spec/flag/target", "flag system", f.target(), names.flags()));
    plan.flag().ifPresent(f -> check.exposures(f.target(), names.granularity(f.target())));
    for (int i = 0; i < plan.notifications().size(); i++) {
      String sink = plan.notifications().get(i).sink();
      check.name("/spec/notify/" + i + "/sink", "sink", sink, names.sinks());
    }
    return check.problems.list();
  }

  /** What a flag system would round is something else than what the plan says. */
  private void exposures(String target, Granularity granularity) {
    Plan plan = reading.plan();
    for (int i = 0; i < plan.steps().size(); i++) {
      Step step = plan.steps().get(i);
      if (step.movesUsers()) {
        exposure("/spec/steps/" + i + "/percent", step.exposure(), target, granularity);
      }
    }
    exposure("/spec/rollback/to", plan.rollback().to(), target, granularity);
  }

  private void exposure(String pointer, Exposure exposure, String target, Granularity granularity) {
    if (!granularity.carries(exposure)) {
      problems.add(
          pointer,
          reading.places().getOrDefault(pointer, Place.UNKNOWN),
          "flag system '" + target + "' cannot be set to " + exposure,
          "it takes " + granularity.words() + " only");
    }
  }

  private void name(String pointer, String noun, String name, Set<String> configured) {
    if (configured.contains(name)) {
      return;
    }
    Place place = reading.places().getOrDefault(pointer, Place.UNKNOWN);
    problems.add(
        pointer,
        place,
        "no " + noun + " is called '" + name + "' in the server configuration",
        DidYouMean.hint(name, new TreeSet<>(configured), "configured"));
  }
}
