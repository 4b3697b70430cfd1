package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.LogSpace;
import java.util.Arrays;

/**
 * The Bayes factor of one hypothesised onset: "from here on the paired difference is higher"
 * against "it is not", for a Gaussian series of unknown scale and unknown first-order
 * autocorrelation.
 *
 * <p>For a coefficient {@code r} the series is whitened, {@code e_t = y_t - r y_(t-1)} (the very
 * first point times {@code sqrt(1 - r^2)}). A shift by {@code delta} from the onset on moves the
 * onset's {@code e} by {@code h = 1} and each later one by {@code h = 1 - r}: the jump itself is
 * evidence even where the series wanders. The mean before the onset is a nuisance with a flat prior
 * (regressor {@code u}: {@code 1 - r}), the innovation scale one with the prior {@code 1/sigma}
 * (right Haar measure of the location-scale group), and {@code delta} is half-normal with standard
 * deviation 1 or 5 in units of the marginal standard deviation, {@code g = s^2/(1 - r^2)} in units
 * of the innovation's. With {@code K, T, Q} the sums of {@code h^2, h e, e^2} after the nuisance is
 * projected out, and {@code N} degrees of freedom,
 *
 * <pre>
 * m0_r = sqrt(1 - r^2) * Ku^(-1/2) * Q^(-N/2)                     the null's marginal likelihood
 * B_r  = 2 (1 + gK)^(-1/2) * M_N(x)                                the Bayes factor given r
 *        x = T sqrt(g/(1+gK)) / sqrt((Q - g T^2/(1+gK))/N)         ({@link StudentTail})
 * B    = sum_r p_r m0_r B_r / sum_r p_r m0_r
 * </pre>
 *
 * <p><b>What it guarantees.</b> For r = 0 alone {@code B} is the likelihood ratio of the maximal
 * invariant under changes of unit (and of level): its expectation is exactly 1 for every spherical
 * distribution of the noise, Gaussian or multivariate t of any unit, at every time, and it is a
 * martingale in the filtration of the invariant. With r unknown, {@code B} is the likelihood ratio
 * against the mixture of nulls; for a series whose coefficient is {@code r} its expectation is at
 * most {@code 1/p_r}, and 1 on average over the prior. That bound is loose, the measured false
 * alarms are not above the level for r from 0 to 0.95. Too small a prior on large {@code r} makes
 * short wandering series look like shifts (0.0014 instead of 0.04 at 0.95: 14 percent).
 *
 * <p><b>Two nulls.</b> {@link #aboveMargin}: the points since the onset have mean 0, the margin;
 * those before may have had any mean. {@link #change}: they have the mean of those before. Harm is
 * a rise <em>and</em> beyond the margin, so the smaller of the two counts; a canary that returns
 * from better to equal, or one that was offset all along, is not a regression.
 *
 * <p>Sources: Perez-Ortiz, Lardy, de Heide, Gruenwald, E-statistics, group invariance and
 * anytime-valid testing (Annals of Statistics 2024), theorem on the maximal invariant; Rouder et
 * al. 2009 and Liang et al. 2008 (g-prior, closed form); Wasserman, Ramdas, Balakrishnan 2020
 * (likelihood ratio against a composite null).
 */
final class ShiftModel {
  /** Candidates of the autocorrelation, and their prior. */
  private static final double[] COEFFICIENT = {0, 0.3, 0.6, 0.8, 0.92, 0.98};

  private static final double[] PRIOR = {0.8, 0.04, 0.04, 0.04, 0.04, 0.04};

  /** Squared scales of the half-normal prior on the shift, in marginal standard deviations. */
  private static final double[] SCALE = {1, 25};

  /** {@code 1 - r^2} of each candidate, and ln of its prior times the root of that. */
  private static final double[] VARIANCE = variance();

  private static final double[] LOG_PRIOR = logPrior();
  private static final double LOG_2 = Math.log(2);
  private static final double LOG_SCALES = Math.log(SCALE.length);

  private final int candidates;
  private final Mixture mixture = new Mixture();

  private static double[] variance() {
    return Arrays.stream(COEFFICIENT).map(r -> 1 - r * r).toArray();
  }

