package dev.sluice.analyzer;

import java.util.ArrayList;
import java.util.List;

/**
 * Evidence that a paired series has shifted to the harmful side, at a time nobody knows.
 *
 * <p><b>Input.</b> One number per look: canary minus accepted baseline, signed so that harm is
 * positive, margin removed ({@code y > 0} is worse than accepted). For means, multiply by {@code
 * sqrt(1/(1/n_canary + rho^2/n_baseline))}, so that looks with different traffic have one scale.
 * For direction "either" keep two of these, one per side, and average their e-values.
 *
 * <p><b>Hypothesis.</b> No harm: the series is Gaussian around a level that is not above 0, with
 * any scale and an autocorrelation that falls by a constant factor per look. Harm: from some look
 * on, the level is higher than before and above 0.
 *
 * <p><b>Method.</b> For every hypothesised onset {@code s} the points before it are a frozen
 * reference, which the shift cannot teach: this is what a variance learned from the whole stream
 * lacks, and why it is blind to a late shift. {@link ShiftModel} gives the Bayes factor {@code
 * B_s}; the evidence is
 *
 * <pre>
 * E_t = U_t + sum_s pi_s B_s(t)                      U_t: prior mass of onsets still to come
 * pi  = 1/2 of it at the first look, 1/4 of the rest at a new step, otherwise
 *       dt/(tau (1 + ln+(horizon/tau))) of the rest, tau = time since the first look
 * </pre>
 *
 * <p>The last line spreads the rest evenly over the logarithm of the onset: it costs {@code
 * ln(looks) + 2} nats whatever the horizon, where a uniform prior costs the logarithm of all looks
 * of the horizon even for a regression in the first minutes. A mixture of e-processes with a
 * predictable prior is an e-process (Ville; statistics of this house, section 3), so that {@code
 * P(E ever reaches 1/alpha) <= alpha} as far as each {@code B_s} is one; see {@link ShiftModel} for
 * which part is a theorem.
 *
 * <p>The onset "at the very first look" has no reference. It is judged against 0 alone, and only
 * for a concurrent baseline: against a baseline from another period a standing difference proves
 * nothing, only a rise within the rollout does.
 *
 * <p><b>Thinning.</b> At age {@code a} only every {@code 2^j}-th onset is kept, the largest {@code
 * 2^j <= max(1, a/4)}: some four per octave of age, 38 in 24 h of looks a minute. The wealth {@code
 * pi_s B_s(t)} of a dropped onset goes to the next older one; what is continued from there is again
 * a ratio of that onset's own factors, so nothing is won by moving. Older, because its reference
 * holds no point of the shift.
 *
 * <p><b>Outliers.</b> Gaussian factors believe in Gaussian tails. Two guards: (i) a point is
 * clipped at {@code c} standard deviations of the past, where {@code c} is such that two
 * neighbouring glitches of that size, followed by one normal look, leave no more than the threshold
 * and the price of the onset: {@code c^2 = n(1-q)/(2q - 2/3)}, {@code q = (alpha pi)^(2/n)}; no
 * limit while {@code q <= 1/3}, where so few points cannot add up to it. (ii) The evidence that is
 * reported rises by at most {@code ln(1/alpha)} per look, from 0 or its last value: no look alone
 * goes beyond the threshold, and {@code confirm} asks for a second one. Reporting less than {@code
 * E} costs no validity.
 *
 * <p><b>What is approximate.</b> Unknown autocorrelation, clipping, and noise that is not
 * spherical: measured by simulation at level 0.01 with two looks to confirm, 60 looks: 0 to 1
 * percent for autocorrelation 0 to 0.95, t(3), log-normal, changing variance, common shocks,
 * integers, rare spikes. Above the level: counts that are nearly always 0 (2 to 3 percent), noise
 * skewed towards better (4 percent), and log-normal noise skewed towards worse over 1440 looks (5
 * of 40 runs); wandering integers, where rounding adds noise the model does not have (4 of 100
 * runs). Positive quantities with skewed noise belong on a log scale.
 *
 * <p><b>Edges.</b> A series that never moves says nothing. Values on a grid: see the resolution in
 * {@link ShiftModel#aboveMargin}. A change of unit changes nothing.
 *
 * <p>Not thread-safe. Deterministic.
 */
final class ShiftEvidence {
  private static final double FIRST_LOOK = 0.5;
  private static final double NEW_STEP = 0.25;
  private static final int PER_OCTAVE = 4;
  private static final double NO_MASS = 1e-300;
  private static final int HEAD = 17;

