package dev.sluice.analyzer.latency;

import java.util.Arrays;

/**
 * Everything that the latency race derives from a histogram of the baseline.
 *
 * <p>Built once, from data that is older than every interval it will judge, and kept. Steps, with
 * {@code q} the quantile of the metric:
 *
 * <ol>
 *   <li>shares {@code f_j = (N_j + 1/(2B)) / (N + 1/2)} of the B buckets, so that none is 0;
 *   <li>neighbouring buckets are grouped from the left until each group holds {@code min(0.005,
 *       (1-q)/5)}; a short last group joins its neighbour;
 *   <li>null shares {@code f0} of the groups: those of the tolerated {@link Slowdown}, from the
 *       {@link Survival} function between the edges; {@code rho_j = f0_j / f_j};
 *   <li>if an edge of the tail is more than 1.3 times the edge below it, the tolerated slow-down is
 *       widened by a tenth: interpolation in so wide a bucket is worth no more;
 *   <li>eight alternatives that scale the whole distribution by {@code exp(u)}, {@code u} = 0.02
 *       ... 2.56, their ratios to {@code f0} made non-decreasing;
 *   <li>five alternatives that lift the mass above each tail edge by {@code exp(u)}, {@code u} =
 *       0.15 ... 2.4. Tail edges are those of the bucket that holds the quantile, and the nearest
 *       lower one with {@code S >= 3 (1-q)}.
 * </ol>
 *
 * <p><b>How much data it needs.</b> 5000 requests make a good one. A poor one costs speed and not
 * validity as long as no slow-down is tolerated: the factors are then valid for every baseline
 * distribution, because {@code rho} is 1 in every group. With a tolerated slow-down, {@code rho}
 * carries the shape of the reference, and a poor one shifts the line between tolerated and worse a
 * little; a canary that equals its baseline stays far from that line. The absolute part of a
 * slow-down adds at every latency, which is what an absolute tolerance in seconds says.
 *
 * <p><b>Of few requests</b> a tolerated slow-down cannot be told, so {@link #ofFewRequests} asks
 * another question: the hypothesis is "not slower at all", for which {@code rho} is 1 and any shape
 * is valid, and the alternatives are those beyond the tolerated slow-down. What lies between the
 * two is not promised to be spared, but too small to be proven by few requests.
 *
 * <p>If grouping leaves one group, all buckets are kept apart instead and {@link #coarse} says so:
 * nearly everything lies in one bucket, a quantile cannot be told, yet mass that crosses an edge
 * still can.
 */
public final class LatencyReference {
  private static final double[] U_SHIFT = {0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56};
  private static final double[] U_TAIL = {0.15, 0.30, 0.60, 1.20, 2.40};

  /** How many alternatives scale the whole distribution, and how many lift each tail edge. */
  static final int SHIFTS = 8;

  static final int LIFTS = 5;

  private static final int SCORE_SHIFT = 3;
  private static final double COARSE_STEP = 1.3;
  private static final double COARSE_GUARD = 1.1;
  private static final double FLOOR = 1e-6;
  private static final double MOST_TAIL = 0.95;
  private static final double MOST_OVERSHOOT = 0.99;

  private final int[] starts;
  private final double[] f;
  private final double[] rho;
  private final Survival survival;
  private final int[] tailEdges;
  private final int bracket;
  private final double[][] lambda;
  private final double[][] scores;
  private final boolean coarse;
  private final double largestRho;
  private final boolean spares;

  /**
   * @param edges finite upper edges, ascending, more than 0, at least one
   * @param counts one more than edges
   * @param quantile in (0, 1)
   */
  public LatencyReference(double[] edges, double[] counts, double quantile, Slowdown tolerated) {
    this(edges, counts, quantile, tolerated, true);
  }

  /** With the hypothesis "not slower at all", valid whatever the counts are. */
  static LatencyReference ofFewRequests(
      double[] edges, double[] counts, double quantile, Slowdown tolerated) {
    return new LatencyReference(edges, counts, quantile, tolerated, false);
  }

