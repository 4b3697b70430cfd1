package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Combination;
import dev.sluice.analyzer.evidence.LogSpace;
import dev.sluice.analyzer.evidence.MeanInterval;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Means and scalars, as a paired series of canary and baseline.
 *
 * <p>Harm: the level has shifted, at a moment nobody knows ({@link ShiftSide}; at the pace of the
 * reference implementation {@link SteadySide}). "Either" direction is the mean of the e-values of
 * both.
 *
 * <p>Safe, anew in every step: the upper end of the confidence sequence for the canary's excess
 * over the line lies below 0. That takes 30 pairs at least. The promise is asymptotic; a metric
 * that can be counted should be counted.
 */
final class SeriesJudge extends MetricJudge {
  private final Margin harmful;
  private final Margin unsafe;
  private final List<SeriesSide> sides;
  private final Pairing harmPairs;
  private final Pairing safePairs;
  private boolean fresh;
  private final Totals step = new Totals();
  private final Totals rollout = new Totals();
  private boolean calibrated;

  SeriesJudge(
      JudgedMetric metric,
      JudgeSettings settings,
      Direction direction,
      Margin harmful,
      Margin unsafe,
      Pairing harmPairs,
      Pairing safePairs) {
    super(metric, settings);
    this.harmful = harmful;
    this.unsafe = unsafe;
    this.sides =
        sides(direction).stream()
            .map(s -> new SeriesSide(s, harmful, unsafe, settings, metric.concurrent()))
            .toList();
    this.harmPairs = harmPairs;
    this.safePairs = safePairs;
  }

  @Override
  void learnDifferences(double[] differences) {
    sides.forEach(s -> s.learn(differences));
    calibrated = differences.length > 0;
  }

  @Override
  void beginStep() {
    harmPairs.beginStep();
    safePairs.beginStep();
    sides.forEach(SeriesSide::beginStep);
    step.clear();
  }

  @Override
  void take(Observed.Seen seen, double seconds, Optional<Pods> pods) {
    if (seen.baseline().isEmpty()) {
      noBaseline(seen.canary().size());
      return;
    }
    Sample baseline = seen.baseline().get();
    harmPairs
        .take(this, seen.canary(), baseline, seconds)
        .ifPresent(
            pair -> {
              boolean first = firstOfStep();
              sides.forEach(s -> s.takeForHarm(pair, first));
              fresh = true;
            });
    safePairs
        .take(this, seen.canary(), baseline, seconds)
        .ifPresent(
            pair -> {
              sides.forEach(s -> s.takeForSafety(pair));
              add(step, pair);
              add(rollout, pair);
            });
  }

  @Override
  void forgetLook() {
    fresh = false;
  }

  private static void add(Totals totals, Pairing.Pair pair) {
    totals.add(pair.canary(), pair.canarySize(), pair.baseline(), pair.baselineSize());
  }

  @Override
  double logHarm() {
    double[] logs = sides.stream().mapToDouble(s -> s.logHarm(fresh)).toArray();
    return Combination.logMean(logs, LogSpace.equalWeights(logs.length));
  }

  @Override
  double logSafe() {
    return sides.stream().mapToDouble(s -> s.logSafe(settings().falsePass())).min().orElseThrow();
  }

  @Override
  boolean enoughForSafety() {
    return !step.empty();
  }

  @Override
  Finding.Tier tierIfConcurrent() {
    return calibrated ? Finding.Tier.CALIBRATED : Finding.Tier.UNCALIBRATED;
  }

  @Override
  Finding standing(boolean named) {
    long burn = sides.getFirst().model().burnMissing();
    boolean evident = logHarm() >= Math.log(1 / settings().falseAlarm());
    if (burn > 0 && !evident && !named) {
      return tooFew(
          "The noise of this metric is still being learned: "
              + burn
              + " more comparisons are due before the first verdict.",
          OptionalLong.of((long) Math.ceil(burn * safePairs.looksPerPair())),
          step.canarySize(),
          step.baselineSize());
    }
    if (step.empty() && !named) {
      return tooFew(
          "No look of this step had values in both cohorts yet.",
          OptionalLong.of((long) Math.ceil(safePairs.looksPerPair())),
          0,
          0);
    }
    Totals shown = step.empty() ? rollout : step;
    return new Finding.Comparison(
        effect(shown, named),
        shown.canaryMean(),
        shown.baselineMean(),
        shown.canarySize(),
        shown.baselineSize(),
        logHarm(),
        logSafe(),
        named,
        safe(),
        tier(),
        sides.stream().mapToDouble(s -> s.model().phi()).max().orElseThrow());
  }

  private Effect effect(Totals t, boolean named) {
    boolean falling = t.canaryMean() < t.baselineMean();
    SeriesSide side = falling ? sides.getLast() : sides.getFirst();
    double base = t.baselineMean();
    double margin = side.line(named).at(base) - base;
    MeanInterval d =
        side.difference(base, settings().falsePass())
            .orElseGet(
                () ->
                    new MeanInterval(
                        Double.NEGATIVE_INFINITY, t.canaryMean() - base, Double.POSITIVE_INFINITY));
    boolean asRatio = harmful.absolute() == 0 && unsafe.absolute() == 0 && base > 0;
    Effect difference =
        new Effect(Effect.Scale.DIFFERENCE, d.lower(), d.estimate(), d.upper(), margin);
    return asRatio ? ratio(difference, base) : difference;
  }

  private static Effect ratio(Effect d, double base) {
    Effect ratio =
        new Effect(
            Effect.Scale.RATIO,
            1 + d.lower() / base,
            1 + d.estimate() / base,
            1 + d.upper() / base,
            1 + d.margin() / base);
    return Double.isFinite(ratio.estimate()) && Double.isFinite(ratio.margin()) ? ratio : d;
  }

  @Override
  void saveEvidence(StateWriter out) {
    out.put(calibrated);
    harmPairs.save(out);
    safePairs.save(out);
    sides.forEach(s -> s.save(out));
    step.save(out);
    rollout.save(out);
  }

  @Override
  void loadEvidence(StateReader in) {
    calibrated = in.nextFlag();
    harmPairs.load(in);
    safePairs.load(in);
    sides.forEach(s -> s.load(in));
    step.load(in);
    rollout.load(in);
  }
}
