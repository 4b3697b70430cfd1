package dev.sluice.service.scenarios;

import dev.sluice.analyzer.Effect;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the judge made of a scenario. It is watched until harm is proven, or to its end.
 *
 * @param harmAt the look, counted from 1, after which harm was proven
 * @param safeAt the first look, counted from 1, after which every gating metric was proven safe in
 *     the present step
 * @param logHarm ln of the combined evidence of harm after the last look
 * @param metrics by name, in the order of the scenario
 */
public record Decided(
    String id,
    Word decision,
    OptionalInt harmAt,
    OptionalInt safeAt,
    double logHarm,
    Map<String, OfMetric> metrics) {
  public Decided {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The last word on a scenario. */
  public enum Word {
    HARM,
    SAFE,
    INCONCLUSIVE,
    /** Not even a handful of intervals could be used. */
    INSUFFICIENT
  }

  /**
   * @param logHarm ln of the evidence of harm after the last look; 0 while there is none
   * @param pValue least {@code exp(-logHarm)} of all looks, at most 1: valid whenever one stops
   * @param intervals how many intervals, or blocks of intervals for a mean, could be used
   * @param ratio how the canary compares with the baseline in the present step; counts only
   */
  public record OfMetric(double logHarm, double pValue, int intervals, Optional<Effect> ratio) {}
}
