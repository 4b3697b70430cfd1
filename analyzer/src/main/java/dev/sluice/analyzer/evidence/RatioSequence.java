package dev.sluice.analyzer.evidence;

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
 * section on prior-posterior ratios.
 *
 * <p><b>Cost.</b> The grid itself is not kept. As a function of g the likelihood is so smooth that
 * 62 of its values determine it to the last digit ({@link LogRatioCurve}); an interval costs 62
 * logarithms. It is concave too, so that its ends are found by halving, and its mass lies in one
 * stretch of the grid, the shorter the more events there are.
 */
public final class RatioSequence {
  private static final double[] GRID = grid();
  private static final double[] RATIO = exp(GRID);
  private static final double[] PRIOR = exp(logPrior());

  /** Where each grid point lies in its stretch of the curve. */
  private static final double[] WITHIN = within(GRID);

  /** First grid points of the curve's stretches, and the end. */
  private static final int[] STRETCHES = {0, 150, 951, 1101};

  private static final double[] PLACES = LogRatioCurve.places();
  private static final double[] UP = exp(PLACES);
  private static final double[] DOWN = exp(negative(PLACES));

  /** For each place the last grid point below it. */
  private static final int[] FLOOR = floor();

  /** Points that lie this far below the best one weigh less than rounding, whatever their prior. */
  private static final double NEGLIGIBLE = 40;

  private static final int BLOCK = 128;

  private final double[] logL = new double[LogRatioCurve.SIZE];
  private final LogRatioCurve curve = new LogRatioCurve();
  private final double[] block = new double[BLOCK];
  private boolean touched;
  private boolean weighed;
  private int best;
  private double highest;
  private double logMarginal;

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

  private static double[] within(double[] values) {
    return java.util.Arrays.stream(values).map(LogRatioCurve::within).toArray();
  }

  private static int[] floor() {
    return java.util.Arrays.stream(PLACES).mapToInt(g -> firstNotBelow(g) - 1).toArray();
  }

  private static double[] negative(double[] values) {
    return java.util.Arrays.stream(values).map(v -> -v).toArray();
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
    weighed = false;
    double r = nc / nb;
    if (r <= 1) {
      add(xc / phi, events / phi, UP, r);
    } else {
      add(-xb / phi, events / phi, DOWN, nb / nc);
    }
  }

  /**
   * Up to a number that does not depend on g it is the same seen from either cohort; seen from the
   * larger one no digits are lost.
   */
  private void add(double slope, double weight, double[] ratio, double r) {
    for (int i = 0; i < logL.length; i++) {
      logL[i] += slope * PLACES[i] - weight * Math.log1p(ratio[i] * r);
    }
  }

  /** The interval at level {@code 1 - alpha}, rounded outwards to the grid. */
  public RatioInterval interval(double alpha) {
    weigh();
    double cut = Math.min(highest, logMarginal + Math.log(alpha));
    int first = firstAbove(cut);
    int last = lastAbove(cut);
    double lower = first == 0 ? 0 : RATIO[first - 1];
    double upper = last == RATIO.length - 1 ? Double.POSITIVE_INFINITY : RATIO[last + 1];
    return new RatioInterval(lower, RATIO[best], upper);
  }

  /** Finds the best point and the marginal likelihood, once after every change. */
  private void weigh() {
    if (weighed) {
      return;
    }
    curve.through(logL);
    best = peak();
    highest = at(best);
    logMarginal = highest + Math.log(mass());
    weighed = true;
  }

  private double at(int i) {
    return curve.at(i < STRETCHES[1] ? 0 : i < STRETCHES[2] ? 1 : 2, WITHIN[i]);
  }

  /**
   * The first point after which the curve does not rise. It is concave, so the point lies between
   * the neighbours of the highest place.
   */
  private int peak() {
    int top = 0;
    for (int j = 1; j < logL.length; j++) {
      top = logL[j] > logL[top] ? j : top;
    }
    int low = top == 0 ? 0 : FLOOR[top - 1];
    int high = top + 1 == logL.length ? GRID.length - 1 : FLOOR[top + 1] + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle + 1) > at(middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first point, up to the best one, at which the curve is not below this. */
  private int firstAbove(double level) {
    int j = 0;
    while (j < logL.length && logL[j] < level && FLOOR[j] < best) {
      j++;
    }
    int low = j == 0 ? 0 : FLOOR[j - 1];
    int high = j == logL.length ? best : Math.min(best, FLOOR[j] + 1);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle) >= level) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The last point, from the best one on, at which the curve is not below this. */
  private int lastAbove(double level) {
    int j = logL.length - 1;
    while (j >= 0 && logL[j] < level && FLOOR[j] >= best) {
      j--;
    }
    int low = j < 0 ? best : Math.max(best, FLOOR[j]);
    int high = j == logL.length - 1 ? GRID.length - 1 : FLOOR[j + 1] + 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (at(middle) >= level) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The sum of prior and likelihood, the likelihood of the best point being 1. */
  private double mass() {
    int from = firstAbove(highest - NEGLIGIBLE);
    int end = lastAbove(highest - NEGLIGIBLE) + 1;
    double mass = 0;
    for (int z = 0; z + 1 < STRETCHES.length; z++) {
      int stop = Math.min(end, STRETCHES[z + 1]);
      for (int i = Math.max(from, STRETCHES[z]); i < stop; i += BLOCK) {
        int count = Math.min(BLOCK, stop - i);
        curve.at(z, WITHIN, i, count, block);
        mass += LogSpace.weightedSum(block, count, highest, PRIOR, i);
      }
    }
    return mass;
  }

  /**
   * ln e-value against "the ratio is at least {@code psi}"; a value beyond the grid is drawn to its
   * rim, which makes the claim stronger and the evidence smaller.
   */
  public double logAgainstAtLeast(double psi) {
    weigh();
    int from = Math.min(firstNotBelow(Math.log(psi)), GRID.length - 1);
    return logMarginal - (best >= from ? highest : at(from));
  }

  /** ln e-value against "the ratio is at most {@code psi}"; drawn to the rim likewise. */
  public double logAgainstAtMost(double psi) {
    weigh();
    double t = Math.log(psi);
    int at = firstNotBelow(t);
    int to = at < GRID.length && GRID[at] == t ? at : Math.max(0, at - 1);
    return logMarginal - (best <= to ? highest : at(to));
  }

  private static int firstNotBelow(double t) {
    int at = java.util.Arrays.binarySearch(GRID, t);
    return at >= 0 ? at : -at - 1;
  }

  /** Forgets everything: a step begins. */
  public void reset() {
    java.util.Arrays.fill(logL, 0);
    touched = false;
    weighed = false;
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