  private static double[] logPrior() {
    double[] logs = new double[PRIOR.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(PRIOR[i]) + 0.5 * Math.log(VARIANCE[i]);
    }
    return logs;
  }

  private ShiftModel(int candidates) {
    this.candidates = candidates;
  }

  static ShiftModel ofUnknownAutocorrelation() {
    return new ShiftModel(COEFFICIENT.length);
  }

  /** Takes the points as uncorrelated: exact, for tests of the theorem. */
  static ShiftModel ofIndependentPoints() {
    return new ShiftModel(1);
  }

  /** ln(e^a + e^b); the logarithm of nothing is minus infinity. */
  static double logAdd(double a, double b) {
    return LogSpace.add(a, b);
  }

  /** Degrees of freedom at this onset. */
  static double freedom(ShiftOnset onset) {
    return Math.max(onset.before - 1, 0) + onset.since;
  }

  /**
   * ln B against "the points since the onset are at the margin".
   *
   * @param resolution smallest difference between two points seen, 0 if none: two values that far
   *     apart have a standard deviation of at most half of it, and that is the least scale believed
   *     in. It keeps a gauge that never moved from proving harm by its first tick.
   */
  double aboveMargin(ShiftOnset o, double resolution, StudentTail tail) {
    mixture.begin(o, resolution);
    for (int i = 0; i < candidates; i++) {
      Before b = new Before(o, COEFFICIENT[i]);
      double r = b.r;
      double w = 1 - r;
      double later = o.since - 1;
      double m = o.mean;
      double squares = o.sumSquares + 2 * m * o.sum + later * m * m;
      double lagged = o.sumLagged + m * (o.sum + o.sumPrevious) + later * m * m;
      double previous = o.sumPreviousSquares + 2 * m * o.sumPrevious + later * m * m;
      double drift = o.sum + later * m - r * (o.sumPrevious + later * m);
      double h = o.before > 0 ? 1 : Math.sqrt(1 - r * r);
      double jump = o.before > 0 ? o.jump + m - r * b.previousAboveMargin(o) : h * o.jump;
      double rest = Math.max(squares - 2 * r * lagged + r * r * previous, 0);
      double t = h * jump + w * drift;
      double q = b.residual + jump * jump + rest;
      double logKu = o.before > 0 ? Math.log(b.weight) : 0;
      mixture.add(i, h * h + later * w * w, t, q, logKu);
    }
    return mixture.value(tail);
  }

  /** ln B against "the points since the onset are like those before"; 0 where none are before. */
  double change(ShiftOnset o, double resolution, StudentTail tail) {
    if (!(o.before > 0)) {
      return 0;
    }
    mixture.begin(o, resolution);
    for (int i = 0; i < candidates; i++) {
      Before b = new Before(o, COEFFICIENT[i]);
      double r = b.r;
      double w = 1 - r;
      double later = o.since - 1;
      double jump = o.jump - r * o.last;
      double drift = o.sum - r * o.sumPrevious;
      double rest = Math.max(o.sumSquares - 2 * r * o.sumLagged + r * r * o.sumPreviousSquares, 0);
      double uu = b.weight + o.since * w * w;
      double ue = b.product + w * (jump + drift);
      double hu = w + later * w * w;
      double k = Math.max(1 + later * w * w - hu * hu / uu, 0);
      double t = jump + w * drift - hu * ue / uu;
      double q = Math.max(b.squares + jump * jump + rest - ue * ue / uu, 0);
      mixture.add(i, k, t, q, Math.log(uu));
    }
    return mixture.value(tail);
  }

  /** The whitened points before the onset, for one coefficient: sums of u^2, e^2 and u e. */
  private static final class Before {
    final double r;
    final double weight;
    final double squares;
    final double product;
    final double residual;

    Before(ShiftOnset o, double r) {
      this.r = r;
      double v = 1 - r * r;
      double w = 1 - r;
      weight = o.before > 0 ? v + (o.before - 1) * w * w : 0;
      squares =
          Math.max(
              o.squares * (1 + r * r)
                  - 2 * r * o.lagged
                  - r * r * (o.first * o.first + o.last * o.last),
              0);
      product = v * o.first + w * (r * o.last - o.first);
      residual = o.before > 0 ? Math.max(squares - product * product / weight, 0) : 0;
    }

