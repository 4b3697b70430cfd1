package dev.sluice.analyzer;

import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param ahead what is to be expected, by metric id
 */
public record Judgement(
    boolean harm,
    double logHarm,
    double threshold,
    List<String> culprits,
    Map<String, Finding> findings,
    Map<String, Ahead> ahead) {
  public Judgement {
    culprits = List.copyOf(culprits);
    findings = Collections.unmodifiableMap(new LinkedHashMap<>(findings));
    ahead = Collections.unmodifiableMap(new LinkedHashMap<>(ahead));
  }

  /** Without a word on what is to come. */
  public Judgement(
      boolean harm,
      double logHarm,
      double threshold,
      List<String> culprits,
      Map<String, Finding> findings) {
    this(harm, logHarm, threshold, culprits, findings, Map.of());
  }
}
