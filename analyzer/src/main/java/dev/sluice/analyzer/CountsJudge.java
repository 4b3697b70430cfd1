package dev.sluice.analyzer;

import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.dispersion.PodDispersion;
import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.Combination;
import dev.sluice.analyzer.evidence.LogSpace;
import dev.sluice.analyzer.evidence.RateHarm;
import dev.sluice.analyzer.evidence.RateSafe;
import dev.sluice.analyzer.evidence.RatioInterval;
import dev.sluice.analyzer.evidence.RatioSequence;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Counts against the baseline's counts.
 *
 * <p>"Either" direction is two one-sided questions: the evidence of harm is the mean of both
 * e-values (half the weight each), safety needs both.
 */
final class CountsJudge extends MetricJudge {
  private static final int MOST_PODS = 10_000;

  private final MetricTest.OfCounts test;
  private final RatioSequence ratio = new RatioSequence();
  private final Totals step = new Totals();
  private final Totals rollout = new Totals();
  private List<RateHarm> harms;
  private List<RateSafe> safes;
  private Optional<DispersionProfile> profile = Optional.empty();
  private Optional<PodDispersion> pods = Optional.empty();
  private double podFloor = 1;
  private double podRatio = 1;

  CountsJudge(JudgedMetric metric, JudgeSettings settings, MetricTest.OfCounts test) {
    super(metric, settings);
    this.test = test;
    this.harms = freshHarms();
    this.safes = freshSafes();
  }

  private List<RateHarm> freshHarms() {
    return sides(test.direction()).stream()
        .map(s -> new RateHarm(bound(s, test.harm()), tuning(), profile))
        .toList();
  }

  private List<RateSafe> freshSafes() {
    return sides(test.direction()).stream()
        .map(s -> new RateSafe(bound(s, test.safe()), settings().falsePass()))
        .toList();
  }

  private static Bound bound(Side side, Margin margin) {
    return Bound.ofMargin(side, margin.relative(), margin.absolute());
  }

  @Override
  void calibrate(DispersionProfile newProfile) {
    profile = Optional.of(newProfile);
    harms = freshHarms();
  }

  @Override
  void beginStep() {
    ratio.reset();
    step.clear();
    safes = freshSafes();
  }

  @Override
  void take(Observed.Seen seen, double seconds, Optional<Pods> seenPods) {
    Counts c = as(Counts.class, seen.canary());
    if (seen.baseline().isEmpty()) {
      noBaseline(c.exposure());
      return;
    }
    Counts b = as(Counts.class, seen.baseline().get());
    if (!(c.exposure() > 0 && b.exposure() > 0)
        || !bearable(c.events(), c.exposure(), b.events(), b.exposure())
        || !Double.isFinite(c.exposure() / b.exposure())) {
      return;
    }
    seenPods.ifPresent(this::take);
    boolean first = firstOfStep();
    double outside = Math.max(outsidePhi(), podPhi(podRatio));
    for (RateHarm harm : harms) {
      harm.update(c.events(), c.exposure(), b.events(), b.exposure(), seconds, first, outside);
    }
    double phi = phi();
    ratio.update(c.events(), c.exposure(), b.events(), b.exposure(), phi);
    for (RateSafe safe : safes) {
      safe.update(c.events(), c.exposure(), b.events(), b.exposure(), phi);
    }
    step.add(c.events(), c.exposure(), b.events(), b.exposure());
    rollout.add(c.events(), c.exposure(), b.events(), b.exposure());
  }

  private void take(Pods seen) {
    int count = seen.baseline().size();
    boolean bearable = seen.baseline().stream().allMatch(c -> bearable(c.events(), c.exposure()));
    if (count < 2 || count > MOST_PODS || !bearable) {
      return;
    }
    if (pods.isEmpty() || pods.get().pods() != count) {
      podFloor = podPhi(1);
      pods = Optional.of(new PodDispersion(count));
    }
    podRatio = seen.exposureRatio();
    pods.get()
        .add(
            seen.baseline().stream().mapToDouble(Counts::events).toArray(),
            seen.baseline().stream().mapToDouble(Counts::exposure).toArray());
  }

