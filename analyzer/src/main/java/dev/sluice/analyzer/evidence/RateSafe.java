package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.planner.Drift;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Evidence that a rate of the canary is <em>not</em> worse than the margin: the {@link
 * RaceIncrement} turned round.
 *
 * <p><b>Hypothesis to be refuted.</b> {@code p_c >= rho p_b + a} (a rise is harm). Alternatives
 * {@code psi = rho exp(-u)}, {@code u} from 0.05 to 3, share 0.6 of the weight; {@code psi = 1},
 * "no change at all", has 0.4. There is no unknown onset: a canary that is safe is safe from the
 * start, and a process that is begun anew in every step. One interval contributes at most half of
 * what a verdict needs.
 *
 * <p><b>Enough to be wrong about.</b> Evidence of safety from a handful of events rests on the
 * assumed noise alone. {@link #marginEvents} is how many canary events would have been due had the
 * canary been exactly at the margin; a verdict should ask for at least 10 of them with a measured
 * dispersion and 40 without. With a baseline that has almost no events this is the rule of three:
 * about {@code 3 / a} clean requests.
 *
 * <p><b>Narrow margins.</b> If the line lies within 5 percent of the baseline's rate ({@code rho}
 * near 1, as with a margin that is only absolute and small against the rate), {@code psi = 1} and
 * {@code u >= 0.05} can gain nothing however long one waits. Then smaller {@code u} are added, so
 * that every margin above 0 can be proven kept.
 */
public final class RateSafe {
  private static final double[] U = {
    0.05, 0.08, 0.12, 0.18, 0.27, 0.40, 0.60, 0.90, 1.35, 2.0, 3.0
  };
  private static final double[] FINE_U = {0.0015, 0.003, 0.006, 0.012, 0.025};
  private static final double SHIFTED = 0.6;
  private static final double UNCHANGED = 0.4;
  private static final double NARROW = 0.0487;

  private final Bound bound;
  private final RaceIncrement race;
  private final double[] weights;
  private final double alpha;
  private final OnsetMixture mixture;
  private double canaryExposure;
  private double canaryEvents;
  private double baselineExposure;
  private double baselineEvents;

  /**
   * @param bound with rho above 0
   * @param alpha chance of calling a canary safe that is at the margin
   */
  public RateSafe(Bound bound, double alpha) {
    this.bound = bound;
    double[] us = grid(bound);
    double[] psi = new double[us.length + 1];
    this.weights = new double[psi.length];
    this.alpha = alpha;
    for (int k = 0; k < us.length; k++) {
      psi[k] = bound.rho() * Math.exp(-bound.side().sign() * us[k]);
      weights[k] = SHIFTED / us.length;
    }
    psi[us.length] = 1;
    weights[us.length] = UNCHANGED;
    this.race = new RaceIncrement(bound, psi);
    this.mixture = OnsetMixture.withBank(weights, Onset.AT_ONCE, Cap.steady(alpha));
  }

  private static double[] grid(Bound bound) {
    boolean narrow = Math.abs(Math.log(bound.rho())) < NARROW;
    return narrow ? both(FINE_U, U) : U;
  }

  static double[] both(double[] first, double[] second) {
    double[] all = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Takes in one interval; one without exposure in both cohorts is left out. */
  public double update(double xc, double nc, double xb, double nb, double phi) {
    if (!(nc > 0 && nb > 0)) {
      return mixture.logE();
    }
    mixture.update(race.of(xc, nc, xb, nb), 0, false);
    canaryExposure += nc;
    canaryEvents += xc;
    baselineExposure += nb;
    baselineEvents += xb;
    return mixture.evaluate(phi);
  }

  /**
   * Canary events that would have been due at the margin. Where the margin lets a fall reach zero,
   * none are due, and the events seen count instead.
   */
  public double marginEvents() {
    if (!(baselineExposure > 0)) {
      return 0;
    }
    double rate = bound.at(baselineEvents / baselineExposure);
    return rate > 0 || bound.side() == Side.RISE ? canaryExposure * rate : canaryEvents;
  }

  public double logE() {
    return mixture.logE();
  }

  /**
   * How many more looks it takes, about, if both rates stay as given: until the evidence suffices
   * and enough events have been due.
   *
   * @param leastEvents least of {@link #marginEvents}
   * @return infinite if the evidence does not grow
   */
  public double looksMissing(
      Pace pace, double canaryRate, double baselineRate, double phi, double leastEvents) {
    if (!pace.both()) {
      return Double.POSITIVE_INFINITY;
    }
    double[] expected =
        race.of(
            pace.canary() * canaryRate,
            pace.canary(),
            pace.baseline() * baselineRate,
            pace.baseline());
    double threshold = Math.log(1 / alpha);
    double evidence =
        Drift.looks(expected, weights, threshold, logE(), phi, Cap.steady(alpha).least());
    double line = bound.at(baselineRate);
    double due = pace.canary() * (line > 0 ? line : canaryRate);
    double events = leastEvents > marginEvents() ? (leastEvents - marginEvents()) / due : 0;
    return Math.max(evidence, events);
  }

  public void save(StateWriter out) {
    out.put(canaryExposure).put(canaryEvents).put(baselineExposure).put(baselineEvents);
    mixture.save(out);
  }

  public void load(StateReader in) {
    canaryExposure = in.next();
    canaryEvents = in.next();
    baselineExposure = in.next();
    baselineEvents = in.next();
    mixture.load(in);
  }
}
