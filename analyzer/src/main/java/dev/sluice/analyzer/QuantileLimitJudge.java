package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.LimitSafe;
import dev.sluice.analyzer.evidence.RateHarm;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.latency.Edges;
import dev.sluice.analyzer.latency.QuantileBand;
import dev.sluice.analyzer.latency.Survival;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A latency quantile of the canary against a fixed limit: "the share of requests above the limit is
 * at most {@code 1 - q}", which is the sound form of "p99 below 300 ms", and exact.
 *
 * <p>It is asked on the highest bucket edge that is not above the limit. Where no edge lies on the
 * limit that is stricter than what was asked, by at most one bucket: give the limit an edge.
 */
final class QuantileLimitJudge extends MetricJudge {
  private static final int MOST_EDGES = 100_000;

  private final MetricTest.OfQuantileAgainstLimit test;
  private final RateHarm harm;
  private LimitSafe safe;
  private double[] edges = {};
  private double[] counts = {0};
  private boolean stale;

  QuantileLimitJudge(
      JudgedMetric metric, JudgeSettings settings, MetricTest.OfQuantileAgainstLimit test) {
    super(metric, settings);
    this.test = test;
    this.harm =
        new RateHarm(Bound.fixed(Side.RISE, 1 - test.quantile()), tuning(), Optional.empty());
    this.safe = freshSafe();
  }

  private LimitSafe freshSafe() {
    return new LimitSafe(Side.RISE, 1 - test.quantile(), settings().falsePass());
  }

  @Override
  void beginStep() {
    safe = freshSafe();
    stale = true;
  }

  @Override
  void take(Observed.Seen seen, double seconds, Optional<Pods> pods) {
    Histogram c = Histogram.of(as(Buckets.class, seen.canary()));
    int edge = edge(c.edges());
    if (edge < 0) {
      obstacle(noEdge(c));
      return;
    }
    double n = c.size();
    if (!(n > 0) || !bearable(n)) {
      return;
    }
    double above = Edges.above(c.counts(), edge);
    harm.update(above, n, 0, 0, seconds, firstOfStep(), outsidePhi());
    safe.update(above, n, phi());
    keep(c);
  }

  private int edge(double[] some) {
    int edge = -1;
    for (int j = 0; j < some.length && some[j] <= test.bound(); j++) {
      edge = j;
    }
    return edge;
  }

  /**
   * Sums up the step's histogram on the edges that all of its looks had. What the step before has
   * seen is kept until the new one has seen something.
   */
  private void keep(Histogram c) {
    double[] shared = Edges.common(edges, c.edges());
    if (stale || shared.length == 0) {
      edges = c.edges();
      counts = c.counts();
      stale = false;
      return;
    }
    double[] sum = c.on(shared);
    double[] past = Edges.coarsen(edges, counts, shared);
    for (int j = 0; j < sum.length; j++) {
      sum[j] += past[j];
    }
    edges = shared;
    counts = sum;
  }

  private Finding noEdge(Histogram c) {
    String buckets =
        c.edges().length == 0
            ? "the histogram has no edge above 0"
            : "its first edge is " + c.edges()[0];
    return new Finding.Insufficient(
        Finding.Shortage.NOT_MEASURABLE,
        "No bucket edge lies at or below the limit of "
            + test.bound()
            + ": "
            + buckets
            + ". Add a bucket at the limit.",
        OptionalLong.empty(),
        c.size(),
        0);
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
    double n = Edges.total(counts);
    if (n == 0 || (stale && !named)) {
      return tooFew("The canary had no requests in this step yet.", OptionalLong.of(1), 0, 0);
    }
    return new Finding.Comparison(
        effect(n),
        value(n),
        test.bound(),
        n,
        0,
        logHarm(),
        logSafe(),
        named,
        safe(),
        tier(),
        phi());
  }

  private Effect effect(double n) {
    QuantileBand band =
        QuantileBand.of(edges, counts, test.quantile(), phi(), settings().falsePass());
    double estimate = Math.clamp(value(n), band.lower(), band.upper());
    return new Effect(Effect.Scale.VALUE, band.lower(), estimate, band.upper(), test.bound());
  }

  /** The last edge where the quantile lies beyond it. */
  private double value(double n) {
    double last = edges[edges.length - 1];
    return Edges.above(counts, edges.length - 1) > (1 - test.quantile()) * n
        ? last
        : Survival.ofCounts(edges, counts).quantile(test.quantile()).orElse(last);
  }

  @Override
  void saveEvidence(StateWriter out) {
    harm.save(out);
    safe.save(out);
    out.put(stale).putCounted(edges).putAll(counts);
  }

  @Override
  void loadEvidence(StateReader in) {
    harm.load(in);
    safe.load(in);
    stale = in.nextFlag();
    edges = in.nextCounted(MOST_EDGES);
    counts = new double[edges.length + 1];
    in.fill(counts);
  }
}
