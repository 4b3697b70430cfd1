package dev.sluice.gates.look;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.util.Map;

/**
 * Everything a rollout has learned from its looks: the judges of its metrics. Not thread-safe;
 * deterministic; a restored one goes on bit for bit.
 */
public final class Evidence {
  private Evidence() {}

  public static Evidence start(Plan plan) {
    throw new UnsupportedOperationException();
  }

  /** Goes on where {@link #snapshot()} of the same plan was taken. */
  public static Evidence restore(Plan plan, Map<String, double[]> snapshot) {
    throw new UnsupportedOperationException();
  }

  /** What look wants to know in this step. */
  public static Question question(Plan plan, Step step, Window window) {
    throw new UnsupportedOperationException();
  }

  /**
   * Judges one look.
   *
   * @param newStep whether it is the first look of the step since its exposure was applied
   */
  public Assessment look(Step step, boolean newStep, Observations observations) {
    throw new UnsupportedOperationException();
  }

  public Map<String, double[]> snapshot() {
    throw new UnsupportedOperationException();
  }
}
