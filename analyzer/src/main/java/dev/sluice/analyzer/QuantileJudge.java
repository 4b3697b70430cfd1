package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.RatioInterval;
import dev.sluice.analyzer.latency.Edges;
import dev.sluice.analyzer.latency.LatencyEvidence;
import dev.sluice.analyzer.latency.LatencyLearning;
import dev.sluice.analyzer.latency.Slowdown;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A latency quantile against the baseline's.
 *
 * <p>The baseline's shape is learned ({@link LatencyLearning}), from history or from the first
 * looks; then it is fixed and every later look is judged against it ({@link LatencyEvidence}).
 *
 * <p><b>While it is learned</b> a canary that is much slower need not wait. Each look is judged by
 * the shape of the looks before it, which is renewed whenever their requests have doubled. Such a
 * shape only says what to look for; what is held against the canary is "not slower at all", which
 * needs no shape. The evidence goes on from one shape to the next, and nothing is called safe.
 *
 * <p><b>Renewal.</b> A reference that was learned in an hour unlike the rest (cold caches, a
 * backlog) looks for the quantile in the wrong bucket, and then nothing can be proven for as long
 * as it stands. So it is taken anew from the baseline's looks since the last one: at the start of a
 * step, and within a step after 60 looks, 120, 240 and so on, if enough requests have come. The
 * moments do not depend on what was found, and only looks before the one to be judged are in it.
 * The evidence of harm goes on. The evidence of safety goes on where the new reference asks at the
 * same bucket edges and begins anew where it does not: then there is one more try at {@code
 * falsePass}, as often as the baseline itself has moved to another bucket. At the pace of the
 * reference implementation nothing is renewed.
 *
 * <p><b>Different buckets.</b> The reference is kept on edges that both cohorts have. If a version
 * turns up later that lacks one of them, the reference is rebuilt on what is still shared, and the
 * evidence of harm so far is carried over as a factor: a product of an e-process up to a moment and
 * one from that moment on is an e-process. Edges are only ever lost, so this ends.
 */
final class QuantileJudge extends MetricJudge {
  /** In a step the reference is renewed after so many looks, then each time they have doubled. */
  private static final long FIRST_RENEWAL = 60;

  private final MetricTest.OfQuantile test;
  private LatencyLearning learning;
  private LatencyLearning recent;
  private long stepLooks;
  private Optional<LatencyEvidence> evidence = Optional.empty();
  private Optional<LatencyLearning> earlyShape = Optional.empty();
  private double carried;

  QuantileJudge(JudgedMetric metric, JudgeSettings settings, MetricTest.OfQuantile test) {
    super(metric, settings);
    this.test = test;
    this.learning = new LatencyLearning(test.quantile());
    this.recent = new LatencyLearning(test.quantile());
  }

  private LatencyEvidence freshEvidence() {
    return new LatencyEvidence(
        earlyShape.orElse(learning),
        earlyShape.isPresent(),
        test.quantile(),
        slowdown(test.harm()),
        slowdown(test.safe()),
        tuning(),
        settings().falsePass(),
        carried);
  }

  private static Slowdown slowdown(Margin margin) {
    return new Slowdown(margin.relative(), margin.absolute());
  }

  @Override
  void learn(Sample history) {
    Histogram h = Histogram.of(as(Buckets.class, history));
    if (h.edges().length > 0 && bearable(h.counts())) {
      learning.history(h.edges(), h.counts());
    }
  }

  @Override
  void beginStep() {
    evidence.ifPresent(LatencyEvidence::beginStep);
    stepLooks = 0;
  }

