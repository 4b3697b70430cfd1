package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.LimitSafe;
import dev.sluice.analyzer.evidence.RateHarm;
import dev.sluice.analyzer.evidence.RateSequence;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The canary's rate against a fixed limit. No baseline shares its shocks, so an outage that lifts
 * everybody above the limit is a broken limit: that is what a limit says.
 */
final class CountsLimitJudge extends MetricJudge {
  private final MetricTest.OfCountsAgainstLimit test;
  private final RateHarm harm;
  private final Totals step = new Totals();
  private final Totals rollout = new Totals();
  private LimitSafe safe;

  CountsLimitJudge(
      JudgedMetric metric, JudgeSettings settings, MetricTest.OfCountsAgainstLimit test) {
    super(metric, settings);
    this.test = test;
    this.harm = new RateHarm(Bound.fixed(side(), test.bound()), tuning(), Optional.empty());
    this.safe = freshSafe();
  }

  private Side side() {
    return sides(test.direction()).getFirst();
  }

  private LimitSafe freshSafe() {
    return new LimitSafe(side(), test.bound(), settings().falsePass());
  }

  @Override
  void beginStep() {
    step.clear();
    safe = freshSafe();
  }

  @Override
  void take(Observed.Seen seen, double seconds, Optional<Pods> pods) {
    Counts c = as(Counts.class, seen.canary());
    if (!(c.exposure() > 0) || !bearable(c.events(), c.exposure())) {
      return;
    }
    harm.update(c.events(), c.exposure(), 0, 0, seconds, firstOfStep(), outsidePhi());
    safe.update(c.events(), c.exposure(), phi());
    step.add(c.events(), c.exposure(), 0, 0);
    rollout.add(c.events(), c.exposure(), 0, 0);
  }

  private double phi() {
    return harm.phi(outsidePhi());
  }

  @Override
  double logHarm() {
    return harm.logE();
  }

  /** A limit need not be proven kept for the rollout to go on. */
  @Override
  Outlook ahead(Pace pace) {
    return new Outlook.Unknown();
  }

  @Override
  double logSafe() {
    return safe.logE();
  }

  @Override
  boolean enoughForSafety() {
    return safe.marginEvents() >= leastMarginEvents();
  }

  @Override
  Finding standing(boolean named) {
    if (step.empty() && !named) {
      return tooFew("The canary had no traffic in this step yet.", OptionalLong.of(1), 0, 0);
    }
    Totals shown = step.empty() ? rollout : step;
    double typical = test.bound() > 0 ? test.bound() : (shown.canary() + 1) / shown.canarySize();
    double[] ends =
        RateSequence.interval(
            shown.canary(), shown.canarySize(), phi(), typical, settings().falsePass());
    double value = shown.canaryMean();
    Effect effect =
        new Effect(
            Effect.Scale.VALUE,
            Math.min(ends[0], value),
            value,
            Math.max(ends[1], value),
            test.bound());
    return new Finding.Comparison(
        effect,
        value,
        test.bound(),
        shown.canarySize(),
        0,
        logHarm(),
        logSafe(),
        named,
        safe(),
        tier(),
        phi());
  }

  @Override
  void saveEvidence(StateWriter out) {
    harm.save(out);
    safe.save(out);
    step.save(out);
    rollout.save(out);
  }

  @Override
  void loadEvidence(StateReader in) {
    harm.load(in);
    safe.load(in);
    step.load(in);
    rollout.load(in);
  }
}