  /** Pods come and go: when their number changes, learning starts afresh but keeps what it knew. */
  private double podPhi(double exposureRatio) {
    double known = Math.max(1, 1 + (podFloor - 1) * exposureRatio);
    return pods.map(p -> Math.max(known, p.phiFor(exposureRatio))).orElse(known);
  }

  /** For interval and safety the pods' excess is not scaled down. */
  private double phi() {
    double outside = Math.max(outsidePhi(), podPhi(podRatio));
    double phi = podPhi(Math.max(1, podRatio));
    for (RateHarm harm : harms) {
      phi = Math.max(phi, harm.phi(outside));
    }
    return phi;
  }

  @Override
  double logHarm() {
    double[] logs = harms.stream().mapToDouble(RateHarm::logE).toArray();
    return Combination.logMean(logs, LogSpace.equalWeights(logs.length));
  }

  @Override
  double logSafe() {
    return safes.stream().mapToDouble(RateSafe::logE).min().orElseThrow();
  }

  @Override
  boolean enoughForSafety() {
    return safes.stream().allMatch(s -> s.marginEvents() >= leastMarginEvents());
  }

  @Override
  Finding.Tier tierIfConcurrent() {
    boolean calibrated = profile.isPresent() || pods.isPresent();
    return calibrated && settings().dispersion()
        ? Finding.Tier.CALIBRATED
        : super.tierIfConcurrent();
  }

  @Override
  Finding standing(boolean named) {
    if (step.empty() && !named) {
      return tooFew(
          "No look of this step had traffic in both cohorts yet.", OptionalLong.of(1), 0, 0);
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
        phi());
  }

  private Effect effect(Totals t, boolean named) {
    RateEffect effect =
        new RateEffect(
            t, estimated(t, ratio.interval(settings().falsePass())), settings().falsePass(), phi());
    Margin margin = named ? test.harm() : test.safe();
    List<Side> sides = sides(test.direction());
    Side side =
        sides.size() == 1
            ? sides.getFirst()
            : t.canaryMean() >= t.baselineMean() ? Side.RISE : Side.FALL;
    boolean asDifference = test.harm().relative() == 0 && test.safe().relative() == 0;
    return asDifference && margin.absolute() > 0
        ? effect.difference(bound(side, margin))
        : effect.ratio(bound(side, margin));
  }

  /**
   * The estimate is what was counted. The sequence weighs noisy stretches down, so after a change
   * in mid-step it lags behind the counts, and the interval is stretched to hold them. Where the
   * baseline had no event there is no ratio to count, and the sequence's own estimate stands.
   */
  private static RatioInterval estimated(Totals t, RatioInterval r) {
    double estimate = r.estimate();
    if (t.baseline() > 0) {
      estimate = t.canaryMean() / t.baselineMean();
    } else if (t.canary() == 0) {
      estimate = 1;
    }
    return new RatioInterval(
        Math.min(r.lower(), estimate), estimate, Math.max(r.upper(), estimate));
  }

  @Override
  void saveEvidence(StateWriter out) {
    out.putCounted(profile.map(DispersionProfile::levels).orElse(new double[0]));
    out.put(podFloor).put(podRatio).put(pods.map(PodDispersion::pods).orElse(0));
    pods.ifPresent(p -> p.save(out));
    harms.forEach(h -> h.save(out));
    safes.forEach(s -> s.save(out));
    ratio.save(out);
    step.save(out);
    rollout.save(out);
  }

  @Override
  void loadEvidence(StateReader in) {
    double[] levels = in.nextCounted(32);
    if (levels.length > 0) {
      calibrate(new DispersionProfile(levels));
    }
    podFloor = in.next();
    podRatio = in.next();
    int count = (int) in.nextWhole(0, MOST_PODS);
    pods = count > 0 ? Optional.of(new PodDispersion(count)) : Optional.empty();
    pods.ifPresent(p -> p.load(in));
    harms.forEach(h -> h.load(in));
    safes.forEach(s -> s.load(in));
    ratio.load(in);
    step.load(in);
    rollout.load(in);
  }
}
