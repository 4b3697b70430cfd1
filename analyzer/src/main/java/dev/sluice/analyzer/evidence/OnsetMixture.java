package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Arrays;

/**
 * An e-process that knows neither how large a regression is, nor when it begins, nor how noisy the
 * world is.
 *
 * <p><b>Given.</b> For every alternative {@code k} a log increment {@code l_k} per interval with
 * {@code E[exp(l_k) | past] <= 1} as long as nothing is worse than tolerated.
 *
 * <p><b>Formula.</b> With prior mass {@code pi_t} on "it begins in interval t" and {@code B_t} the
 * mass not yet spent,
 *
 * <pre>
 *   R_k,t = (R_k,t-1 + pi_t) * exp(l_k,t)          E_t = B_t + sum_k w_k R_k,t
 * </pre>
 *
 * {@code E} is the mixture, over alternatives and over onsets, of likelihood-ratio-like products
 * that start at the onset. It starts at 1 and is a non-negative supermartingale for every
 * predictable rule that sets {@code pi_t}, so {@code P(ever E >= 1/alpha) <= alpha}.
 *
 * <p><b>Why the onset.</b> A test without it first has to undo all the evidence of health it has
 * collected. Here that costs {@code ln(1/startMass)} = 0.7 nats for a regression that was there
 * from the beginning and 5 to 7 nats for one that begins at an arbitrary later moment, however long
 * the rollout was healthy.
 *
 * <p><b>Dispersion bank.</b> The process is kept for every dispersion of a grid 1, 1.5, 2.25 ...
 * 195 with increments {@code min(l_k / phi, cap)}. Dividing by {@code phi >= 1} keeps the
 * expectation at most 1 (Jensen), and if events come in clumps of size {@code phi} it is exactly
 * the increment of the clumps. {@link #evaluate} reads the value at the dispersion that is believed
 * <em>now</em>, for the whole past: a dispersion that is learned late leaves no overconfident
 * evidence behind. Between grid points ln E is interpolated linearly in {@code 1/phi}; at 1 it is
 * exact.
 *
 * <p><b>Cap.</b> One interval contributes at most a {@link Cap}, so that a single burst cannot
 * decide. Cutting off from above can only make the test more careful.
 *
 * <p>Sources: Ville (1939); Shin, Ramdas, Rinaldo, "E-detectors" (2022) for mixtures over onsets;
 * the bank and the cap are this project's. Cost per interval: grid x alternatives, independent of
 * the length of the history.
 */
public final class OnsetMixture {
  private static final double[] BANK = bank();
  private static final double[] EXACT = {1.0};

  private final double[] logWeights;
  private final double[] phis;
  private final double[][] logR;
  private final Onset onset;
  private final Cap cap;
  private double unspent = 1;
  private boolean started;
  private double logE;
  private double highest;

  private OnsetMixture(double[] weights, Onset onset, Cap cap, double[] phis) {
    this.logWeights = LogSpace.normalised(weights);
    this.onset = onset;
    this.cap = cap;
    this.phis = phis;
    this.logR = new double[phis.length][weights.length];
    for (double[] row : logR) {
      Arrays.fill(row, Double.NEGATIVE_INFINITY);
    }
  }

  /** With the bank of dispersions. */
  public static OnsetMixture withBank(double[] weights, Onset onset, Cap cap) {
    return new OnsetMixture(weights, onset, cap, BANK);
  }

  /** For dispersion 1 alone. */
  public static OnsetMixture exact(double[] weights, Onset onset, Cap cap) {
    return new OnsetMixture(weights, onset, cap, EXACT);
  }

  private static double[] bank() {
    double[] grid = new double[14];
    for (int g = 0; g < grid.length; g++) {
      grid[g] = Math.pow(1.5, g);
    }
    return grid;
  }

