package dev.sluice.gates.look;

import java.util.List;
import java.util.Optional;

/**
 * All verdicts of one look.
 *
 * @param harm whether the guardrails together prove harm, confirmed: this is what falseAlarm bounds
 * @param logHarm natural logarithm of the guardrails' combined e-value
 * @param threshold what logHarm must reach
 * @param culprits ids of the checks that are named, most evident first
 * @param observedShare share of the traffic on the canary in this look, 0 to 1
 * @param trafficTrouble what is wrong with the split, in words
 * @param usable whether the look had data for every guardrail, so that its time counts as dwell
 * @param footing what the verdicts stand on besides the looks; absent where that is nothing
 */
public record Assessment(
    Window window,
    String stepId,
    List<Check> checks,
    boolean harm,
    double logHarm,
    double threshold,
    List<String> culprits,
    Optional<Double> observedShare,
    Optional<TrafficTrouble> trafficTrouble,
    boolean usable,
    Optional<Footing> footing) {

  public Assessment {
    checks = List.copyOf(checks);
    culprits = List.copyOf(culprits);
  }

  /** With nothing besides the looks to stand on. */
  public Assessment(
      Window window,
      String stepId,
      List<Check> checks,
      boolean harm,
      double logHarm,
      double threshold,
      List<String> culprits,
      Optional<Double> observedShare,
      Optional<TrafficTrouble> trafficTrouble,
      boolean usable) {
    this(
        window,
        stepId,
        checks,
        harm,
        logHarm,
        threshold,
        culprits,
        observedShare,
        trafficTrouble,
        usable,
        Optional.empty());
  }

  /** Named trouble with the traffic split. */
  public record TrafficTrouble(Kind kind, String sentence) {

    /** Which trouble. */
    public enum Kind {
      /** The split does not follow the plan. */
      MISMATCH,
      /** The canary gets no traffic at all. */
      NO_TRAFFIC
    }
  }
}