  private final double logThreshold;
  private final double horizonSeconds;
  private final boolean concurrent;
  private final ShiftModel model;
  private final List<ShiftOnset> onsets = new ArrayList<>();

  private double looks;
  private double elapsed;
  private double unspent = 1;
  private double resolution = Double.POSITIVE_INFINITY;
  private double reported;
  private double exact;

  /** Sums about the first point: y, y^2, y * previous; first stays 0 by construction. */
  private double origin;

  private double sum;
  private double squares;
  private double lagged;
  private double previous;
  private double mean;
  private double spread;

  private ShiftEvidence(
      double falseAlarm, double horizonSeconds, boolean concurrent, ShiftModel model) {
    this.logThreshold = Math.log(1 / Require.between("falseAlarm", falseAlarm, 0, 1));
    this.horizonSeconds =
        Require.between("horizonSeconds", horizonSeconds, 0, Double.POSITIVE_INFINITY);
    this.concurrent = concurrent;
    this.model = model;
  }

  /**
   * @param falseAlarm the level alpha at which the evidence will be read, in (0, 1)
   * @param horizonSeconds planned length of the rollout, more than 0; of little weight
   * @param concurrent whether the baseline is of the same time as the canary
   */
  static ShiftEvidence start(double falseAlarm, double horizonSeconds, boolean concurrent) {
    return new ShiftEvidence(
        falseAlarm, horizonSeconds, concurrent, ShiftModel.ofUnknownAutocorrelation());
  }

  /** Takes the points as uncorrelated and Gaussian at their word: the case that is a theorem. */
  static ShiftEvidence ofIndependentPoints(double falseAlarm, double horizonSeconds) {
    return new ShiftEvidence(falseAlarm, horizonSeconds, true, ShiftModel.ofIndependentPoints());
  }

  /** ln of the e-value to be compared with ln(1/alpha), or to be averaged with others. */
  double logE() {
    return reported;
  }

  /** ln E before the limit on its rise. */
  double logExact() {
    return exact;
  }

  /** How many onsets are being followed. */
  int onsets() {
    return onsets.size();
  }

  /**
   * One look.
   *
   * @param excess canary over accepted baseline, positive is harm, finite
   * @param seconds length of the window, more than 0
   * @param newStep whether this is the first look of a step
   * @return {@link #logE()}
   */
  double add(double excess, double seconds, boolean newStep) {
    Require.finite("excess", excess);
    looks += 1;
    elapsed += Require.between("seconds", seconds, 0, Double.POSITIVE_INFINITY);
    double mass = unspent * massNow(seconds, newStep);
    unspent -= mass;
    double y = clipped(excess, Math.max(mass, NO_MASS));
    for (ShiftOnset onset : onsets) {
      onset.add(y, previous);
    }
    if (looks > 1 || concurrent) {
      onsets.add(onsetAt(y, Math.log(Math.max(mass, NO_MASS))));
    }
    learn(y);
    if (!onsets.isEmpty()) {
      weigh();
    }
    return reported;
  }

  /**
   * Takes in a point from before the rollout: it belongs to the reference of every onset, and no
   * onset is suspected in it. Only before the first look.
   */
  void remember(double excess) {
    Require.finite("excess", excess);
    looks += 1;
    learn(excess);
  }

  private double massNow(double seconds, boolean newStep) {
    if (elapsed == seconds) {
      return concurrent || looks > 1 ? FIRST_LOOK : 0;
    }
    if (newStep) {
      return NEW_STEP;
    }
    double octaves = 1 + Math.max(0, Math.log(horizonSeconds / elapsed));
    return Math.min(1, seconds / (elapsed * octaves));
  }

  private double clipped(double y, double mass) {
    double n = looks - 1;
    if (n < 3 || !(spread > 0)) {
      return y;
    }
    double q = Math.exp(-2 * (logThreshold - Math.log(mass)) / n);
    if (!(3 * q > 1)) {
      return y;
    }
    double reach = Math.sqrt(n * (1 - q) / (2 * q - 2.0 / 3)) * Math.sqrt(spread / (n - 1));
    return Math.min(Math.max(y, Math.min(mean, 0) - reach), Math.max(mean, 0) + reach);
  }

  private ShiftOnset onsetAt(double y, double logMass) {
    double n = looks - 1;
    if (n == 0) {
      return new ShiftOnset(looks, 0, 0, 0, 0, 0, 0, y, logMass);
    }
    double m = sum / n;
    double last = previous - origin;
    return new ShiftOnset(
        looks,
        n,
        m + origin,
        Math.max(squares - n * m * m, 0),
        lagged - m * (2 * sum - last) + (n - 1) * m * m,
        -m,
        last - m,
        y - (m + origin),
        logMass);
  }

