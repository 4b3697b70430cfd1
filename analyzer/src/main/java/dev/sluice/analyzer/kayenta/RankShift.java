package dev.sluice.analyzer.kayenta;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The interval of a location shift between two samples, by inverting the rank sum statistic.
 *
 * <p>The statistic at shift d is the standardised rank sum of {@code canary - d} among both
 * samples, with the variance corrected for ties and half a rank of continuity correction towards
 * zero. The ends of the interval and the estimate are where it crosses a normal quantile and zero.
 * The crossing is searched with an absolute tolerance of 1e-4, which is part of the verdict: for
 * metrics of that size and below the digits are those of the search, and compatible ones have to be
 * found by the same steps (Brent's method as in Brent, Algorithms for Minimization without
 * Derivatives, 1973, chapter 4).
 */
final class RankShift {
  private static final double TOLERANCE = 1e-4;
  private static final int STEPS = 1001;
  private static final double EPSILON = Math.ulp(1.0);

  private final double[] canary;
  private final double[] baseline;

  RankShift(double[] canary, double[] baseline) {
    this.canary = canary;
    this.baseline = baseline;
  }

  record Interval(double low, double high, double estimate) {}

  Interval interval(double confidence) {
    double tail = (1 - confidence) / 2;
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    return new Interval(
        root(-normal.inverseCumulativeProbability(tail)),
        root(normal.inverseCumulativeProbability(tail)),
        root(0));
  }

  /** The standardised statistic at this shift, minus the quantile. */
  double statistic(double shift, double quantile) {
    double m = canary.length;
    double n = baseline.length;
    double[] moved = new double[canary.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = canary[i] - shift;
    }
    double[] all = Arrays.copyOf(moved, canary.length + baseline.length);
    System.arraycopy(baseline, 0, all, canary.length, baseline.length);
    Arrays.sort(all);
    Arrays.sort(moved);
    double ranks = 0;
    double ties = 0;
    int next = 0;
    for (int from = 0; from < all.length; ) {
      int to = from;
      while (to < all.length && all[to] == all[from]) {
        to++;
      }
      double size = to - from;
      ties += size * size * size - size;
      while (next < moved.length && moved[next] == all[from]) {
        ranks += (from + 1 + to) / 2.0;
        next++;
      }
      from = Math.max(to, from + 1);
    }
    double excess = ranks - m * (m + 1) / 2 - m * n / 2;
    double variance = m * n / 12 * ((m + n + 1) - ties / ((m + n) * (m + n - 1)));
    return (excess - Math.signum(excess) / 2) / Math.sqrt(variance) - quantile;
  }

  private double root(double quantile) {
    double low = min(canary) - max(baseline);
    double high = max(canary) - min(baseline);
    DoubleUnaryOperator f = shift -> statistic(shift, quantile);
    double atLow = f.applyAsDouble(low);
    if (atLow <= 0) {
      return low;
    }
    double atHigh = f.applyAsDouble(high);
    if (atHigh >= 0) {
      return high;
    }
    return brent(f, low, high, atLow, atHigh);
  }

  private static double brent(
      DoubleUnaryOperator f, double low, double high, double atLow, double atHigh) {
    double a = low;
    double fa = atLow;
    double b = high;
    double fb = atHigh;
    double c = a;
    double fc = fa;
    for (int step = 0; step < STEPS; step++) {
      double previous = b - a;
      if (Math.abs(fc) < Math.abs(fb)) {
        a = b;
        b = c;
        c = a;
        fa = fb;
        fb = fc;
        fc = fa;
      }
      double tolerance = 2 * EPSILON * Math.abs(b) + TOLERANCE / 2;
      double move = (c - b) / 2;
      if (Math.abs(move) <= tolerance || fb == 0) {
        return b;
      }
      if (Math.abs(previous) >= tolerance && Math.abs(fa) > Math.abs(fb)) {
        move = interpolated(a, fa, b, fb, c, fc, previous, tolerance, move);
      }
      if (Math.abs(move) < tolerance) {
        move = move > 0 ? tolerance : -tolerance;
      }
      a = b;
      fa = fb;
      b += move;
      fb = f.applyAsDouble(b);
      if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) {
        c = a;
        fc = fa;
      }
    }
    return b;
  }

  /** A secant step, or an inverse quadratic one, where it stays well inside the bracket. */
  private static double interpolated(
      double a,
      double fa,
      double b,
      double fb,
      double c,
      double fc,
      double previous,
      double tolerance,
      double bisection) {
    double gap = c - b;
    double p;
    double q;
    if (a == c) {
      double t = fb / fa;
      p = gap * t;
      q = 1 - t;
    } else {
      double t = fb / fc;
      double u = fb / fa;
      double v = fa / fc;
      p = u * (gap * v * (v - t) - (b - a) * (t - 1));
      q = (v - 1) * (t - 1) * (u - 1);
    }
    if (p > 0) {
      q = -q;
    } else {
      p = -p;
    }
    boolean inside =
        p < 0.75 * gap * q - Math.abs(tolerance * q) / 2 && p < Math.abs(previous * q / 2);
    return inside ? p / q : bisection;
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }
}