  @Override
  void take(Observed.Seen seen, double seconds, Optional<Pods> pods) {
    Histogram c = Histogram.of(as(Buckets.class, seen.canary()));
    if (seen.baseline().isEmpty()) {
      noBaseline(c.size());
      return;
    }
    Histogram b = Histogram.of(as(Buckets.class, seen.baseline().get()));
    double[] shared = Edges.common(c.edges(), b.edges());
    if (shared.length == 0) {
      obstacle(noEdges(c, b));
      return;
    }
    if (!bearable(c.counts()) || !bearable(b.counts())) {
      return;
    }
    renew(shared);
    if (renewalDue()) {
      takeRecent(shared);
    }
    stepLooks++;
    if (c.size() > 0 && b.size() > 0 && Double.isFinite(c.size() / b.size())) {
      evidence.ifPresent(
          e -> e.update(c.on(e.edges()), b.on(e.edges()), seconds, firstOfStep(), outsidePhi()));
    }
    if (b.size() > 0) {
      (settled() ? recent : learning).look(shared, b.on(shared));
    }
  }

  private boolean renewalDue() {
    boolean doubled =
        stepLooks % FIRST_RENEWAL == 0 && Long.bitCount(stepLooks / FIRST_RENEWAL) <= 1;
    return doubled && settled() && settings().pace() == JudgeSettings.Pace.SWIFT;
  }

  /** Makes the looks since the last reference the new one, if they are worth as much. */
  private void takeRecent(double[] shared) {
    recent.confine(learning.edges());
    recent.confine(shared);
    boolean enough =
        recent.ready() && (recent.size() >= recent.due() || recent.size() >= learning.size() / 2);
    if (enough) {
      LatencyEvidence older = evidence.orElseThrow();
      learning = recent;
      recent = new LatencyLearning(test.quantile());
      LatencyEvidence renewed = freshEvidence();
      renewed.continueFrom(older);
      renewed.keepSafety(older);
      evidence = Optional.of(renewed);
    }
  }

  /** Whether the reference is complete. */
  private boolean settled() {
    return evidence.isPresent() && earlyShape.isEmpty();
  }

  /** Takes a new reference where one is due, from what is older than this look. */
  private void renew(double[] shared) {
    boolean lost = !Edges.contains(shared, learning.edges());
    if (lost) {
      learning.confine(shared);
    }
    boolean grown = learning.size() >= 2 * earlyShape.map(LatencyLearning::size).orElse(0.0);
    boolean due = settled() ? lost : lost || learning.ready() || grown;
    if (due) {
      rebuild();
    }
  }

  /** On what is known now; back to nothing if that has no shape. */
  private void rebuild() {
    Optional<LatencyEvidence> older = evidence;
    double stands = logHarm();
    earlyShape =
        !learning.ready() && learning.shaped() ? Optional.of(learning.copy()) : Optional.empty();
    boolean shaped = learning.ready() || earlyShape.isPresent();
    carried = shaped ? carried : stands;
    evidence = shaped ? Optional.of(freshEvidence()) : Optional.empty();
    evidence.ifPresent(e -> older.ifPresent(e::continueFrom));
  }

  private static Finding noEdges(Histogram c, Histogram b) {
    return new Finding.Insufficient(
        Finding.Shortage.NOT_MEASURABLE,
        "The cohorts' histograms share no bucket edge (canary "
            + Arrays.toString(c.edges())
            + ", baseline "
            + Arrays.toString(b.edges())
            + "); give both versions the same buckets.",
        OptionalLong.empty(),
        c.size(),
        b.size());
  }

  @Override
  double logHarm() {
    return evidence.map(LatencyEvidence::logHarm).orElse(carried);
  }

  @Override
  Outlook ahead(Pace pace) {
    if (!pace.both() || !settled()) {
      return new Outlook.Unknown();
    }
    LatencyEvidence e = evidence.orElseThrow();
    if (e.beyondEdges()) {
      return new Outlook.Never(Outlook.Why.NO_DRIFT);
    }
    boolean worse =
        e.canaryBeyondEdges()
            || e.canaryQuantile() > slowdown(test.safe()).of(e.baselineQuantile());
    return e.canarySize() > 0 && worse
        ? new Outlook.Never(Outlook.Why.LOOKS_WORSE)
        : Outlook.of(e.looksMissing(pace, e.phi(outsidePhi()), leastMarginEvents()));
  }

  @Override
  double logSafe() {
    return evidence.map(LatencyEvidence::logSafe).orElse(0.0);
  }

