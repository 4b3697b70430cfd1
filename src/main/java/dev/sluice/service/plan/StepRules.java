package dev.sluice.service.plan;

import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Step.AdvanceWhen;
import dev.sluice.gates.plan.Step.Kind;
import dev.sluice.service.plan.StepReader.PlacedStep;
import dev.sluice.service.plan.yaml.DidYouMean;
import dev.sluice.service.plan.yaml.Field;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the steps, and between a step and the rest of the plan. */
final class StepRules {
  private final List<PlacedStep> steps;
  private final Map<String, Cohort> cohorts;
  private final Set<String> cohortNames;
  private final Map<String, Metric> metrics;
  private final Set<String> metricIds;
  private final Field spec;
  private final Set<String> missing = new HashSet<>();

  /**
   * @param spec also holds the cohorts and metrics that cannot be read, and are there all the same
   */
  StepRules(
      Field spec,
      List<PlacedStep> steps,
      Map<String, Cohort> cohorts,
      Map<String, Metric> metrics) {
    this.spec = spec;
    this.steps = steps;
    this.cohorts = cohorts;
    this.metrics = metrics;
    cohortNames = spec.at("cohorts").entries().keySet();
    metricIds = new LinkedHashSet<>(PlanText.ids(spec.at("metrics")));
  }

  void check() {
    for (PlacedStep placed : steps) {
      names(placed);
      times(placed);
      judgesSomething(placed);
    }
    canariesAreNow();
    percentsRise(Kind.EXPOSE);
    percentsRise(Kind.SHADOW);
    everybodyIsCompared();
    retainAfterExpose();
  }

  private void names(PlacedStep placed) {
    Step step = placed.step();
    cohort(placed, "canary", step.canary());
    step.baseline().ifPresent(name -> cohort(placed, "baseline", name));
    if (step.baseline().filter(step.canary()::equals).isPresent()) {
      at(placed, "baseline")
          .problem(
              "'" + step.canary() + "' would be compared with itself",
              "name the cohort of the old version");
    } else if (step.baseline().filter(b -> same(step.canary(), b)).isPresent()) {
      at(placed, "baseline")
          .problem(
              "'" + step.canary() + "' and '" + step.baseline().get() + "' select the same series",
              "give the cohorts matchers that tell them apart");
    }
    metricNames(placed.field().at("metrics"));
  }

  private void cohort(PlacedStep placed, String role, String name) {
    Field field = placed.field().at(role);
    if (cohortNames.contains(name)) {
      return;
    }
    if (field.given()) {
      field.problem(
          "no cohort is called '" + name + "'", DidYouMean.hint(name, cohortNames, "cohorts"));
    } else if (!goesOn(placed.step())) {
      String step = placed.step().id();
      boolean first = missing.add(name);
      if (first) {
        spec.at("cohorts")
            .problemOfKey(
                "no cohort is called '"
                    + name
                    + "', which is the "
                    + role
                    + " of step '"
                    + step
                    + "'",
                role.equals("baseline")
                    ? "define it, or say in the step baseline: null or the name of another"
                    : "define it, or name another in the step");
      }
    }
  }

  /** Whether it has its cohorts from a neighbour, where they are checked. */
  private boolean goesOn(Step step) {
    return step.kind() == Kind.APPROVE
        && steps.stream().anyMatch(s -> s.step().kind() != Kind.APPROVE);
  }

  /** What is judged must be read now. */
  private void canariesAreNow() {
    for (String name : steps.stream().map(s -> s.step().canary()).distinct().toList()) {
      if (offset(name).isPositive()) {
        spec.at("cohorts")
            .at(name)
            .at("offset")
            .problem(
                "'" + name + "' is judged as a canary, and an offset reads the past",
                "an offset belongs to a baseline");
      }
    }
  }

  private void metricNames(Field field) {
    Set<String> seen = new HashSet<>();
    for (Field item : field.items()) {
      Optional<String> id = item.text();
      if (id.filter(i -> !metricIds.contains(i)).isPresent()) {
        item.problem(
            "no metric is called '" + id.get() + "'",
            DidYouMean.hint(id.get(), metricIds, "metrics"));
      } else if (id.filter(i -> !seen.add(i)).isPresent()) {
        item.problem("'" + id.get() + "' stands here twice", "take one of them out");
      }
    }
  }

  private boolean same(String canary, String baseline) {
    Cohort a = cohorts.get(canary);
    Cohort b = cohorts.get(baseline);
    return a != null
        && b != null
        && a.matchers().equals(b.matchers())
        && a.offset().equals(b.offset());
  }

  private Duration offset(String cohort) {
    Cohort found = cohorts.get(cohort);
    return found == null ? Duration.ZERO : found.offset();
  }

