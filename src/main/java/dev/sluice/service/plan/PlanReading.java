package dev.sluice.service.plan;

import dev.sluice.gates.plan.Plan;
import dev.sluice.service.plan.yaml.Place;
import java.util.List;
import java.util.Map;

/** What came of reading a plan: the plan, or everything that is wrong with it. */
public sealed interface PlanReading {

  /**
   * @param remarks what is allowed and probably not meant, in the order of the text
   * @param places where the plan names things of the server configuration, by JSON pointer
   */
  record Ok(Plan plan, List<Problem> remarks, Map<String, Place> places) implements PlanReading {
    public Ok {
      remarks = List.copyOf(remarks);
      places = Map.copyOf(places);
    }

    /** A plan that was not read from a text. */
    public Ok(Plan plan) {
      this(plan, List.of(), Map.of());
    }
  }

  /**
   * @param problems at least one, in the order of the text
   */
  record Broken(List<Problem> problems) implements PlanReading {
    public Broken {
      problems = List.copyOf(problems);
    }
  }
}