  /**
   * @param spares whether the tolerated slow-down belongs to the hypothesis
   */
  private LatencyReference(
      double[] edges, double[] counts, double quantile, Slowdown tolerated, boolean spares) {
    this.spares = spares;
    double[] shares = Survival.shares(counts);
    double tail = 1 - quantile;
    int[] grouped = groups(shares, Math.min(0.005, tail / 5));
    this.coarse = grouped.length < 2;
    this.starts = coarse ? groups(shares, 0) : grouped;
    this.f = sums(shares);
    this.survival = Survival.ofProbabilities(merged(edges), f);
    this.tailEdges = pick(tail);
    this.bracket = bracket(tail);
    Slowdown guarded = wide() ? tolerated.times(COARSE_GUARD) : tolerated;
    double[] f0 = spares ? shifted(guarded, 1) : f.clone();
    this.rho = quotient(f0, f);
    this.largestRho = Arrays.stream(rho).max().orElseThrow();
    this.lambda = new double[U_SHIFT.length + tailEdges.length * U_TAIL.length][];
    for (int k = 0; k < U_SHIFT.length; k++) {
      double[] shares1 = shifted(guarded, Math.exp(U_SHIFT[k]));
      lambda[k] = Isotonic.nonDecreasing(quotient(shares1, f0), f0);
    }
    addTails(guarded);
    this.scores = new double[][] {shiftScore(), tailScore()};
  }

  /** First buckets of the groups. */
  static int[] groups(double[] shares, double leastMass) {
    int[] starts = new int[shares.length];
    int groups = 0;
    int start = 0;
    double mass = 0;
    for (int j = 0; j < shares.length; j++) {
      mass += shares[j];
      if (mass >= leastMass) {
        starts[groups++] = start;
        start = j + 1;
        mass = 0;
      }
    }
    return Arrays.copyOf(starts, Math.max(1, groups));
  }

  private double[] sums(double[] perBucket) {
    double[] sums = new double[starts.length];
    for (int g = 0; g < starts.length; g++) {
      int end = g + 1 < starts.length ? starts[g + 1] : perBucket.length;
      for (int j = starts[g]; j < end; j++) {
        sums[g] += perBucket[j];
      }
    }
    return sums;
  }

  private double[] merged(double[] edges) {
    double[] merged = new double[starts.length - 1];
    for (int g = 1; g < starts.length; g++) {
      merged[g - 1] = edges[starts[g] - 1];
    }
    return merged;
  }

  private int bracket(double tail) {
    int found = 0;
    for (int j = 0; j < survival.edges(); j++) {
      found = survival.atEdge(j) >= tail ? j : found;
    }
    return found;
  }

  private int[] pick(double tail) {
    int lower = -1;
    int body = -1;
    for (int j = 0; j < survival.edges(); j++) {
      double s = survival.atEdge(j);
      lower = s >= tail ? j : lower;
      body = s >= tail && s >= 3 * tail && 2 * s <= 1 ? j : body;
    }
    if (lower < 0) {
      return new int[] {0};
    }
    int upper = lower + 1 < survival.edges() ? lower + 1 : -1;
    return java.util.stream.IntStream.of(body, lower, upper)
        .filter(j -> j >= 0)
        .distinct()
        .sorted()
        .toArray();
  }

  private boolean wide() {
    return Arrays.stream(tailEdges)
        .anyMatch(j -> j > 0 && survival.edge(j) / survival.edge(j - 1) > COARSE_STEP);
  }

  /** Shares of the groups when every latency is slowed down and then multiplied. */
  private double[] shifted(Slowdown slowdown, double factor) {
    double[] shares = new double[f.length];
    double above = 1;
    for (int j = 0; j < shares.length; j++) {
      double next = j < survival.edges() ? survival.at(before(slowdown, factor, j)) : 0;
      shares[j] = Math.max(above - next, FLOOR * f[j]);
      above = next;
    }
    return shares;
  }

  private double before(Slowdown slowdown, double factor, int j) {
    return slowdown.absolute() == 0
        ? survival.edge(j) / ((1 + slowdown.relative()) * factor)
        : slowdown.before(survival.edge(j) / factor);
  }

  private static double[] quotient(double[] numerators, double[] denominators) {
    double[] q = new double[numerators.length];
    for (int j = 0; j < q.length; j++) {
      q[j] = numerators[j] / denominators[j];
    }
    return q;
  }

