package dev.sluice.service.explain;

import dev.sluice.analyzer.Sample;
import dev.sluice.gates.look.Window;
import java.util.Map;
import java.util.Optional;

/**
 * What a metrics system shows before a rollout.
 *
 * @param window the time that was measured
 * @param baseline name of the cohort that was measured as the baseline
 * @param metrics by metric id
 */
public record Measured(Window window, Optional<String> baseline, Map<String, OfMetric> metrics) {
  public Measured {
    metrics = Map.copyOf(metrics);
  }

  /** One metric. */
  public sealed interface OfMetric {

    /**
     * @param baseline what the baseline showed
     * @param everybody units of all cohorts together
     * @param controlled whether the baseline is only a part of those who are not on the canary
     * @param noise how many times the variance of chance the baseline's pods showed; absent where
     *     that cannot be told
     */
    record Seen(Sample baseline, double everybody, boolean controlled, Optional<Double> noise)
        implements OfMetric {}

    /**
     * @param detail one sentence
     */
    record Absent(String detail) implements OfMetric {}
  }
}