  private static void times(PlacedStep placed) {
    Step step = placed.step();
    Field hold = placed.field().at("hold");
    if (step.atMost().filter(most -> most.compareTo(step.atLeast()) < 0).isPresent()) {
      hold.at("atMost")
          .problem(
              "'atMost' is "
                  + hold.at("atMost").text().orElse("")
                  + " and 'atLeast' is "
                  + hold.at("atLeast").text().orElse(""),
              "atMost counts from the beginning of the step: make it longer than atLeast");
    }
    Field inconclusive = placed.field().at("onInconclusive");
    if (inconclusive.given()
        && !hold.at("atMost").given()
        && step.onInconclusive() != Step.OnInconclusive.HOLD) {
      inconclusive.problemOfKey(
          "'onInconclusive' applies after hold.atMost, which is not given",
          "say how long the step may take: hold: { atMost: 48h }");
    }
    if (step.kind() == Kind.EXPOSE
        && step.advanceWhen() == AdvanceWhen.NO_HARM_FOUND
        && step.atLeast().isZero()) {
      placed
          .field()
          .at("advanceWhen")
          .problem(
              "without hold.atLeast the step would end at the first look that finds no harm",
              "say how long it is watched: hold: { atLeast: 24h }");
    }
  }

  /** A step that nothing could stop is no gate. */
  private void judgesSomething(PlacedStep placed) {
    Step step = placed.step();
    boolean gate =
        switch (step.kind()) {
          case SHADOW, VERIFY, EXPOSE -> step.advanceWhen() != AdvanceWhen.APPROVED;
          case APPROVE, RETAIN -> false;
        };
    boolean unknown = step.metrics().stream().anyMatch(id -> !metrics.containsKey(id));
    if (!gate || unknown) {
      return;
    }
    List<Metric> guardrails =
        step.metrics().stream()
            .map(metrics::get)
            .filter(m -> m.role() == Metric.Role.GUARDRAIL)
            .toList();
    boolean compared = step.baseline().isPresent();
    if (guardrails.isEmpty()) {
      at(placed, "metrics")
          .problem(
              "no guardrail is judged in step '" + step.id() + "': it would go on without evidence",
              "give a metric role: guardrail, or let people decide with advanceWhen: approved");
    } else if (compared && guardrails.stream().allMatch(m -> pushed(m) && unlimited(m))) {
      at(placed, "metrics")
          .problem(
              "pushed metrics are judged by their limits, and no guardrail of step '"
                  + step.id()
                  + "' has one",
              "give a guardrail a limit");
    } else if (!compared && guardrails.stream().allMatch(StepRules::unlimited)) {
      at(placed, "baseline")
          .problem(
              "without a baseline only limits are judged, and no guardrail of step '"
                  + step.id()
                  + "' has one",
              "give a guardrail a limit, or name a cohort to compare with");
    } else if (!compared) {
      placed.field().at("metrics").items().forEach(this::judged);
    }
  }

  private void judged(Field item) {
    Metric metric = metrics.get(item.text().orElse(""));
    if (metric != null && metric.role() != Metric.Role.OBSERVE && unlimited(metric)) {
      item.problem(
          "'" + metric.id() + "' cannot be judged here: no baseline, and it has no limit",
          "give it a limit, or take it out of this step");
    }
  }

  private static boolean pushed(Metric metric) {
    return metric instanceof Metric.Pushed;
  }

  static boolean unlimited(Metric metric) {
    return metric.common().limit().isEmpty();
  }

  private void percentsRise(Kind kind) {
    Optional<PlacedStep> before = Optional.empty();
    for (PlacedStep placed : steps) {
      if (placed.step().kind() != kind || placed.field().at("percent").number().isEmpty()) {
        continue;
      }
      Exposure own = placed.step().exposure();
      if (before.filter(b -> b.step().exposure().compareTo(own) > 0).isPresent()) {
        placed
            .field()
            .at("percent")
            .problem(
                "the share falls from "
                    + before.get().step().exposure()
                    + " in step '"
                    + before.get().step().id()
                    + "' to "
                    + own,
                "steps only go up; going down is a rollback");
      }
      before = Optional.of(placed);
    }
  }

  /** Where all users are on the canary, the old version's control group has nobody left. */
  private void everybodyIsCompared() {
    for (PlacedStep placed : steps) {
      Step step = placed.step();
      boolean own = step.kind() != Kind.APPROVE || placed.field().at("baseline").given();
      boolean all = step.kind() != Kind.SHADOW && step.exposure().equals(Exposure.ALL);
      if (own && all && step.baseline().filter(b -> b.equals("baseline") && isNow(b)).isPresent()) {
        at(placed, "baseline")
            .problem(
                "at 100 % nobody is left in cohort 'baseline': there is nothing to compare with",
                "use a cohort that stays on the old version (baseline: holdback), one with an offset,"
                    + " or baseline: null with limits");
      }
    }
  }

  private boolean isNow(String cohort) {
    return offset(cohort).isZero();
  }

  private void retainAfterExpose() {
    boolean exposed = false;
    for (PlacedStep placed : steps) {
      exposed |= placed.step().kind() == Kind.EXPOSE;
      if (placed.step().kind() == Kind.RETAIN && !exposed) {
        placed
            .field()
            .at("kind")
            .problem(
                "nobody is on the canary yet, so there is no old system to retain",
                "put it behind the last expose step");
      }
    }
  }

  /** The field where it is given, else the step's id. */
  private static Field at(PlacedStep placed, String name) {
    Field field = placed.field().at(name);
    return field.given() ? field : placed.field().at("id");
  }
}
