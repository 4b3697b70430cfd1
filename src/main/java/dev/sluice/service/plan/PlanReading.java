package dev.sluice.service.plan;

import dev.sluice.gates.plan.Plan;
import java.util.List;

/** What came of reading a plan: the plan, or everything that is wrong with it. */
public sealed interface PlanReading {

  record Ok(Plan plan) implements PlanReading {}

  /**
   * @param problems at least one, in the order of the text
   */
  record Broken(List<Problem> problems) implements PlanReading {
    public Broken {
      problems = List.copyOf(problems);
    }
  }
}
