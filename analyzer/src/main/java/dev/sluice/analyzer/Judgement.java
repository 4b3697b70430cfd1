package dev.sluice.analyzer;

import java.util.List;
import java.util.Map;

/**
 * What a judge says after one look.
 *
 * @param harm whether harm is proven and confirmed; stays true for the rest of the rollout
 * @param logHarm natural logarithm of the combined e-value (weighted mean over the metrics)
 * @param threshold what logHarm must reach: ln(1 / falseAlarm)
 * @param culprits ids of the metrics that are named, most evident first; never empty while harm is
 *     true
 * @param findings one per metric, in the order of the judge
 */
public record Judgement(
    boolean harm,
    double logHarm,
    double threshold,
    List<String> culprits,
    Map<String, Finding> findings) {
  public Judgement {
    culprits = List.copyOf(culprits);
    findings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(findings));
  }
}
