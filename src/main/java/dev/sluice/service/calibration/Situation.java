package dev.sluice.service.calibration;

import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;

/** Telemetry of one metric whose truth is known, without end. */
interface Situation {
  /** What the metric is tested for. */
  MetricTest test();

  /** What a judge knows before the rollout begins. Nothing, by default. */
  default void teach(Judge judge, String metric, Chance chance) {}

  /** A rollout in this situation; everything by chance comes from this chance. */
  Telemetry begin(Chance chance);

  /** What is seen, one look after another. */
  interface Telemetry {
    /**
     * @param look counted from 0, each asked once and in order
     */
    Observed next(int look);

    /** Whether a step of the rollout begins with this look. */
    default boolean stepBegins(int look) {
      return look == 0;
    }
  }
}
