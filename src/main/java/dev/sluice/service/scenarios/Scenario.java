package dev.sluice.service.scenarios;

import dev.sluice.analyzer.JudgeSettings;
import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Pods;
import dev.sluice.analyzer.Sample;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rollout whose telemetry is written down, interval by interval.
 *
 * @param id unique in its collection
 * @param settings what the scenario promises, at the pace of the reference implementation
 * @param intervalSeconds length of one look
 * @param stepBegins looks, counted from 0, with which a step of the rollout begins
 * @param looks how many intervals there are, at least 1
 * @param metrics at least one, names unique, each with as many looks
 */
public record Scenario(
    String id,
    JudgeSettings settings,
    double intervalSeconds,
    Set<Integer> stepBegins,
    int looks,
    List<Series> metrics) {
  public Scenario {
    stepBegins = Set.copyOf(stepBegins);
    metrics = List.copyOf(metrics);
  }

  public List<JudgedMetric> judged() {
    return metrics.stream().map(Series::metric).toList();
  }

  /**
   * One metric and what was seen of it.
   *
   * @param gating whether it must be proven safe for the whole to be safe
   * @param learned what is known from before the rollout
   * @param looks what was seen, one for each interval
   * @param pods the baseline pod by pod, one for each interval; empty where that is not known
   */
  public record Series(
      JudgedMetric metric,
      boolean gating,
      Learned learned,
      List<Observed> looks,
      List<Optional<Pods>> pods) {
    public Series {
      looks = List.copyOf(looks);
      pods = List.copyOf(pods);
    }
  }

  /** What is known of a metric from before the rollout. */
  public sealed interface Learned {
    record Nothing() implements Learned {}

    /** The noise between the baseline's pods. */
    record Noise(DispersionProfile profile) implements Learned {}

    /** The baseline's shape. */
    record Shape(Sample history) implements Learned {}

    /** Paired differences of two groups of the same version, oldest first. */
    record Differences(List<Double> oldestFirst) implements Learned {
      public Differences {
        oldestFirst = List.copyOf(oldestFirst);
      }
    }
  }
}
