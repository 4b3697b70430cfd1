package dev.sluice.gates.look;

import dev.sluice.analyzer.SplitTest;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Step;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether the traffic follows the plan: the split, and whether the canary gets any at all. */
final class TrafficWatch {
  /**
   * The chance of seeing none of this many expected requests is below one in a hundred thousand.
   */
  private static final double SILENT_UNITS = 12;

  private double expectedWhileSilent;
  private final SplitTest split;

  private TrafficWatch(double expectedWhileSilent, SplitTest split) {
    this.expectedWhileSilent = expectedWhileSilent;
    this.split = split;
  }

  static TrafficWatch start() {
    return new TrafficWatch(0, SplitTest.start());
  }

  static TrafficWatch restore(double[] snapshot) {
    if (snapshot.length < 2) {
      throw new IllegalArgumentException(
          "not the snapshot of a traffic watch: " + Arrays.toString(snapshot));
    }
    return new TrafficWatch(
        snapshot[0], SplitTest.restore(Arrays.copyOfRange(snapshot, 1, snapshot.length)));
  }

  double[] snapshot() {
    double[] ofSplit = split.snapshot();
    double[] all = new double[ofSplit.length + 1];
    all[0] = expectedWhileSilent;
    System.arraycopy(ofSplit, 0, all, 1, ofSplit.length);
    return all;
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

  /** Takes in a look whose whole window lay in the step; silence is the worse of two troubles. */
  Optional<Assessment.TrafficTrouble> look(
      Step step, boolean newStep, Observations.Traffic traffic) {
    if (newStep) {
      expectedWhileSilent = 0;
      split.startAnew();
    }
    return switch (traffic) {
      case Observations.Traffic.Seen t -> {
        Optional<Assessment.TrafficTrouble> mismatch = mismatch(step.exposure(), t);
        yield silence(step.exposure(), t).or(() -> mismatch);
      }
      case Observations.Traffic.Unknown t -> Optional.empty();
      case Observations.Traffic.NotAsked t -> Optional.empty();
    };
  }

  private Optional<Assessment.TrafficTrouble> silence(
      Exposure planned, Observations.Traffic.Seen t) {
    expectedWhileSilent = t.canary() > 0 ? 0 : expectedWhileSilent + t.rest() * planned.share();
    return expectedWhileSilent < SILENT_UNITS
        ? Optional.empty()
        : Optional.of(
            new Assessment.TrafficTrouble(
                Assessment.TrafficTrouble.Kind.NO_TRAFFIC,
                String.format(
                    Locale.ROOT,
                    "The canary gets no traffic: about %s requests were due at %s and none came."
                        + " Check the flag and the canary's labels.",
                    Numbers.whole(expectedWhileSilent),
                    planned)));
  }

  private Optional<Assessment.TrafficTrouble> mismatch(
      Exposure planned, Observations.Traffic.Seen t) {
    double share = planned.share();
    return split.look(share, t.canary(), t.rest())
        ? Optional.of(
            new Assessment.TrafficTrouble(
                Assessment.TrafficTrouble.Kind.MISMATCH, sentence(planned, share)))
        : Optional.empty();
  }

  private String sentence(Exposure planned, double share) {
    if (split.mending(share)) {
      return String.format(
          Locale.ROOT,
          "The canary had another share of the traffic than the %s of the plan. Of the %s requests"
              + " since, %s were on it, which is right: this is taken back after %s such requests.",
          planned,
          Numbers.whole(split.lateUnits()),
          Numbers.percent(split.lateCanary() / split.lateUnits()),
          Numbers.whole(SplitTest.ENOUGH));
    }
    return String.format(
        Locale.ROOT,
        "The canary gets %s of the traffic where the plan says %s: %s of %s requests, and between"
            + " %s and %s would pass. Check the flag's percentage, what its users stick to, and"
            + " the labels of the cohorts.",
        Numbers.percent(split.canary() / split.units()),
        planned,
        Numbers.whole(split.canary()),
        Numbers.whole(split.units()),
        Numbers.percent(SplitTest.least(share)),
        Numbers.percent(SplitTest.most(share)));
  }
}
