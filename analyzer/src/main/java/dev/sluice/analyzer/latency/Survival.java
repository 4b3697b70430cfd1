package dev.sluice.analyzer.latency;

import dev.sluice.analyzer.evidence.RatioInterval;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The survival function {@code S(t) = P(latency > t)} of a distribution that is known at bucket
 * edges only.
 *
 * <p><b>Between edges</b> two interpolations: (i) ln S linear in ln t, (ii) the normal quantile of
 * {@code 1 - S} linear in ln t, which is exact for log-normal latency. Below the first edge (i) is
 * {@code 1 - S} linear in t and (ii) the line through the first two edges. {@link #at} takes the
 * larger of both, so that a margin given as a slow-down is never understated by the shape of a
 * coarse bucket; {@link #leastAt} the smaller, for where it must not be overstated.
 */
public final class Survival {
  private static final double HALF = 0.5;

  /** Keeps the normal quantile finite where rounding would say "all". */
  private static final double NEARLY_ALL = 1 - 1e-12;

  /** Far below the first edge the interpolation says anything: no shift is claimed beyond this. */
  private static final double MOST_SHIFT = 1e6;

  private final double[] edges;
  private final double[] s;

  /** Normal quantiles of {@link #s}, NaN until asked for: each costs as much as 50 logarithms. */
  private final double[] probits;

  /**
   * @param edges ascending, more than 0, at least one
   * @param s survival at the edges, falling, in (0, 1)
   */
  public Survival(double[] edges, double[] s) {
    this.edges = edges;
    this.s = s;
    this.probits = new double[s.length];
    Arrays.fill(probits, Double.NaN);
  }

  /** From the probabilities of the buckets between and beyond the edges. */
  static Survival ofProbabilities(double[] edges, double[] f) {
    double[] s = new double[edges.length];
    double above = 0;
    for (int j = f.length - 1; j > 0; j--) {
      above += f[j];
      s[j - 1] = Math.min(above, NEARLY_ALL);
    }
    return new Survival(edges, s);
  }

  /** From counts; half a value is spread over all buckets, so that none is taken for impossible. */
  public static Survival ofCounts(double[] edges, double[] counts) {
    return ofProbabilities(edges, shares(counts));
  }

  /** {@code (N_j + 1/(2B)) / (N + 1/2)}. */
  static double[] shares(double[] counts) {
    double total = Edges.total(counts) + HALF;
    double[] shares = new double[counts.length];
    for (int j = 0; j < shares.length; j++) {
      shares[j] = (counts[j] + HALF / counts.length) / total;
    }
    return shares;
  }

  public double atEdge(int j) {
    return s[j];
  }

  public double edge(int j) {
    return edges[j];
  }

  public int edges() {
    return edges.length;
  }

  /** The larger interpolation. Beyond the last edge: the survival there. */
  public double at(double t) {
    return between(t, true);
  }

  /** The smaller interpolation. Beyond the last edge: the survival there. */
  public double leastAt(double t) {
    return between(t, false);
  }

  private double between(double t, boolean larger) {
    if (t <= 0) {
      return 1;
    }
    int last = edges.length - 1;
    if (t > edges[last]) {
      return s[last];
    }
    int j = 0;
    while (edges[j] < t) {
      j++;
    }
    if (t == edges[j]) {
      return s[j];
    }
    double first = first(t, j);
    if (j == 0 && last == 0) {
      return first;
    }
    double second = probit(t, j);
    return larger ? Math.max(first, second) : Math.min(first, second);
  }

  private double first(double t, int j) {
    if (j == 0) {
      return 1 - (1 - s[0]) * t / edges[0];
    }
    double w = position(t, j - 1, j);
    return Math.exp(Math.log(s[j - 1]) + w * (Math.log(s[j]) - Math.log(s[j - 1])));
  }

  private double probit(double t, int j) {
    int low = Math.max(0, j - 1);
    int high = low + 1;
    double zLow = probitAt(low);
    double zHigh = probitAt(high);
    return Normal.tail(zLow + position(t, low, high) * (zHigh - zLow));
  }

  private double probitAt(int j) {
    if (Double.isNaN(probits[j])) {
      probits[j] = Normal.inverseTail(s[j]);
    }
    return probits[j];
  }

  private double position(double t, int low, int high) {
    return Math.log(t / edges[low]) / Math.log(edges[high] / edges[low]);
  }

  /**
   * Point estimate of a quantile: ln S linear in ln t inside the bucket, linear in t inside the
   * first; empty when it lies above the last edge.
   */
  public OptionalDouble quantile(double q) {
    double target = 1 - q;
    if (target >= s[0]) {
      return OptionalDouble.of(edges[0] * (1 - target) / (1 - s[0]));
    }
    for (int j = 1; j < edges.length; j++) {
      if (s[j] <= target) {
        double w = (Math.log(target) - Math.log(s[j - 1])) / (Math.log(s[j]) - Math.log(s[j - 1]));
        return OptionalDouble.of(
            Math.exp(Math.log(edges[j - 1]) + w * Math.log(edges[j] / edges[j - 1])));
      }
    }
    return OptionalDouble.empty();
  }

  /** t with {@code S(t) = target}, by one interpolation; empty outside the edges. */
  private OptionalDouble inverse(double target, boolean logarithmic) {
    int last = edges.length - 1;
    if (target < s[last] || target >= 1) {
      return OptionalDouble.empty();
    }
    int high = 0;
    boolean byLog = logarithmic;
    if (target >= s[0]) {
      if (last == 0) {
        return OptionalDouble.empty();
      }
      byLog = false;
      high = 1;
    } else {
      while (s[high] > target) {
        high++;
      }
    }
    int low = high - 1;
    double w =
        byLog
            ? (Math.log(target) - Math.log(s[low])) / (Math.log(s[high]) - Math.log(s[low]))
            : (Normal.inverseTail(target) - probitAt(low)) / (probitAt(high) - probitAt(low));
    return OptionalDouble.of(edges[low] * Math.exp(w * Math.log(edges[high] / edges[low])));
  }

  /**
   * The slow-down that a ratio of exceedance at an edge implies: {@code edge / S^-1(ratio *
   * S(edge))}, by both interpolations, widest ends.
   *
   * @return ends fall back to 0 and infinity, the estimate to 1 within them, outside the edges
   */
  public RatioInterval shift(int j, RatioInterval ratio) {
    double lower = shift(j, ratio.lower(), Ending.LOWER).orElse(0);
    double upper = shift(j, ratio.upper(), Ending.UPPER).orElse(Double.POSITIVE_INFINITY);
    double estimate =
        shift(j, ratio.estimate(), Ending.ESTIMATE).orElse(Math.clamp(1, lower, upper));
    return new RatioInterval(lower, estimate, upper);
  }

  private enum Ending {
    LOWER,
    ESTIMATE,
    UPPER
  }

  private OptionalDouble shift(int j, double ratio, Ending ending) {
    double target = ratio * s[j];
    if (!(target > 0 && target < 1)) {
      return OptionalDouble.empty();
    }
    OptionalDouble byLog = inverse(target, true);
    OptionalDouble byProbit = inverse(target, false);
    if (byLog.isEmpty() || byProbit.isEmpty()) {
      return OptionalDouble.empty();
    }
    double one = edges[j] / byLog.getAsDouble();
    double other = edges[j] / byProbit.getAsDouble();
    return OptionalDouble.of(
        switch (ending) {
          case LOWER -> Math.min(MOST_SHIFT, Math.min(one, other));
          case UPPER -> Math.max(one, other);
          case ESTIMATE -> Math.min(MOST_SHIFT, other);
        });
  }
}
