package dev.sluice.analyzer.evidence;

/**
 * A log-likelihood of the log ratio {@code g} between -4 and 4, kept at 62 points and known
 * everywhere between them.
 *
 * <p><b>Why so few are enough.</b> Every interval adds {@code x g - m log1p(e^g r)}. As a function
 * of a complex {@code g} that has its nearest singularities at distance pi from the real line,
 * whatever {@code r} is, so a polynomial through the Chebyshev points of a stretch of half-width
 * {@code h} errs by about {@code m rho^-n}, {@code rho = pi/h + sqrt(1 + (pi/h)^2)}: with 22 points
 * on (-4, -1) and on (1, 4), where {@code rho} is 4.4, and 18 on (-1, 1), where it is 6.4, by less
 * than the rounding of the sum itself. Any number of intervals is a sum of such functions, so this
 * stays true.
 *
 * <p><b>Evaluation.</b> The values become Chebyshev coefficients, those the coefficients of powers
 * of the place in the stretch, between -1 and 1. The second step alone would be ill-conditioned;
 * after the first one the coefficients fall faster than the powers' grow.
 *
 * <p>The curve is concave: {@code log1p(e^g r)} is convex.
 *
 * <p>Source: Trefethen, "Approximation Theory and Approximation Practice" (2013), theorem 8.2.
 */
final class LogRatioCurve {
  /** All even. */
  private static final int[] POINTS = {22, 18, 22};

  private static final double[] FROM = {-4, -1, 1};
  private static final double[] TO = {-1, 1, 4};

  /** Number of points at which the curve is kept. */
  static final int SIZE = 22 + 18 + 22;

  private static final int[] STARTS = {0, 22, 40};
  private static final double[][][] COSINES = cosines();
  private static final double[][][] POWERS = powers();

  private final double[] coefficients = new double[SIZE];

  /** The points themselves, as values of {@code g}. */
  static double[] places() {
    double[] places = new double[SIZE];
    for (int z = 0; z < POINTS.length; z++) {
      for (int j = 0; j < POINTS[z]; j++) {
        double x = -Math.cos(Math.PI * (j + 0.5) / POINTS[z]);
        places[STARTS[z] + j] = middle(z) + halfWidth(z) * x;
      }
    }
    return places;
  }

  private static double middle(int z) {
    return (FROM[z] + TO[z]) / 2;
  }

  private static double halfWidth(int z) {
    return (TO[z] - FROM[z]) / 2;
  }

  /** By point, then by order: what a value at a point adds to a Chebyshev coefficient. */
  private static double[][][] cosines() {
    double[][][] all = new double[POINTS.length][][];
    for (int z = 0; z < all.length; z++) {
      int n = POINTS[z];
      all[z] = new double[n][n];
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          double sign = k % 2 == 0 ? 1 : -1;
          all[z][j][k] = sign * (k == 0 ? 1.0 : 2.0) / n * Math.cos(Math.PI * k * (j + 0.5) / n);
        }
      }
    }
    return all;
  }

  /** By order, then by power: the coefficients of the Chebyshev polynomials, whole numbers. */
  private static double[][][] powers() {
    double[][][] all = new double[POINTS.length][][];
    for (int z = 0; z < all.length; z++) {
      int n = POINTS[z];
      all[z] = new double[n][n];
      all[z][0][0] = 1;
      all[z][1][1] = 1;
      for (int k = 2; k < n; k++) {
        for (int p = 0; p <= k; p++) {
          double before = p > 0 ? 2 * all[z][k - 1][p - 1] : 0;
          all[z][k][p] = before - all[z][k - 2][p];
        }
      }
    }
    return all;
  }

  /** Takes the curve through these values at {@link #places}. */
  void through(double[] values) {
    for (int z = 0; z < POINTS.length; z++) {
      int n = POINTS[z];
      double[] chebyshev = new double[n];
      for (int j = 0; j < n; j++) {
        addTimes(chebyshev, 0, COSINES[z][j], values[STARTS[z] + j], n);
      }
      java.util.Arrays.fill(coefficients, STARTS[z], STARTS[z] + n, 0);
      for (int k = 0; k < n; k++) {
        addTimes(coefficients, STARTS[z], POWERS[z][k], chebyshev[k], k + 1);
      }
    }
  }

  private static void addTimes(double[] to, int start, double[] row, double times, int count) {
    for (int i = 0; i < count; i++) {
      to[start + i] += row[i] * times;
    }
  }

  /** Which of the three stretches holds this value; the middle one its both ends. */
  static int stretch(double g) {
    return g < FROM[1] ? 0 : g <= TO[1] ? 1 : 2;
  }

  /** Where in its stretch a value lies, from -1 to 1. */
  static double within(double g) {
    int z = stretch(g);
    return (g - middle(z)) / halfWidth(z);
  }

  /** The curve at one place of a stretch; even and odd powers apart, so that neither waits. */
  double at(int stretch, double x) {
    double square = x * x;
    double even = 0;
    double odd = 0;
    for (int p = STARTS[stretch] + POINTS[stretch] - 2; p >= STARTS[stretch]; p -= 2) {
      even = even * square + coefficients[p];
      odd = odd * square + coefficients[p + 1];
    }
    return even + x * odd;
  }

  /**
   * The curve at neighbouring places of one stretch; simple loops, which the compiler turns into
   * vector instructions.
   *
   * @param x places within the stretch, read from {@code from} on
   * @param out takes {@code count} values
   */
  void at(int stretch, double[] x, int from, int count, double[] out) {
    java.util.Arrays.fill(out, 0, count, 0);
    for (int p = STARTS[stretch] + POINTS[stretch] - 2; p >= STARTS[stretch]; p -= 2) {
      double even = coefficients[p];
      double odd = coefficients[p + 1];
      for (int i = 0; i < count; i++) {
        out[i] = (out[i] * x[from + i] + odd) * x[from + i] + even;
      }
    }
  }
}
