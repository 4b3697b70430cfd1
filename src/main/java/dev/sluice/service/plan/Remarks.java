package dev.sluice.service.plan;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Step.Kind;
import dev.sluice.service.plan.StepReader.PlacedStep;
import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.plan.yaml.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a plan may say and its author probably did not mean. */
final class Remarks {
  private final Plan plan;
  private final List<PlacedStep> steps;
  private final Problems remarks = new Problems();

  private Remarks(Plan plan, List<PlacedStep> steps) {
    this.plan = plan;
    this.steps = steps;
  }

  static List<Problem> of(Plan plan, List<PlacedStep> steps) {
    Remarks remarks = new Remarks(plan, steps);
    steps.forEach(remarks::notJudged);
    remarks.stillABaseline();
    return remarks.remarks.list();
  }

  private void notJudged(PlacedStep placed) {
    Step step = placed.step();
    List<String> idle =
        step.metrics().stream()
            .map(plan::metric)
            .filter(m -> m.role() != Metric.Role.OBSERVE && StepRules.unlimited(m))
            .map(Metric::id)
            .toList();
    if (step.kind() != Kind.APPROVE && step.baseline().isEmpty() && !idle.isEmpty()) {
      boolean one = idle.size() == 1;
      say(
          at(placed, "metrics"),
          String.join(", ", idle)
              + (one ? " is" : " are")
              + " not judged in step '"
              + step.id()
              + "': it has no baseline, and "
              + (one ? "the metric has" : "they have")
              + " no limit");
    }
  }

  private void stillABaseline() {
    Set<String> used = new HashSet<>();
    for (PlacedStep placed : steps) {
      Step step = placed.step();
      boolean all = step.exposure().equals(Exposure.ALL);
      boolean now = step.baseline().filter(b -> plan.cohort(b).offset().isZero()).isPresent();
      if (step.kind() == Kind.EXPOSE && now && all && used.contains(step.baseline().orElse(""))) {
        say(
            at(placed, "baseline"),
            "'"
                + step.baseline().orElse("")
                + "' is the baseline of lower steps too: make sure that somebody stays in it at 100 %");
      } else if (step.kind() == Kind.EXPOSE) {
        step.baseline().ifPresent(used::add);
      }
    }
  }

  private void say(Field field, String message) {
    remarks.add(field.pointer(), field.place(), message);
  }

  private static Field at(PlacedStep placed, String name) {
    Field field = placed.field().at(name);
    return field.given() ? field : placed.field().at("id");
  }
}
