package dev.sluice.service.http.controllers;

import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.Problems;
import java.util.List;
import java.util.Optional;

/** Steps of a plan, by their names. */
public final class Steps {
  private Steps() {}

  /** From 0; fails with a refusal that lists the steps there are. */
  public static int index(Rollout rollout, String step) {
    List<String> ids = rollout.plan().steps().stream().map(Step::id).toList();
    int index = ids.indexOf(step);
    if (index < 0) {
      throw Problems.unknownStep(rollout.plan().name(), step, ids).refusal();
    }
    return index;
  }

  /** The present step where none is named. */
  public static int index(Rollout rollout, Optional<String> step) {
    return step.map(s -> index(rollout, s)).orElse(rollout.stepIndex());
  }
}