    /** Last point before the onset, above the level before it, or above the margin if lower. */
    double previousAboveMargin(ShiftOnset o) {
      return o.last + o.mean - Math.min(o.mean + product / weight, 0);
    }
  }

  /**
   * Sums the coefficients, weighted with the null's marginal likelihood.
   *
   * <p>The tail {@code M_N} is what costs time. It is never above {@code (1 + x^2/N)^(N/2)}, for
   * negative x not above 1/2, so that {@code B_r <= 2 (q/left)^(N/2)}, or 1: a coefficient that
   * even so adds less than rounding to the others is left out. In a long series that is nearly
   * every one but the true one's neighbours.
   */
  private static final class Mixture {
    private static final double NEGLIGIBLE = -45;

    private double n;
    private double least;
    private final double[] k = new double[COEFFICIENT.length];
    private final double[] t = new double[COEFFICIENT.length];
    private final double[] q = new double[COEFFICIENT.length];
    private final double[] weight = new double[COEFFICIENT.length];
    private final double[] most = new double[COEFFICIENT.length];
    private final double[] both = new double[COEFFICIENT.length * SCALE.length];
    private int terms;
    private boolean blank;

    void begin(ShiftOnset o, double resolution) {
      n = freedom(o);
      least = n * resolution * resolution / 4;
      blank = false;
      Arrays.fill(weight, Double.NEGATIVE_INFINITY);
      Arrays.fill(most, Double.NEGATIVE_INFINITY);
    }

    void add(int candidate, double regressor, double product, double squares, double logKu) {
      double spread = Math.max(squares, least);
      if (!(spread > 0)) {
        blank = true;
        return;
      }
      k[candidate] = regressor;
      t[candidate] = product;
      q[candidate] = spread;
      weight[candidate] = LOG_PRIOR[candidate] - 0.5 * logKu - 0.5 * n * Math.log(spread);
      most[candidate] = weight[candidate] + most(candidate);
    }

    /** What ln B_r can be at most: at the largest scale, with all of the tail. */
    private double most(int i) {
      if (t[i] <= 0) {
        return 0;
      }
      double shrink = shrink(i, SCALE[SCALE.length - 1]);
      return LOG_2 + 0.5 * n * Math.log(q[i] / left(i, shrink));
    }

    private double shrink(int i, double scale) {
      double g = scale / VARIANCE[i];
      return g / (1 + g * k[i]);
    }

    private double left(int i, double shrink) {
      return Math.max(q[i] - shrink * t[i] * t[i], 1e-14 * q[i]);
    }

    /** No spread at all says nothing. */
    double value(StudentTail tail) {
      if (blank) {
        return 0;
      }
      terms = 0;
      int likeliest = likeliest();
      double highest = take(likeliest, Double.NEGATIVE_INFINITY, tail);
      for (int i = 0; i < most.length; i++) {
        if (i != likeliest && most[i] - highest > NEGLIGIBLE) {
          highest = take(i, highest, tail);
        }
      }
      double logBoth = LogSpace.sum(both, terms) - LOG_SCALES;
      return logBoth - LogSpace.sum(weight, weight.length);
    }

    private int likeliest() {
      int likeliest = 0;
      for (int i = 1; i < most.length; i++) {
        likeliest = most[i] > most[likeliest] ? i : likeliest;
      }
      return likeliest;
    }

    /** Adds ln(weight B_r) at every scale; answers the highest so far. */
    private double take(int i, double highest, StudentTail tail) {
      double high = highest;
      for (double scale : SCALE) {
        double shrink = shrink(i, scale);
        double x = t[i] * Math.sqrt(shrink) * Math.sqrt(n / left(i, shrink));
        double grown = Math.log(1 + scale / VARIANCE[i] * k[i]);
        double term = weight[i] + LOG_2 - 0.5 * grown + tail.logM(x);
        both[terms++] = term;
        high = Math.max(high, term);
      }
      return high;
    }
  }
}