  private void learn(double y) {
    if (looks == 1) {
      origin = y;
    } else {
      resolution = finer(finer(resolution, y - origin), y - previous);
      lagged += (y - origin) * (previous - origin);
    }
    sum += y - origin;
    squares += (y - origin) * (y - origin);
    double step = y - mean;
    mean += step / looks;
    spread += step * (y - mean);
    previous = y;
  }

  private static double finer(double known, double difference) {
    double size = Math.abs(difference);
    return size > 0 ? Math.min(known, size) : known;
  }

  private void weigh() {
    double[] factors = new double[onsets.size()];
    double step = Double.isFinite(resolution) ? resolution : 0;
    double freedom = Double.NaN;
    StudentTail tail = new StudentTail(1);
    for (int i = 0; i < factors.length; i++) {
      ShiftOnset onset = onsets.get(i);
      if (ShiftModel.freedom(onset) != freedom) {
        freedom = ShiftModel.freedom(onset);
        tail = new StudentTail(freedom);
      }
      double level = model.aboveMargin(onset, step, tail);
      factors[i] = onset.before > 0 ? Math.min(level, model.change(onset, step, tail)) : level;
    }
    double total = unspent > 0 ? Math.log(unspent) : Double.NEGATIVE_INFINITY;
    for (double share : thinned(factors)) {
      total = ShiftModel.logAdd(total, share);
    }
    exact = total;
    reported = Math.min(total, Math.max(reported, 0) + logThreshold);
  }

  /** Drops the onsets that are too close for their age; returns ln(share * factor) of the kept. */
  private List<Double> thinned(double[] factors) {
    List<ShiftOnset> kept = new ArrayList<>();
    List<Double> wealth = new ArrayList<>();
    double factor = 0;
    for (int i = 0; i < factors.length; i++) {
      ShiftOnset onset = onsets.get(i);
      if (i == 0 || isKept(onset)) {
        kept.add(onset);
        factor = factors[i];
        wealth.add(onset.logShare + factor);
      } else {
        ShiftOnset heir = kept.getLast();
        heir.logShare = ShiftModel.logAdd(heir.logShare, onset.logShare + factors[i] - factor);
        wealth.set(wealth.size() - 1, heir.logShare + factor);
      }
    }
    onsets.clear();
    onsets.addAll(kept);
    return wealth;
  }

  private boolean isKept(ShiftOnset onset) {
    double age = looks - onset.index;
    double spacing = 1;
    while (spacing * 2 * PER_OCTAVE <= age) {
      spacing *= 2;
    }
    return (onset.index - 1) % spacing == 0;
  }

  /** Everything that {@link #restore} needs besides the settings. */
  double[] snapshot() {
    double[] state = new double[HEAD + onsets.size() * ShiftOnset.WIDTH];
    double[] head = {
      logThreshold,
      horizonSeconds,
      concurrent ? 1 : 0,
      looks,
      elapsed,
      unspent,
      resolution,
      reported,
      exact,
      origin,
      sum,
      squares,
      lagged,
      previous,
      mean,
      spread,
      onsets.size()
    };
    System.arraycopy(head, 0, state, 0, head.length);
    for (int i = 0; i < onsets.size(); i++) {
      onsets.get(i).write(state, HEAD + i * ShiftOnset.WIDTH);
    }
    return state;
  }

  /**
   * Goes on, bit for bit, where another stopped.
   *
   * @throws IllegalArgumentException if the state is not one of these settings
   */
  static ShiftEvidence restore(
      double falseAlarm, double horizonSeconds, boolean concurrent, double[] state) {
    ShiftEvidence evidence = start(falseAlarm, horizonSeconds, concurrent);
    evidence.read(state);
    return evidence;
  }

  private void read(double[] state) {
    if (state.length < HEAD
        || state.length != HEAD + ((int) state[16]) * ShiftOnset.WIDTH
        || state[0] != logThreshold
        || state[1] != horizonSeconds
        || state[2] != (concurrent ? 1 : 0)) {
      throw new IllegalArgumentException("not a state of shift evidence with these settings");
    }
    looks = state[3];
    elapsed = state[4];
    unspent = state[5];
    resolution = state[6];
    reported = state[7];
    exact = state[8];
    origin = state[9];
    sum = state[10];
    squares = state[11];
    lagged = state[12];
    previous = state[13];
    mean = state[14];
    spread = state[15];
    for (int i = 0; i < (int) state[16]; i++) {
      onsets.add(ShiftOnset.read(state, HEAD + i * ShiftOnset.WIDTH));
    }
  }
}