  /** Nothing is bet on an edge above which the tolerated slow-down may already lift nearly all. */
  private void addTails(Slowdown guarded) {
    int k = U_SHIFT.length;
    for (int edge : tailEdges) {
      double s0 = survival.at(before(guarded, 1, edge));
      double sNull = spares ? s0 : survival.atEdge(edge);
      for (double u : U_TAIL) {
        double lift = s0 < MOST_TAIL ? Math.min(Math.exp(u), MOST_TAIL / s0) : 1;
        double body = lift > 1 ? (1 - lift * s0) / (1 - sNull) : 1;
        double above = spares || lift <= 1 ? lift : lift * s0 / sNull;
        lambda[k] = new double[f.length];
        for (int j = 0; j < f.length; j++) {
          lambda[k][j] = j > edge ? above : body;
        }
        k++;
      }
    }
  }

  private double[] shiftScore() {
    double[] score = new double[f.length];
    double meanSquare = 0;
    for (int j = 0; j < f.length; j++) {
      score[j] = Math.log(lambda[SCORE_SHIFT][j]);
      meanSquare += f[j] * score[j] * score[j];
    }
    double scale = meanSquare > 0 ? Math.sqrt(meanSquare) : 1;
    for (int j = 0; j < f.length; j++) {
      score[j] /= scale;
    }
    return score;
  }

  private double[] tailScore() {
    double[] score = new double[f.length];
    for (int j = 0; j < f.length; j++) {
      score[j] = j > bracket ? 1 : 0;
    }
    return score;
  }

  /** Counts per group, from counts per bucket. */
  public double[] group(double[] counts) {
    return sums(counts);
  }

  /**
   * Log increment of every alternative for one interval. With {@code r = n_c / n_b} and {@code
   * kap_j = rho_j r}:
   *
   * <pre>
   *   A_kj = lambda_kj (1 + kap_j) / (1 + lambda_kj kap_j); running maximum over j; at most 1 + 0.99 / max kap
   *   B_kj = 1 - kap_j (A_kj - 1)
   *   l_k  = sum_j c_j ln A_kj + b_j ln B_kj
   * </pre>
   *
   * @param c counts of the canary per group, with a total above 0
   * @param b the baseline's
   */
  double[] increments(double[] c, double[] b) {
    double r = Edges.total(c) / Edges.total(b);
    double most = 1 + MOST_OVERSHOOT / (largestRho * r);
    double[] raw = new double[lambda.length];
    for (int k = 0; k < lambda.length; k++) {
      double run = 0;
      for (int j = 0; j < f.length; j++) {
        double kap = rho[j] * r;
        run = Math.max(run, lambda[k][j] * (1 + kap) / (1 + lambda[k][j] * kap));
        double a = Math.min(run, most);
        raw[k] += c[j] > 0 ? c[j] * Math.log(a) : 0;
        raw[k] += b[j] > 0 ? b[j] * Math.log1p(-kap * (a - 1)) : 0;
      }
    }
    return raw;
  }

  /** Weights of the alternatives: half to shifts, half to tails, equal inside. */
  double[] weights() {
    double[] weights = new double[lambda.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] =
          k < U_SHIFT.length ? 0.5 / U_SHIFT.length : 0.5 / (weights.length - U_SHIFT.length);
    }
    return weights;
  }

  /** Whether nearly everything lies in one bucket, so that no quantile can be told. */
  public boolean coarse() {
    return coarse;
  }

  /** The baseline's survival function at the edges between groups. */
  public Survival survival() {
    return survival;
  }

  /** Index, among the edges between groups, of the lower edge of the bucket with the quantile. */
  public int bracket() {
    return bracket;
  }

  /** Index, among the edges of the histogram, of an edge between groups. */
  int ungrouped(int edge) {
    return starts[edge + 1] - 1;
  }

  public int[] tailEdges() {
    return tailEdges.clone();
  }

  int[] starts() {
    return starts.clone();
  }

  double[] shares() {
    return f.clone();
  }

  double[] rho() {
    return rho.clone();
  }

  double[][] lambda() {
    return lambda;
  }

  double[][] scores() {
    return scores;
  }
}
