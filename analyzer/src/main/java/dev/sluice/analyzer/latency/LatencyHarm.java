package dev.sluice.analyzer.latency;

import dev.sluice.analyzer.dispersion.Dispersion;
import dev.sluice.analyzer.evidence.OnsetMixture;
import dev.sluice.analyzer.evidence.Tuning;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Evidence that the canary's latency is worse than tolerated: the race on histogram buckets.
 *
 * <p><b>Hypothesis.</b> The canary's latency is stochastically no larger than the baseline's after
 * the tolerated slow-down; it covers every quantile at once. The metric's quantile decides where
 * half of the weight looks: at the tail around it.
 *
 * <p><b>Formula.</b> The increments of the {@link LatencyReference}. The argument of the rate race
 * holds bucket by bucket; and because {@code A} does not fall with latency, it holds for every
 * distribution that is stochastically smaller than the null as well.
 *
 * <p><b>Dispersion.</b> Two scores {@code g_j}, the shape of a 17 percent shift and the indicator
 * of lying above the lower edge of the quantile's bucket, each give a residual
 *
 * <pre>
 *   D = sum g c - theta sum g m - beta n_eff        theta = n_c/M    n_eff = M theta (1 - theta)
 *   v = theta (1 - theta) (sum m g^2 - (sum m g)^2 / M) (1 + n_eff / past n_eff)
 * </pre>
 *
 * with {@code beta} the past mean of the uncentred D per n_eff, so that a lasting effect is not
 * mistaken for noise. The larger dispersion counts.
 */
public final class LatencyHarm {
  private final LatencyReference reference;
  private final OnsetMixture mixture;
  private final boolean dispersed;
  private final Dispersion[] dispersions;
  private final double[] beta = new double[2];
  private double effective;

  public LatencyHarm(LatencyReference reference, Tuning tuning) {
    this.reference = reference;
    this.dispersed = tuning.dispersion();
    this.dispersions =
        new Dispersion[] {
          tuning.learning(Dispersion.ofCounts()), tuning.learning(Dispersion.ofCounts())
        };
    this.mixture = tuning.mixture(reference.weights());
  }

  /**
   * Takes in one interval; one without requests in both cohorts is left out.
   *
   * @param canary counts of the reference's buckets
   * @param baseline likewise
   */
  public double update(
      double[] canary, double[] baseline, double seconds, boolean newStep, double outsidePhi) {
    double[] c = reference.group(canary);
    double[] b = reference.group(baseline);
    double nc = Edges.total(c);
    double nb = Edges.total(b);
    if (!(nc > 0 && nb > 0)) {
      return mixture.logE();
    }
    mixture.update(reference.increments(c, b), seconds, newStep);
    learn(c, b, nc, nb);
    return mixture.evaluate(phi(outsidePhi));
  }

  private void learn(double[] c, double[] b, double nc, double nb) {
    double all = nc + nb;
    double theta = nc / all;
    double n = all * theta * (1 - theta);
    for (int i = 0; i < dispersions.length; i++) {
      double[] g = reference.scores()[i];
      double sum = 0;
      double squares = 0;
      double canary = 0;
      for (int j = 0; j < g.length; j++) {
        double m = c[j] + b[j];
        sum += m * g[j];
        squares += m * g[j] * g[j];
        canary += c[j] * g[j];
      }
      double residual = canary - theta * sum;
      double v = Math.max(0, theta * (1 - theta) * (squares - sum * sum / all));
      if (effective > 0) {
        dispersions[i].add(residual - beta[i] / effective * n, v * (1 + n / effective));
      } else {
        dispersions[i].add(0, 0);
      }
      beta[i] += residual;
    }
    effective += n;
  }

  /** Goes on where another stopped that judged by an older reference. */
  void continueFrom(LatencyHarm older) {
    mixture.continueFrom(older.mixture, LatencyReference.SHIFTS, LatencyReference.LIFTS);
    StateWriter out = new StateWriter();
    older.saveNoise(out);
    loadNoise(new StateReader(out.toArray()));
  }

  /** The dispersion in use, at least 1. */
  public double phi(double outsidePhi) {
    double phi = Math.max(1, outsidePhi);
    if (dispersed) {
      for (Dispersion d : dispersions) {
        phi = Math.max(phi, d.phi());
      }
    }
    return phi;
  }

  public double logE() {
    return mixture.logE();
  }

  public OnsetMixture mixture() {
    return mixture;
  }

  private void saveNoise(StateWriter out) {
    out.put(effective).putAll(beta);
    for (Dispersion d : dispersions) {
      d.save(out);
    }
  }

  private void loadNoise(StateReader in) {
    effective = in.next();
    in.fill(beta);
    for (Dispersion d : dispersions) {
      d.load(in);
    }
  }

  public void save(StateWriter out) {
    saveNoise(out);
    mixture.save(out);
  }

  public void load(StateReader in) {
    loadNoise(in);
    mixture.load(in);
  }
}
