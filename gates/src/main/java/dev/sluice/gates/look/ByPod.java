package dev.sluice.gates.look;

import dev.sluice.analyzer.Counts;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The baseline's counts of one metric in one stretch of time, pod by pod: how much pods of one
 * version differ is how much a canary may differ without any fault of its own.
 *
 * @param baseline by name of the pod; where there are more than {@link #MOST}, by name of a group
 *     of pods, the same pods always in the same group
 * @param baselinePods how many pods that really are
 * @param canaryPods how many pods the canary has, at least 1; 1 where nothing tells its pods apart
 */
public record ByPod(SortedMap<String, Counts> baseline, int baselinePods, int canaryPods) {
  /** So many pods are told apart at most. */
  public static final int MOST = 64;

  public ByPod {
    baseline = Collections.unmodifiableSortedMap(new TreeMap<>(baseline));
    if (baseline.size() > MOST) {
      throw new IllegalArgumentException(
          baseline.size() + " pods were given one by one, " + MOST + " is the most");
    }
    if (baselinePods < baseline.size() || canaryPods < 1) {
      throw new IllegalArgumentException(
          "there cannot be "
              + baselinePods
              + " baseline pods with "
              + baseline.size()
              + " names and "
              + canaryPods
              + " canary pods");
    }
  }

  public static ByPod of(Map<String, Counts> baseline, int canaryPods) {
    return new ByPod(new TreeMap<>(baseline), baseline.size(), canaryPods);
  }

  /** Units of all pods. */
  public double exposure() {
    return baseline.values().stream().mapToDouble(Counts::exposure).sum();
  }
}