  /**
   * Takes in one interval.
   *
   * @param raw log increment of every alternative at dispersion 1
   * @param seconds length of the interval
   */
  public void update(double[] raw, double seconds, boolean newStep) {
    double spent = onset.share(!started, newStep, seconds) * unspent;
    unspent -= spent;
    started = true;
    double logSpent = Math.log(spent);
    for (int g = 0; g < phis.length; g++) {
      double[] row = logR[g];
      for (int k = 0; k < raw.length; k++) {
        double before = LogSpace.add(row[k], logSpent);
        row[k] = before + Math.min(raw[k] / phis[g], cap.of(logWeights[k] + before));
      }
    }
  }

  /**
   * Goes on with what another mixture has won, where the alternatives are looked at in a new way:
   * the first {@code same} stand for themselves, the others come in rounds of {@code round}, one
   * for each place that is watched, and share what the old places have won. All that is won stays,
   * so the next interval starts from the same {@code E}; how it is spread is known beforehand.
   *
   * @param older with the same kind of bank, and the same weight on the rounds together
   */
  public void continueFrom(OnsetMixture older, int same, int round) {
    unspent = older.unspent;
    started = older.started;
    logE = older.logE;
    highest = older.highest;
    for (int g = 0; g < phis.length; g++) {
      double[] from = older.logR[g];
      double[] shared = new double[same + round];
      Arrays.fill(shared, Double.NEGATIVE_INFINITY);
      double logRounds = Math.log((double) (from.length - same) / round);
      for (int k = 0; k < from.length; k++) {
        int place = k < same ? k : same + (k - same) % round;
        shared[place] = LogSpace.add(shared[place], k < same ? from[k] : from[k] - logRounds);
      }
      for (int k = 0; k < logR[g].length; k++) {
        logR[g][k] = shared[k < same ? k : same + (k - same) % round];
      }
    }
  }

  /** Reads ln E at a dispersion; values outside the grid are drawn to its ends. */
  public double evaluate(double phi) {
    if (started) {
      logE = at(Math.clamp(phi, phis[0], phis[phis.length - 1]));
      highest = Math.max(highest, logE);
    }
    return logE;
  }

  private double at(double phi) {
    int g = phis.length - 1;
    while (phis[g] > phi) {
      g--;
    }
    if (g == phis.length - 1 || phi == phis[g]) {
      return atGrid(g);
    }
    double low = phis[g];
    double high = phis[g + 1];
    double w = (1 / low - 1 / phi) / (1 / low - 1 / high);
    return atGrid(g) * (1 - w) + atGrid(g + 1) * w;
  }

  private double atGrid(int g) {
    double[] row = logR[g];
    double logUnspent = Math.log(unspent);
    double high = logUnspent;
    for (int k = 0; k < row.length; k++) {
      high = Math.max(high, logWeights[k] + row[k]);
    }
    if (high == Double.NEGATIVE_INFINITY) {
      return high;
    }
    double sum = Math.exp(logUnspent - high);
    for (int k = 0; k < row.length; k++) {
      sum += Math.exp(logWeights[k] + row[k] - high);
    }
    return high + Math.log(sum);
  }

  /** ln E as it was last evaluated, 0 before the first interval. */
  public double logE() {
    return logE;
  }

  /** The highest ln E so far. */
  public double highest() {
    return highest;
  }

  /** The anytime-valid p-value, {@code min(1, 1 / max E)}. */
  public double pValue() {
    return Math.min(1, Math.exp(-highest));
  }

  /** Prior mass that no onset has taken yet. */
  public double unspent() {
    return unspent;
  }

  public void save(StateWriter out) {
    out.put(unspent).put(started).put(logE).put(highest);
    for (double[] row : logR) {
      out.putAll(row);
    }
  }

  public void load(StateReader in) {
    unspent = in.next();
    started = in.nextFlag();
    logE = in.next();
    highest = in.next();
    for (double[] row : logR) {
      in.fill(row);
    }
  }
}
