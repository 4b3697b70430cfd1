package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.planner.Drift;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Confidence sequence for the ratio {@code psi = p_c / p_b} of two rates: an interval that covers
 * the true ratio at all looks together with probability at least {@code 1 - alpha}.
 *
 * <p><b>Formula.</b> On a fixed grid of {@code g = ln psi} (step 0.0025 within a factor e, 0.02 out
 * to e^4 = 55; 1101 points),
 *
 * <pre>
 *   log L(g) += (x_c g - (x_c + x_b) log1p(e^g r)) / phi            r = n_c / n_b of the interval
 *   kept: g with log L(g) >= ln sum_g prior(g) L(g) + ln alpha      rounded outwards by one point
 * </pre>
 *
 * {@code L} is the likelihood of the canary's share of the events; what the rates themselves did
 * cancels, interval by interval. The prior is a mixture of five normal densities of width 0.03 to
 * 3, so that the interval is near its best width at every amount of data. The bound is the
 * prior-posterior ratio: under the true {@code g} the ratio {@code sum prior L / L(g)} is a
 * martingale that starts at 1.
 *
 * <p><b>Range.</b> Exact for dispersion 1 and a constant ratio. Ends at the rim of the grid are 0
 * and infinity: with no canary events the lower end is 0. Uncalibrated and below 40 expected events
 * it is only approximate under clumped errors.
 *
 * <p>Source: Waudby-Smith, Ramdas, "Confidence sequences for sampling without replacement" (2020),
 * section on prior-posterior ratios. Cost: one pass over the grid.
 */
public final class RatioSequence {
  private static final double PRICE = 1.5;
  private static final double[] GRID = grid();
  private static final double[] RATIO = exp(GRID);
  private static final double[] LOG_PRIOR = logPrior();

  private final double[] logL = new double[GRID.length];
  private boolean touched;

  private static double[] grid() {
    double[] g = new double[1101];
    int at = 0;
    for (int i = 0; i < 150; i++) {
      g[at++] = -4 + 0.02 * i;
    }
    for (int i = 0; i < 801; i++) {
      g[at++] = -1 + 0.0025 * i;
    }
    for (int i = 0; i < 150; i++) {
      g[at++] = 1 + 0.02 * (i + 1);
    }
    return g;
  }

  private static double[] exp(double[] logs) {
    double[] values = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      values[i] = Math.exp(logs[i]);
    }
    return values;
  }

  private static double[] logPrior() {
    double[] widths = {0.03, 0.1, 0.3, 1.0, 3.0};
    int last = GRID.length - 1;
    double[] logs = new double[GRID.length];
    for (int i = 0; i <= last; i++) {
      double low = i == 0 ? GRID[i] : (GRID[i - 1] + GRID[i]) / 2;
      double high = i == last ? GRID[i] : (GRID[i] + GRID[i + 1]) / 2;
      double density = 0;
      for (double s : widths) {
        double z = GRID[i] / s;
        density += Math.exp(-z * z / 2) / s;
      }
      logs[i] = Math.log(density * (high - low));
    }
    double total = LogSpace.sum(logs);
    for (int i = 0; i <= last; i++) {
      logs[i] -= total;
    }
    return logs;
  }

  /**
   * Takes in one interval; one without exposure in both cohorts, or without events, says nothing.
   */
  public void update(double xc, double nc, double xb, double nb, double phi) {
    double events = xc + xb;
    if (!(nc > 0 && nb > 0) || !(events > 0)) {
      return;
    }
    touched = true;
    double r = nc / nb;
    for (int i = 0; i < logL.length; i++) {
      logL[i] += (xc * GRID[i] - events * Math.log1p(RATIO[i] * r)) / phi;
    }
  }

  /** The interval at level {@code 1 - alpha}, rounded outwards to the grid. */
  public RatioInterval interval(double alpha) {
    double cut = logMarginal() + Math.log(alpha);
    int best = 0;
    int first = -1;
    int last = -1;
    for (int i = 0; i < logL.length; i++) {
      if (logL[i] > logL[best]) {
        best = i;
      }
      if (logL[i] >= cut) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    first = first < 0 ? best : first;
    last = last < 0 ? best : last;
    double lower = first == 0 ? 0 : RATIO[first - 1];
    double upper = last == RATIO.length - 1 ? Double.POSITIVE_INFINITY : RATIO[last + 1];
    return new RatioInterval(lower, RATIO[best], upper);
  }

  private double logMarginal() {
    double[] posterior = new double[logL.length];
    for (int i = 0; i < posterior.length; i++) {
      posterior[i] = LOG_PRIOR[i] + logL[i];
    }
    return LogSpace.sum(posterior);
  }

  /**
   * ln e-value against "the ratio is at least {@code psi}"; a value beyond the grid is drawn to its
   * rim, which makes the claim stronger and the evidence smaller.
   */
  public double logAgainstAtLeast(double psi) {
    double t = Math.min(Math.log(psi), GRID[GRID.length - 1]);
    double most = Double.NEGATIVE_INFINITY;
    for (int i = GRID.length - 1; i >= 0 && GRID[i] >= t; i--) {
      most = Math.max(most, logL[i]);
    }
    return logMarginal() - most;
  }

  /**
   * How many more looks it takes, about, to refute "the ratio is at least {@code psi}" at this
   * level, if it is 1 and this share of all units are events.
   *
   * @param psi above 1, or the result is infinite
   */
  public double looksToRefute(double psi, double rate, Pace pace, double phi, double alpha) {
    double r = pace.canary() / pace.baseline();
    double xc = pace.canary() * rate;
    double xb = pace.baseline() * rate;
    double drift = -(xc * Math.log(psi) - (xc + xb) * (Math.log1p(psi * r) - Math.log1p(r)));
    // The prior is spread over ratios: about so much of it lies about 1.
    double[] weights = {Math.exp(-PRICE)};
    return Drift.looks(
        new double[] {psi > 1 ? drift : 0},
        weights,
        Math.log(1 / alpha),
        logAgainstAtLeast(psi),
        phi,
        Double.POSITIVE_INFINITY);
  }

  /** ln e-value against "the ratio is at most {@code psi}"; drawn to the rim likewise. */
  public double logAgainstAtMost(double psi) {
    double t = Math.max(Math.log(psi), GRID[0]);
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < GRID.length && GRID[i] <= t; i++) {
      most = Math.max(most, logL[i]);
    }
    return logMarginal() - most;
  }

  /** Forgets everything: a step begins. */
  public void reset() {
    java.util.Arrays.fill(logL, 0);
    touched = false;
  }

  public void save(StateWriter out) {
    out.put(touched);
    if (touched) {
      out.putAll(logL);
    }
  }

  public void load(StateReader in) {
    reset();
    touched = in.nextFlag();
    if (touched) {
      in.fill(logL);
    }
  }
}
