package dev.sluice.analyzer;

import java.util.List;
import java.util.Map;

/**
 * The judge of one rollout: keeps the evidence of all its metrics and spends one error budget over
 * them.
 *
 * <p>Not thread-safe. Deterministic: the same looks in the same order give the same bits.
 */
public final class Judge {
  private Judge() {}

  /**
   * @param metrics at least one, ids unique
   */
  public static Judge start(JudgeSettings settings, List<JudgedMetric> metrics) {
    throw new UnsupportedOperationException();
  }

  /**
   * A judge that goes on where another stopped.
   *
   * @param snapshot what {@link #snapshot()} returned for a judge with the same settings and
   *     metrics
   * @throws IllegalArgumentException if the snapshot does not fit the settings and metrics, or is
   *     of another version
   */
  public static Judge restore(
      JudgeSettings settings, List<JudgedMetric> metrics, double[] snapshot) {
    throw new UnsupportedOperationException();
  }

  /**
   * Gives a latency metric the baseline's histogram from before the rollout, so that it need not
   * spend its first looks on learning the shape. Ignored for other metrics, for empty histograms,
   * and once looks have been taken.
   */
  public void learn(String metricId, Sample history) {
    throw new UnsupportedOperationException();
  }

  /**
   * One look: every metric that was seen is updated, every other one is left as it is.
   *
   * @param observed by metric id; a metric that is not named is not judged in this look (it is not
   *     part of the step)
   */
  public Judgement look(Look look, Map<String, Observed> observed) {
    throw new UnsupportedOperationException();
  }

  /** Everything this judge knows, as numbers. The first one is the version of the format. */
  public double[] snapshot() {
    throw new UnsupportedOperationException();
  }
}
