package dev.sluice.analyzer.latency;

import dev.sluice.analyzer.evidence.LimitSafe;
import dev.sluice.analyzer.evidence.RatioInterval;
import dev.sluice.analyzer.evidence.RatioSequence;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.evidence.Tuning;
import dev.sluice.analyzer.planner.Drift;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All evidence on one latency quantile, judged against one {@link LatencyReference}.
 *
 * <p><b>Harm</b> is the {@link LatencyHarm} process, over the whole rollout.
 *
 * <p><b>Safe</b>, anew in every step, needs two refutations, each at the full level (an
 * intersection-union test):
 *
 * <ol>
 *   <li>at the lower edge of the bucket that holds the quantile, the ratio of exceedance is below
 *       what the slow-down that is just not tolerated would make of it; where the two
 *       interpolations of {@link Survival} differ, the smaller one is asked for;
 *   <li>the canary's own share of requests above the first edge that is not below the accepted
 *       latency is less than {@code 1 - q}: the canary's quantile is at or below that edge. Without
 *       this a canary whose slowest percent became ten times slower, all within the same mass,
 *       would pass the first.
 * </ol>
 *
 * Where nearly everything lies in one bucket ({@link LatencyReference#coarse}) only the second can
 * be asked: the canary stays in the bucket.
 *
 * <p><b>Interval.</b> The ratio of exceedance at both edges of the quantile's bucket, each at half
 * the error, turned into the slow-down it implies; the wider ends count. Under a slow-down of the
 * whole distribution both edges tell the same; if only the tail moved they differ, and the interval
 * says so by being wide.
 */
public final class LatencyEvidence {
  private static final double LEAST_TAIL_EVENTS = 10;

  private final double[] edges;
  private final double quantile;
  private final double alphaSafe;
  private final LatencyReference reference;
  private final Survival ungrouped;
  private final LatencyHarm harm;
  private final RatioSequence[] ratios;
  private final int[] ratioEdges;
  private final double toleratedRatio;
  private final int tailEdge;
  private final boolean referenceBeyond;
  private LimitSafe tail;
  private double[] stepCanary;
  private double[] stepBaseline;
  private boolean stale;
  private final double carried;

  /**
   * @param learned the baseline's histogram, with at least one edge
   * @param early whether it is of few requests still; then no slow-down is spared and nothing is
   *     proven safe
   * @param carried ln of the evidence of harm that was collected on another reference, 0 if none
   */
  public LatencyEvidence(
      LatencyLearning learned,
      boolean early,
      double quantile,
      Slowdown harmful,
      Slowdown unsafe,
      Tuning tuning,
      double alphaSafe,
      double carried) {
    this.edges = learned.edges();
    this.quantile = quantile;
    this.alphaSafe = alphaSafe;
    this.carried = carried;
    double[] counts = learned.counts();
    this.reference =
        early
            ? LatencyReference.ofFewRequests(edges, counts, quantile, harmful)
            : new LatencyReference(edges, counts, quantile, harmful);
    this.ungrouped = Survival.ofCounts(edges, counts);
    this.harm = new LatencyHarm(reference, tuning);
    this.referenceBeyond = beyond(counts);
    int lower = reference.bracket();
    int upper = Math.min(lower + 1, reference.survival().edges() - 1);
    this.ratioEdges = lower == upper ? new int[] {lower} : new int[] {lower, upper};
    this.ratios = new RatioSequence[ratioEdges.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = new RatioSequence();
    }
    this.toleratedRatio = toleratedRatio(unsafe, lower);
    this.tailEdge = firstEdgeNotBelow(accepted(unsafe));
    this.tail = new LimitSafe(Side.RISE, 1 - quantile, alphaSafe);
    this.stepCanary = new double[counts.length];
    this.stepBaseline = new double[counts.length];
  }

  private double toleratedRatio(Slowdown unsafe, int lower) {
    Survival s = reference.survival();
    return s.leastAt(unsafe.before(s.edge(lower))) / s.atEdge(lower);
  }

  private double accepted(Slowdown unsafe) {
    OptionalDouble value = ungrouped.quantile(quantile);
    return value.isPresent() ? unsafe.of(value.getAsDouble()) : Double.POSITIVE_INFINITY;
  }

  private int firstEdgeNotBelow(double latency) {
    for (int j = 0; j < edges.length; j++) {
      if (edges[j] >= latency) {
        return j;
      }
    }
    return edges.length - 1;
  }

  /** A step begins: safety is proven anew. */
  public void beginStep() {
    for (RatioSequence ratio : ratios) {
      ratio.reset();
    }
    tail = new LimitSafe(Side.RISE, 1 - quantile, alphaSafe);
    stale = true;
  }

  /** What the step before has seen is shown until the new one has seen something. */
  private void forget() {
    if (stale) {
      stepCanary = new double[stepCanary.length];
      stepBaseline = new double[stepBaseline.length];
      stale = false;
    }
  }

  /** Whether this step has seen nothing yet; values are then those of the step before. */
  public boolean stale() {
    return stale;
  }

  /** The raw edges that an interval must have. */
  public double[] edges() {
    return edges.clone();
  }

  /**
   * Takes in one interval in which both cohorts had requests.
   *
   * @param canary counts between {@link #edges}
   * @param baseline likewise
   */
  public void update(
      double[] canary, double[] baseline, double seconds, boolean newStep, double outsidePhi) {
    forget();
    harm.update(canary, baseline, seconds, newStep, outsidePhi);
    double phi = harm.phi(outsidePhi);
    double[] c = reference.group(canary);
    double[] b = reference.group(baseline);
    double nc = Edges.total(c);
    double nb = Edges.total(b);
    for (int i = 0; i < ratios.length; i++) {
      ratios[i].update(Edges.above(c, ratioEdges[i]), nc, Edges.above(b, ratioEdges[i]), nb, phi);
    }
    tail.update(Edges.above(canary, tailEdge), nc, phi);
    for (int j = 0; j < canary.length; j++) {
      stepCanary[j] += canary[j];
      stepBaseline[j] += baseline[j];
    }
  }

  public double phi(double outsidePhi) {
    return harm.phi(outsidePhi);
  }

  public double logHarm() {
    return carried + harm.logE();
  }

  /** ln of the weaker of the two pieces of evidence for safety, in this step. */
  public double logSafe() {
    return reference.coarse()
        ? tail.logE()
        : Math.min(tail.logE(), ratios[0].logAgainstAtLeast(toleratedRatio));
  }

  /**
   * Whether enough requests stand behind it.
   *
   * @param leastEvents how many canary requests above the lower edge must have been due at the edge
   *     of what is tolerated
   */
  public boolean enoughForSafety(double leastEvents) {
    if (stale || tail.marginEvents() < LEAST_TAIL_EVENTS) {
      return false;
    }
    double due = canarySize() * toleratedRatio * reference.survival().atEdge(ratioEdges[0]);
    return reference.coarse() || due >= leastEvents;
  }

  /**
   * How many more looks it takes, about, until both refutations stand, if the canary is as fast as
   * the reference.
   *
   * @param leastEvents as in {@link #enoughForSafety}
   * @return infinite if the evidence does not grow
   */
  public double looksMissing(Pace pace, double phi, double leastEvents) {
    if (!pace.both()) {
      return Double.POSITIVE_INFINITY;
    }
    double n = pace.canary();
    double looks =
        Math.max(
            tail.looksMissing(n * ungrouped.atEdge(tailEdge), n, phi, alphaSafe),
            (LEAST_TAIL_EVENTS - tail.marginEvents()) / (n * (1 - quantile)));
    if (reference.coarse()) {
      return looks;
    }
    double above = reference.survival().atEdge(ratioEdges[0]);
    double seen = stale ? 0 : canarySize();
    double events = leastEvents / (n * toleratedRatio * above) - seen / n;
    return Math.max(
        Math.max(looks, events),
        ratios[0].looksToRefute(toleratedRatio, above, pace, phi, alphaSafe));
  }

  /**
   * How many looks it takes, about, to find a canary that is slower by this factor from the
   * beginning.
   *
   * @param threshold ln of what this metric's e-value must reach
   * @return infinite if the evidence does not grow
   */
  public double looksToFind(double factor, Pace pace, double phi, double threshold, double cap) {
    if (!pace.both()) {
      return Double.POSITIVE_INFINITY;
    }
    double[] canary = new double[edges.length + 1];
    double[] baseline = new double[edges.length + 1];
    double aboveCanary = 1;
    double aboveBaseline = 1;
    for (int j = 0; j <= edges.length; j++) {
      double nextCanary = j < edges.length ? ungrouped.at(edges[j] / factor) : 0;
      double nextBaseline = j < edges.length ? ungrouped.atEdge(j) : 0;
      canary[j] = pace.canary() * Math.max(0, aboveCanary - nextCanary);
      baseline[j] = pace.baseline() * Math.max(0, aboveBaseline - nextBaseline);
      aboveCanary = Math.min(aboveCanary, nextCanary);
      aboveBaseline = nextBaseline;
    }
    return Drift.looks(
        reference.increments(reference.group(canary), reference.group(baseline)),
        reference.weights(),
        threshold,
        0,
        phi,
        cap);
  }

  /** The quantile of what was learned; infinite where it lies beyond the last edge. */
  public double learnedQuantile() {
    return ungrouped.quantile(quantile).orElse(Double.POSITIVE_INFINITY);
  }

  /**
   * The slow-down of the canary in this step, as a factor: widest over the edges that bound it.
   *
   * <p>The level is shared between the edges, so all their intervals hold at once and leaving one
   * out costs nothing. An edge above which hardly anybody waits bounds nothing for a long time, and
   * would hide what the other one knows.
   */
  public RatioInterval slowdown(double alpha) {
    double each = alpha / ratios.length;
    List<RatioInterval> all = new ArrayList<>();
    for (int i = 0; i < ratios.length; i++) {
      all.add(ungrouped.shift(reference.ungrouped(ratioEdges[i]), ratios[i].interval(each)));
    }
    List<RatioInterval> bounded = all.stream().filter(s -> Double.isFinite(s.upper())).toList();
    List<RatioInterval> used = bounded.isEmpty() ? all : bounded;
    double lower = used.stream().mapToDouble(RatioInterval::lower).min().orElse(0);
    double upper =
        used.stream().mapToDouble(RatioInterval::upper).max().orElse(Double.POSITIVE_INFINITY);
    return new RatioInterval(lower, Math.clamp(used.getFirst().estimate(), lower, upper), upper);
  }

  /** Whether the quantile of the reference, or of the step's baseline, is above the last edge. */
  public boolean beyondEdges() {
    return referenceBeyond || beyond(stepBaseline);
  }

  /** Whether the canary's quantile in this step is above the last edge. */
  public boolean canaryBeyondEdges() {
    return beyond(stepCanary);
  }

  private boolean beyond(double[] counts) {
    return Edges.above(counts, edges.length - 1) > (1 - quantile) * Edges.total(counts);
  }

  public double lastEdge() {
    return edges[edges.length - 1];
  }

  /** The canary's quantile over the step; the last edge if it lies beyond. */
  public double canaryQuantile() {
    return value(stepCanary);
  }

  /** The baseline's quantile over the step; the last edge if it lies beyond. */
  public double baselineQuantile() {
    return value(stepBaseline);
  }

  private double value(double[] counts) {
    return beyond(counts)
        ? lastEdge()
        : Survival.ofCounts(edges, counts).quantile(quantile).orElse(lastEdge());
  }

  public double canarySize() {
    return Edges.total(stepCanary);
  }

  public double baselineSize() {
    return Edges.total(stepBaseline);
  }

  /** Goes on where another stopped that judged by an older reference, with no edge that is new. */
  public void continueFrom(LatencyEvidence older) {
    harm.continueFrom(older.harm);
    stepCanary = Edges.coarsen(older.edges, older.stepCanary, edges);
    stepBaseline = Edges.coarsen(older.edges, older.stepBaseline, edges);
    stale = older.stale;
  }

  /**
   * Keeps what the other has collected on safety at the edges that both ask at. A sequence at an
   * edge counts requests above it, whatever the reference; how many would be too many is asked of
   * the new one.
   */
  public void keepSafety(LatencyEvidence older) {
    for (int i = 0; i < ratios.length; i++) {
      for (int k = 0; k < older.ratios.length; k++) {
        if (ratioEdge(i) == older.ratioEdge(k)) {
          ratios[i] = older.ratios[k];
        }
      }
    }
    if (edges[tailEdge] == older.edges[older.tailEdge]) {
      tail = older.tail;
    }
  }

  private double ratioEdge(int i) {
    return reference.survival().edge(ratioEdges[i]);
  }

  public void save(StateWriter out) {
    harm.save(out);
    for (RatioSequence ratio : ratios) {
      ratio.save(out);
    }
    tail.save(out);
    out.put(stale).putAll(stepCanary).putAll(stepBaseline);
  }

  public void load(StateReader in) {
    harm.load(in);
    for (RatioSequence ratio : ratios) {
      ratio.load(in);
    }
    tail.load(in);
    stale = in.nextFlag();
    in.fill(stepCanary);
    in.fill(stepBaseline);
  }
}
