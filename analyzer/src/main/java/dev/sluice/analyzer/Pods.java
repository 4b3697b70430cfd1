package dev.sluice.analyzer;

import java.util.List;

/**
 * The pods of the baseline in one window: how much they differ from each other is how much a canary
 * may differ without any fault of the new version.
 *
 * @param baseline one sample per pod, always in the same order; two are the least that says
 *     anything
 * @param exposureRatio exposure per canary pod divided by exposure per baseline pod, more than 0
 */
public record Pods(List<Counts> baseline, double exposureRatio) {
  public Pods {
    baseline = List.copyOf(baseline);
    Require.between("exposureRatio", exposureRatio, 0, Double.POSITIVE_INFINITY);
  }
}
