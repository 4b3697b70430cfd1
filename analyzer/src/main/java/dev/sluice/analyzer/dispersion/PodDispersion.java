package dev.sluice.analyzer.dispersion;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Variance inflation between the pods of one cohort: what a canary made of other pods would differ
 * by without any change of version.
 *
 * <p><b>Formula.</b> With counts {@code x_j} and exposures {@code n_j} of pod {@code j}, {@code s_j
 * = n_j / sum n} and {@code m = sum x}: residual {@code D_j = x_j - m s_j}, nominal variance {@code
 * v_j = total s_j (1 - s_j)} where {@code total} is {@code m} for counts. Block lengths 1, 2, 4 ...
 * 128 as in {@link Dispersion}, squares added over pods, and <b>one more level for the whole
 * period</b>: a pod that is slow all day never shows in differences of blocks. Each raw ratio is
 * raised by one standard error, {@code raw (1 + sqrt(2 / dof))}, with {@code dof} times {@code
 * (P-1)/P} because the residuals sum to zero, and drawn towards 1 with 4 pseudo degrees of freedom.
 *
 * <p>The excess is carried over to the canary in proportion to the exposure per pod ({@link
 * #phiFor}), which is right for noise that multiplies a pod's rate. Two pods are the least, five
 * make it useful. Pod noise that is frozen for the whole day is where the promise is weakest: with
 * two baseline pods there is one degree of freedom to learn it from.
 */
public final class PodDispersion {
  private static final double PHI0 = 1;
  private static final double NU0 = 4;

  private final int pods;
  private final double[][] residual;
  private final double[][] variance;
  private final double[] squares = new double[Dispersion.LEVELS];
  private final double[] nominal = new double[Dispersion.LEVELS];
  private final double[] spread = new double[Dispersion.LEVELS];
  private final double[] closed = new double[Dispersion.LEVELS];
  private final double[] wholeResidual;
  private final double[] wholeVariance;
  private long count;
  private double phi = 1;

  /**
   * @param pods how many pods every {@link #add} will name, at least 2
   */
  public PodDispersion(int pods) {
    this.pods = pods;
    this.residual = new double[Dispersion.LEVELS][pods];
    this.variance = new double[Dispersion.LEVELS][pods];
    this.wholeResidual = new double[pods];
    this.wholeVariance = new double[pods];
  }

  public int pods() {
    return pods;
  }

  /** Counts and exposures of one interval, pod by pod, always in the same order. */
  public double add(double[] counts, double[] exposures) {
    return add(counts, exposures, sum(counts));
  }

  /**
   * Sums of a score instead of counts.
   *
   * @param total nominal variance of the whole cohort's sum
   */
  public double add(double[] counts, double[] exposures, double total) {
    double exposure = sum(exposures);
    if (!(exposure > 0)) {
      return phi;
    }
    count++;
    double all = sum(counts);
    for (int j = 0; j < pods; j++) {
      double share = exposures[j] / exposure;
      addPod(j, counts[j] - all * share, total * share * (1 - share));
    }
    double most = 1;
    for (int l = 0; l < Dispersion.LEVELS; l++) {
      if (count % (1L << l) == 0) {
        close(l);
      }
      if (closed[l] >= Dispersion.LEAST_BLOCKS) {
        most = Math.max(most, estimate(squares[l], nominal[l], spread[l]));
      }
    }
    phi = Math.max(most, whole());
    return phi;
  }

  private void addPod(int j, double d, double v) {
    wholeResidual[j] += d;
    wholeVariance[j] += v;
    for (int l = 0; l < Dispersion.LEVELS; l++) {
      residual[l][j] += d;
      variance[l][j] += v;
    }
  }

  private void close(int l) {
    for (int j = 0; j < pods; j++) {
      double w = variance[l][j];
      squares[l] += residual[l][j] * residual[l][j];
      nominal[l] += w;
      spread[l] += 2 * w * w + w;
      residual[l][j] = 0;
      variance[l][j] = 0;
    }
    closed[l] += pods - 1;
  }

  private double whole() {
    double sd = 0;
    double sv = 0;
    double sq = 0;
    for (int j = 0; j < pods; j++) {
      sd += wholeResidual[j] * wholeResidual[j];
      sv += wholeVariance[j];
      sq += 2 * wholeVariance[j] * wholeVariance[j] + wholeVariance[j];
    }
    return estimate(sd, sv, sq);
  }

  private double estimate(double sd, double sv, double sq) {
    if (!(sv > 0)) {
      return 1;
    }
    double dof = dof(sv, sq);
    return (NU0 * PHI0 + dof * raised(sd, sv, dof)) / (NU0 + dof);
  }

  private double dof(double sv, double sq) {
    return 2 * sv * sv / sq * (pods - 1) / pods;
  }

  private static double raised(double sd, double sv, double dof) {
    return sd / sv * (1 + Math.sqrt(2 / Math.max(dof, 1)));
  }

  private static double sum(double[] numbers) {
    double sum = 0;
    for (double x : numbers) {
      sum += x;
    }
    return sum;
  }

  /** The variance inflation between baseline pods, at least 1. */
  public double phi() {
    return phi;
  }

  /**
   * The same for a cohort whose pods carry another exposure.
   *
   * @param exposureRatio exposure per canary pod divided by exposure per baseline pod
   */
  public double phiFor(double exposureRatio) {
    return Math.max(1, 1 + (phi - 1) * exposureRatio);
  }

  /**
   * What these pods teach a later rollout: per block length the raw ratio plus one standard error,
   * without shrinkage, never falling with the length; lengths with too few blocks repeat the one
   * below.
   */
  public DispersionProfile profile(double exposureRatio) {
    double[] levels = new double[Dispersion.LEVELS];
    double last = 1;
    for (int l = 0; l < levels.length; l++) {
      if (closed[l] >= Dispersion.LEAST_BLOCKS && nominal[l] > 0) {
        double raw = raised(squares[l], nominal[l], dof(nominal[l], spread[l]));
        last = Math.max(last, 1 + (raw - 1) * exposureRatio);
      }
      levels[l] = last;
    }
    return new DispersionProfile(levels);
  }

  public void save(StateWriter out) {
    out.put(count).put(phi).putAll(wholeResidual).putAll(wholeVariance);
    out.putAll(squares).putAll(nominal).putAll(spread).putAll(closed);
    for (int l = 0; l < Dispersion.LEVELS; l++) {
      out.putAll(residual[l]).putAll(variance[l]);
    }
  }

  public void load(StateReader in) {
    count = in.nextWhole(0, 1L << 52);
    phi = in.next();
    in.fill(wholeResidual);
    in.fill(wholeVariance);
    in.fill(squares);
    in.fill(nominal);
    in.fill(spread);
    in.fill(closed);
    for (int l = 0; l < Dispersion.LEVELS; l++) {
      in.fill(residual[l]);
      in.fill(variance[l]);
    }
  }
}
