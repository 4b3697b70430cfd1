package dev.sluice.analyzer.latency;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Arrays;

/**
 * The baseline's histogram while it is being collected, until it is good enough to be a {@link
 * LatencyReference}.
 *
 * <p>History from before the rollout is taken first and is enough with 500 requests. Without it the
 * baseline's own first looks are used; a reference must be older than what it judges. It is
 * complete at 5000 requests, or after 20 looks if 500 requests came in them. From 20 requests on it
 * has a shape to look for slower canaries with, if nothing but "not slower at all" is held against
 * them ({@link LatencyReference#ofFewRequests}). Below 500 nothing sensible can be said of a tail,
 * and learning goes on. For quantiles beyond p99.9 the numbers grow so that five requests are due
 * beyond the quantile.
 *
 * <p>Cohorts with different buckets are brought to the edges they share.
 */
public final class LatencyLearning {
  private static final double SHAPED = 20;
  private static final double ENOUGH = 5000;
  private static final double LEAST = 500;
  private static final long LOOKS = 20;
  private static final double LEAST_BEYOND = 5;
  private static final int MOST_EDGES = 100_000;

  private final double enough;
  private final double least;
  private double[] edges = {};
  private double[] counts = {0};
  private long looks;

  public LatencyLearning(double quantile) {
    this(
        Math.max(ENOUGH, LEAST_BEYOND / (1 - quantile)),
        Math.max(LEAST, LEAST_BEYOND / (1 - quantile)));
  }

  private LatencyLearning(double enough, double least) {
    this.enough = enough;
    this.least = least;
  }

  /** Takes in the baseline from before the rollout. */
  public void history(double[] someEdges, double[] someCounts) {
    if (Edges.total(someCounts) > 0) {
      add(someEdges, someCounts);
      looks = LOOKS;
    }
  }

  /** Takes in the baseline's part of a look, on the edges that both cohorts have. */
  public void look(double[] someEdges, double[] someCounts) {
    add(someEdges, someCounts);
    looks++;
  }

  private void add(double[] someEdges, double[] someCounts) {
    double[] shared = edges.length == 0 ? someEdges : Edges.common(edges, someEdges);
    if (shared.length == 0) {
      edges = someEdges.clone();
      counts = someCounts.clone();
      return;
    }
    double[] sum = Edges.coarsen(someEdges, someCounts, shared);
    if (edges.length > 0) {
      double[] past = Edges.coarsen(edges, counts, shared);
      for (int j = 0; j < sum.length; j++) {
        sum[j] += past[j];
      }
    }
    edges = shared;
    counts = sum;
  }

  /** Keeps only edges that are among these; forgets everything if none is. */
  public void confine(double[] allowed) {
    double[] shared = Edges.common(edges, allowed);
    counts = shared.length == 0 ? new double[] {0} : Edges.coarsen(edges, counts, shared);
    edges = shared;
  }

  /** Whether there is a shape at all. */
  public boolean shaped() {
    return edges.length > 0 && size() >= SHAPED;
  }

  /** What has been learned up to now, and no more. */
  public LatencyLearning copy() {
    LatencyLearning copy = new LatencyLearning(enough, least);
    copy.edges = edges.clone();
    copy.counts = counts.clone();
    copy.looks = looks;
    return copy;
  }

  public boolean ready() {
    double n = size();
    return edges.length > 0 && (n >= enough || (looks >= LOOKS && n >= least));
  }

  /** Requests collected so far. */
  public double size() {
    return Edges.total(counts);
  }

  /** Requests that are enough at any number of looks. */
  public double due() {
    return enough;
  }

  /** How many more looks at the traffic seen so far; at least 1, and -1 while there was none. */
  public long looksMissing() {
    double perLook = size() / Math.max(1, looks);
    if (!(perLook > 0)) {
      return -1;
    }
    double forEnough = Math.ceil((enough - size()) / perLook);
    double forLeast = Math.max((double) (LOOKS - looks), Math.ceil((least - size()) / perLook));
    return (long) Math.max(1, Math.min(forEnough, forLeast));
  }

  public double[] edges() {
    return edges.clone();
  }

  public double[] counts() {
    return counts.clone();
  }

  public void save(StateWriter out) {
    out.put(looks).putCounted(edges).putAll(counts);
  }

  public void load(StateReader in) {
    looks = in.nextWhole(0, 1L << 52);
    edges = in.nextCounted(MOST_EDGES);
    counts = new double[edges.length + 1];
    in.fill(counts);
    for (int j = 0; j < edges.length; j++) {
      if (!(edges[j] > (j == 0 ? 0 : edges[j - 1]) && Double.isFinite(edges[j]))) {
        throw new IllegalArgumentException(
            "the snapshot's bucket edges do not ascend: " + Arrays.toString(edges));
      }
    }
  }
}
