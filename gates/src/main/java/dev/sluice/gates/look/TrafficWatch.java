package dev.sluice.gates.look;

import dev.sluice.gates.plan.Step;
import java.util.Locale;
import java.util.Optional;

/** Whether the traffic follows the plan: the split, and whether the canary gets any at all. */
final class TrafficWatch {
  /**
   * The chance of seeing none of this many expected requests is below one in a hundred thousand.
   */
  private static final double SILENT_UNITS = 12;

  private double expectedWhileSilent;

  private TrafficWatch() {}

  static TrafficWatch start() {
    return new TrafficWatch();
  }

  static TrafficWatch restore(double[] snapshot) {
    TrafficWatch watch = new TrafficWatch();
    watch.expectedWhileSilent = snapshot[0];
    return watch;
  }

  /** Share of the traffic that was on the canary in this look. */
  static Optional<Double> share(Observations.Traffic traffic) {
    return switch (traffic) {
      case Observations.Traffic.Seen t ->
          t.canary() + t.rest() > 0
              ? Optional.of(t.canary() / (t.canary() + t.rest()))
              : Optional.empty();
      case Observations.Traffic.Unknown t -> Optional.empty();
      case Observations.Traffic.NotAsked t -> Optional.empty();
    };
  }

  Optional<Assessment.TrafficTrouble> look(
      Step step, boolean newStep, Observations.Traffic traffic) {
    if (newStep) {
      expectedWhileSilent = 0;
    }
    return switch (traffic) {
      case Observations.Traffic.Seen t -> judge(step, t);
      case Observations.Traffic.Unknown t -> Optional.empty();
      case Observations.Traffic.NotAsked t -> Optional.empty();
    };
  }

  private Optional<Assessment.TrafficTrouble> judge(Step step, Observations.Traffic.Seen t) {
    double expected = step.exposure().share();
    expectedWhileSilent = t.canary() > 0 ? 0 : expectedWhileSilent + t.rest() * expected;
    if (expectedWhileSilent >= SILENT_UNITS) {
      return Optional.of(
          new Assessment.TrafficTrouble(
              Assessment.TrafficTrouble.Kind.NO_TRAFFIC,
              String.format(
                  Locale.ROOT,
                  "The canary gets no traffic: about %.0f requests were due at %s and none came. Check the flag and the canary's labels.",
                  expectedWhileSilent,
                  step.exposure())));
    }
    return Optional.empty();
  }

  double[] snapshot() {
    return new double[] {expectedWhileSilent};
  }
}
