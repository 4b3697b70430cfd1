package dev.sluice.analyzer.dispersion;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Variance inflation {@code phi} of a stream of residuals, at block lengths 1, 2, 4 ... 128.
 *
 * <p><b>Why several lengths.</b> Noise that is fresh in every interval shows at length 1. Noise
 * that lasts (a slow pod, a bad minute that takes ten) averages out more slowly than independent
 * events do, and shows only when neighbouring intervals are added up: a positive autocorrelation
 * makes the variance of block sums grow faster than the block. {@code phi} is the worst length.
 *
 * <p><b>Formula.</b> Fed with residuals {@code D} of nominal variance {@code v}. A closed block of
 * length {@code 2^l} with sums {@code d, w} adds
 *
 * <pre>
 *   l &lt; 3:   SD += d^2                            Sv += w   Sq += 2 w^2 + w
 *   l >= 3:  SD += (d - k d0)^2 / (1 + k)         Sv += w   Sq += 1.5 (2 w^2 + w)     k = w / w0
 * </pre>
 *
 * where {@code d0, w0} are the block before it: differences of long blocks, so that a step change
 * of the effect (which is what the test looks for) is not mistaken for noise. Then {@code raw =
 * SD/Sv} with {@code dof = 2 Sv^2 / Sq} degrees of freedom (the {@code + w} is the kurtosis of
 * Poisson counts), drawn towards {@code phi0} with {@code nu0} pseudo degrees of freedom at length
 * 1 and towards the next shorter length with 20 above it, once 8 blocks have closed. {@code phi} is
 * the largest estimate and at least 1.
 *
 * <p>Source: the moment estimator of quasi-likelihood (McCullagh and Nelder 1989, section 4.5),
 * taken at dyadic block lengths as in the Allan variance; the shrinkage is this project's. Cost:
 * one pass over the levels.
 */
public final class Dispersion {
  static final int LEVELS = 8;
  static final int LEAST_BLOCKS = 8;
  private static final int SPLIT = 3;
  private static final double MOST_EXPLAINED = 4;
  private static final double NU_LEVEL = 20;

  private final double phi0;
  private final double nu0;
  private final boolean differences;
  private final double[] sum = new double[LEVELS];
  private final double[] variance = new double[LEVELS];
  private final double[] squares = new double[LEVELS];
  private final double[] nominal = new double[LEVELS];
  private final double[] spread = new double[LEVELS];
  private final double[] lastSum = new double[LEVELS];
  private final double[] lastVariance = new double[LEVELS];
  private final double[] closed = new double[LEVELS];
  private long count;
  private double phi;

  /**
   * @param phi0 what is believed before there is data
   * @param nu0 how many degrees of freedom that belief is worth
   */
  public Dispersion(double phi0, double nu0) {
    this(phi0, nu0, false);
  }

  private Dispersion(double phi0, double nu0, boolean differences) {
    this.differences = differences;
    this.phi0 = phi0;
    this.nu0 = nu0;
    this.phi = Math.max(1, phi0);
  }

  /** For counts: a little more than independent until the stream says otherwise. */
  public static Dispersion ofCounts() {
    return new Dispersion(1.2, 3);
  }

  /**
   * The same belief, with differences of neighbouring blocks at every length, the shortest too. A
   * regression that begins late lifts all residuals after it; squared one by one they pass for
   * noise until the effect has been learned, which takes as long as the time before it. Of
   * differences it touches the one at its beginning. Noise that lasts shows in the differences of
   * longer blocks.
   *
   * <p>At the short lengths {@code k} is at most 4, and the square is divided by {@code (w + k^2
   * w0) / w}: a burst after a quiet interval would otherwise be scaled away by an interval that
   * says nothing.
   */
  public Dispersion ofDifferences() {
    return new Dispersion(phi0, nu0, true);
  }

  /** For counts whose baseline has a measured history. */
  public static Dispersion ofProfiledCounts() {
    return new Dispersion(1, 3);
  }

  /** For standardised series, whose variance was estimated already. */
  public static Dispersion ofSeries() {
    return new Dispersion(1, 10);
  }

  /**
   * Takes in one residual and answers the new {@link #phi()}.
   *
   * @param v its nominal variance; (0, 0) keeps the block clock running in an interval without
   *     information
   */
  public double add(double residual, double v) {
    count++;
    double below = phi0;
    double most = 1;
    for (int l = 0; l < LEVELS; l++) {
      sum[l] += residual;
      variance[l] += v;
      if (count % (1L << l) == 0) {
        close(l);
      }
      if (l == 0 || closed[l] >= LEAST_BLOCKS) {
        below = estimate(l, below);
        most = Math.max(most, below);
      }
    }
    phi = most;
    return phi;
  }

  private void close(int l) {
    double d = sum[l];
    double w = variance[l];
    if (l < SPLIT && differences) {
      closeShort(l, d, w);
    } else if (l < SPLIT) {
      squares[l] += d * d;
      nominal[l] += w;
      spread[l] += 2 * w * w + w;
    } else if (w > 0 && lastVariance[l] > 0) {
      double k = w / lastVariance[l];
      double difference = d - k * lastSum[l];
      squares[l] += difference * difference / (1 + k);
      nominal[l] += w;
      spread[l] += 1.5 * (2 * w * w + w);
    }
    closed[l]++;
    lastSum[l] = d;
    lastVariance[l] = w;
    sum[l] = 0;
    variance[l] = 0;
  }

  /** A block that says much more than the one before it cannot be explained by that one. */
  private void closeShort(int l, double d, double w) {
    double w0 = lastVariance[l];
    double k = w0 > 0 ? Math.min(w / w0, MOST_EXPLAINED) : 0;
    double difference = d - k * lastSum[l];
    if (w > 0) {
      squares[l] += difference * difference * w / (w + k * k * w0);
      nominal[l] += w;
      spread[l] += 1.5 * (2 * w * w + w);
    }
  }

  private double estimate(int l, double below) {
    double nu = l == 0 ? nu0 : NU_LEVEL;
    if (!(nominal[l] > 0)) {
      return below;
    }
    double raw = squares[l] / nominal[l];
    double dof = 2 * nominal[l] * nominal[l] / spread[l];
    return (nu * below + dof * raw) / (nu + dof);
  }

  /** The variance inflation as of the last residual, at least 1. */
  public double phi() {
    return phi;
  }

  private double[][] parts() {
    return new double[][] {sum, variance, squares, nominal, spread, lastSum, lastVariance, closed};
  }

  public void save(StateWriter out) {
    out.put(count).put(phi);
    for (double[] part : parts()) {
      out.putAll(part);
    }
  }

  public void load(StateReader in) {
    count = in.nextWhole(0, 1L << 52);
    phi = in.next();
    for (double[] part : parts()) {
      in.fill(part);
    }
  }
}