  @Override
  boolean enoughForSafety() {
    return settled()
        && !evidence.get().beyondEdges()
        && evidence.get().enoughForSafety(leastMarginEvents());
  }

  @Override
  Finding standing(boolean named) {
    boolean evident = logHarm() >= Math.log(1 / settings().falseAlarm());
    if (evidence.isEmpty() || !(settled() || evident || named)) {
      return learning();
    }
    LatencyEvidence e = evidence.get();
    if (e.canarySize() == 0 || (e.stale() && !named)) {
      return tooFew(
          "No look of this step had requests in both cohorts yet.", OptionalLong.of(1), 0, 0);
    }
    return e.beyondEdges() && !named ? beyond(e) : comparison(e, named);
  }

  private Finding learning() {
    double n = learning.size();
    long looks = learning.looksMissing();
    return new Finding.Insufficient(
        Finding.Shortage.LEARNING,
        String.format(
            java.util.Locale.ROOT,
            "The baseline's latencies are still being learned: %.0f of %.0f requests. Histograms from"
                + " before the rollout would spare that.",
            n,
            learning.due()),
        looks > 0 ? OptionalLong.of(looks) : OptionalLong.empty(),
        0,
        n);
  }

  private Finding beyond(LatencyEvidence e) {
    return new Finding.Insufficient(
        Finding.Shortage.NOT_MEASURABLE,
        "The baseline's "
            + Histogram.name(test.quantile())
            + " lies above the last bucket edge ("
            + e.lastEdge()
            + "); add larger buckets, or judge a lower quantile.",
        OptionalLong.empty(),
        e.canarySize(),
        e.baselineSize());
  }

  private Finding comparison(LatencyEvidence e, boolean named) {
    return new Finding.Comparison(
        effect(e, named),
        e.canaryQuantile(),
        e.baselineQuantile(),
        e.canarySize(),
        e.baselineSize(),
        logHarm(),
        logSafe(),
        named,
        safe(),
        tier(),
        e.phi(outsidePhi()));
  }

  private Effect effect(LatencyEvidence e, boolean named) {
    RatioInterval s = e.slowdown(settings().falsePass());
    double base = e.baselineQuantile();
    double ratio = e.canaryQuantile() / base;
    double upper = e.canaryBeyondEdges() ? Double.POSITIVE_INFINITY : s.upper();
    double estimate = Math.clamp(ratio, s.lower(), upper);
    double accepted = slowdown(named ? test.harm() : test.safe()).of(base);
    boolean asDifference = test.harm().absolute() > 0 || test.safe().absolute() > 0;
    return asDifference
        ? new Effect(
            Effect.Scale.DIFFERENCE,
            base * (s.lower() - 1),
            base * (estimate - 1),
            base * (upper - 1),
            accepted - base)
        : new Effect(Effect.Scale.RATIO, s.lower(), estimate, upper, accepted / base);
  }

  @Override
  void saveEvidence(StateWriter out) {
    learning.save(out);
    recent.save(out);
    out.put(stepLooks);
    out.put(earlyShape.isPresent());
    earlyShape.ifPresent(shape -> shape.save(out));
    out.put(carried).put(evidence.isPresent());
    evidence.ifPresent(e -> e.save(out));
  }

  @Override
  void loadEvidence(StateReader in) {
    learning.load(in);
    recent.load(in);
    stepLooks = in.nextWhole(0, 1L << 52);
    earlyShape =
        in.nextFlag() ? Optional.of(new LatencyLearning(test.quantile())) : Optional.empty();
    earlyShape.ifPresent(shape -> shape.load(in));
    carried = in.next();
    boolean judging = in.nextFlag();
    boolean usable = earlyShape.map(LatencyLearning::shaped).orElse(learning.ready());
    if (judging && !usable) {
      throw new IllegalArgumentException(
          "the snapshot of '" + id() + "' judges latencies without a reference");
    }
    evidence = judging ? Optional.of(freshEvidence()) : Optional.empty();
    evidence.ifPresent(e -> e.load(in));
  }
}
