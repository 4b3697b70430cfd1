package dev.sluice.gates.rollout;

import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a look is to find: an assessment being written for a test. */
final class Reading {
  private static final double THRESHOLD = Math.log(100);

  private final Map<String, Verdict> verdicts = new HashMap<>();
  private final Map<String, Long> absent = new HashMap<>();
  private final Map<String, Verdict> limits = new HashMap<>();
  private Verdict otherwise = Verdict.INCONCLUSIVE;
  private boolean compared = true;
  private double logHarm = -1;
  private Optional<Assessment.TrafficTrouble> trouble = Optional.empty();

  private Reading() {}

  /** No harm, and nothing proven either. */
  static Reading fine() {
    return new Reading();
  }

  /** Every metric is proven safe. */
  static Reading safe() {
    Reading reading = new Reading();
    reading.otherwise = Verdict.PASS;
    return reading;
  }

  /** No metric has anything yet. */
  static Reading thin() {
    Reading reading = new Reading();
    reading.compared = false;
    return reading;
  }

  /** Nothing at all is seen, for so many looks. */
  static Reading dark(long looks) {
    return new Reading().absent("errors", looks).absent("p99", looks).absent("basket", looks);
  }

  /** This metric is proven worse. */
  Reading worse(String metric) {
    verdicts.put(metric, Verdict.FAIL);
    return this;
  }

  Reading pass(String metric) {
    verdicts.put(metric, Verdict.PASS);
    return this;
  }

  Reading unclear(String metric) {
    verdicts.put(metric, Verdict.INCONCLUSIVE);
    return this;
  }

  /** This metric has had no data for so many looks. */
  Reading absent(String metric, long looks) {
    verdicts.put(metric, Verdict.NO_DATA);
    absent.put(metric, looks);
    return this;
  }

  /** The upper bound of this metric. */
  Reading limit(String metric, Verdict verdict) {
    limits.put(metric, verdict);
    return this;
  }

  Reading leaning(double newLogHarm) {
    logHarm = newLogHarm;
    return this;
  }

  Reading trouble(Assessment.TrafficTrouble.Kind kind) {
    trouble = Optional.of(new Assessment.TrafficTrouble(kind, "Trouble: " + kind + "."));
    return this;
  }

  Assessment of(Rollout rollout) {
    return of(
        rollout,
        Window.ofLook(rollout.startedAt(), rollout.plan().source().every(), rollout.looks() + 1));
  }

  Assessment of(Rollout rollout, Window window) {
    Step step = rollout.step();
    List<Check> checks = new ArrayList<>();
    for (String id : step.metrics()) {
      Metric metric = rollout.plan().metric(id);
      Verdict verdict = verdicts.getOrDefault(id, otherwise);
      checks.add(check(id, metric, Check.Kind.BASELINE, verdict));
      if (limits.containsKey(id)) {
        checks.add(check(id + ".max", metric, Check.Kind.MAX, limits.get(id)));
      }
    }
    List<String> culprits =
        checks.stream()
            .filter(c -> c.role() == Metric.Role.GUARDRAIL && c.kind() == Check.Kind.BASELINE)
            .filter(c -> c.verdict() == Verdict.FAIL)
            .map(Check::id)
            .toList();
    boolean usable =
        checks.stream()
            .filter(c -> c.role() == Metric.Role.GUARDRAIL)
            .filter(
                c ->
                    rollout.plan().metric(c.metricId()).common().onNoData()
                        != Metric.OnNoData.IGNORE)
            .noneMatch(c -> c.verdict() == Verdict.NO_DATA);
    return new Assessment(
        window,
        step.id(),
        checks,
        !culprits.isEmpty(),
        culprits.isEmpty() ? logHarm : THRESHOLD + 1,
        THRESHOLD,
        culprits,
        Optional.empty(),
        trouble,
        usable);
  }

  private Check check(String id, Metric metric, Check.Kind kind, Verdict verdict) {
    boolean here = compared && verdict != Verdict.NO_DATA;
    return new Check(
        id,
        metric.id(),
        metric.common().title(),
        metric.role(),
        kind,
        verdict,
        metric.common().title() + " says " + verdict + ".",
        here ? comparison(verdict) : insufficient(verdict),
        here,
        absent.getOrDefault(metric.id(), 0L));
  }

  private static Finding comparison(Verdict verdict) {
    return new Finding.Comparison(
        new Effect(Effect.Scale.RATIO, 0.9, 1, 1.1, 1.1),
        0.01,
        0.01,
        1000,
        9000,
        verdict == Verdict.FAIL ? 9 : -1,
        verdict == Verdict.PASS ? 9 : 0,
        verdict == Verdict.FAIL,
        verdict == Verdict.PASS,
        Finding.Tier.UNCALIBRATED,
        1);
  }

  private static Finding insufficient(Verdict verdict) {
    return new Finding.Insufficient(
        verdict == Verdict.NO_DATA ? Finding.Shortage.NO_DATA : Finding.Shortage.TOO_FEW,
        "Too few.",
        OptionalLong.empty(),
        0,
        0);
  }
}
