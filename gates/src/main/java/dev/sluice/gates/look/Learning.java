package dev.sluice.gates.look;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.dispersion.PodDispersion;
import dev.sluice.gates.plan.Metric;
import java.util.Arrays;
import java.util.List;

/**
 * Gives a judge what the baseline's time before the start shows of its metrics, and says what that
 * was.
 *
 * <p>Paired differences of means and values are not learned: there is no second group of the same
 * version to take them from. The canary, where it runs already, is the new version and has no
 * traffic, so its readings are of another kind than those to be judged.
 */
final class Learning {
  private static final long LEAST_INTERVALS = 30;
  private static final double LEAST_EVENTS = 30;

  private final Window window;
  private final Observations history;
  private final Judge judge;

  Learning(Window window, Observations history, Judge judge) {
    this.window = window;
    this.history = history;
    this.judge = judge;
  }

  Lesson learn(Metric metric) {
    String id = metric.id();
    return switch (history.metrics().get(id)) {
      case null -> nothing(id, Lesson.Why.NO_DATA);
      case Observed.Absent a -> nothing(id, Lesson.Why.NO_DATA);
      case Observed.Seen seen ->
          Tests.againstBaseline(metric) instanceof MetricTest.OfCounts
              ? noise(id)
              : shape(id, seen.canary());
    };
  }

  private Lesson nothing(String id, Lesson.Why why) {
    return new Lesson.Nothing(id, window, why);
  }

  private Lesson shape(String id, Sample sample) {
    judge.learn(id, sample);
    return sample.size() > 0
        ? new Lesson.Shape(id, window, sample.size())
        : nothing(id, Lesson.Why.NO_DATA);
  }

  private Lesson noise(String id) {
    List<ByPod> intervals = history.pods().getOrDefault(id, List.of());
    return PodRoster.noise(intervals)
        .map(noise -> noise(id, intervals, noise))
        .orElseGet(() -> nothing(id, Lesson.Why.NO_PODS));
  }

  private Lesson noise(String id, List<ByPod> intervals, PodDispersion noise) {
    long withTraffic = intervals.stream().filter(i -> i.exposure() > 0).count();
    double events =
        intervals.stream()
            .flatMap(i -> i.baseline().values().stream())
            .mapToDouble(Counts::events)
            .sum();
    if (withTraffic < LEAST_INTERVALS || events < LEAST_EVENTS) {
      return nothing(id, Lesson.Why.TOO_LITTLE);
    }
    DispersionProfile profile = noise.profile(1);
    judge.calibratePods(id, profile);
    double inflation = Arrays.stream(profile.levels()).max().orElse(1);
    return new Lesson.Noise(id, window, noise.pods(), withTraffic, inflation);
  }
}
