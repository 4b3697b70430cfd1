package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.dispersion.Dispersion;
import dev.sluice.analyzer.dispersion.DispersionProfile;
import dev.sluice.analyzer.planner.Drift;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/**
 * Evidence that a proportion or an event rate of the canary is worse than tolerated: the {@link
 * RaceIncrement} over ten alternatives, inside an {@link OnsetMixture}.
 *
 * <p><b>Alternatives.</b> {@code psi = rho exp(+-u)} with {@code u} from 0.10 to 3.84, each half as
 * large again as the one before: a regression of 10 percent beyond the margin, and one of 46 times,
 * are both close to one of them. A regression of less than about 5 percent beyond the margin is
 * found by none.
 *
 * <p><b>Dispersion.</b> The residual of an interval is the canary's count less its expected share:
 * {@code D = x_c - m theta}, {@code m = x_c + x_b}, {@code theta = psi r / (1 + psi r)} with the
 * {@link RatioEstimate} from <em>before</em> the interval, nominal variance {@code v = m theta (1 -
 * theta)}, raised by {@code 1 + v / (V + 1)} for the uncertainty of the estimate, {@code V} being
 * the sum of earlier {@code v}. Nothing is learned before {@code V} is 2. The dispersion in use is
 * the largest of the stream's, the history profile's at the age of the evidence, and one given from
 * outside (live pods, sticky users). A bound without a baseline has no residual: it keeps the prior
 * 1.2.
 */
public final class RateHarm {
  private static final double[] U = {0.10, 0.15, 0.225, 0.34, 0.50, 0.76, 1.14, 1.70, 2.56, 3.84};
  private static final double LEAST_VARIANCE = 2;

  private final Bound bound;
  private final RaceIncrement race;
  private final OnsetMixture mixture;
  private final boolean dispersed;
  private final Dispersion dispersion;
  private final Optional<DispersionProfile> profile;
  private final RatioEstimate ratio;
  private double pastVariance;
  private long intervals;

  public RateHarm(Bound bound, Tuning tuning, Optional<DispersionProfile> profile) {
    this.bound = bound;
    this.race = new RaceIncrement(bound, alternatives(bound));
    this.mixture = tuning.mixture(LogSpace.equalWeights(race.alternatives()));
    this.dispersed = tuning.dispersion();
    this.dispersion =
        tuning.learning(
            profile.isPresent() ? Dispersion.ofProfiledCounts() : Dispersion.ofCounts());
    this.profile = profile;
    this.ratio = new RatioEstimate(bound.rho());
  }

  private static double[] alternatives(Bound bound) {
    double from = bound.rho() > 0 ? bound.rho() : 1;
    double[] psi = new double[U.length];
    for (int k = 0; k < psi.length; k++) {
      psi[k] = from * Math.exp(bound.side().sign() * U[k]);
    }
    return psi;
  }

  /**
   * Takes in one interval; one without exposure is left out.
   *
   * @param outsidePhi dispersion known from elsewhere, 1 if none
   * @return ln E after the interval
   */
  public double update(
      double xc,
      double nc,
      double xb,
      double nb,
      double seconds,
      boolean newStep,
      double outsidePhi) {
    boolean compared = bound.rho() > 0;
    if (!(nc > 0) || (compared && !(nb > 0))) {
      return mixture.logE();
    }
    intervals++;
    mixture.update(race.of(xc, nc, xb, nb), seconds, newStep);
    if (compared) {
      learn(xc, nc, xb, nb);
    }
    return mixture.evaluate(phi(outsidePhi));
  }

  private void learn(double xc, double nc, double xb, double nb) {
    double m = xc + xb;
    double odds = ratio.value() * (nc / nb);
    double theta = odds / (1 + odds);
    double v = m * theta * (1 - theta);
    if (pastVariance >= LEAST_VARIANCE) {
      dispersion.add(xc - m * theta, v * (1 + v / (pastVariance + 1)));
    } else {
      dispersion.add(0, 0);
    }
    pastVariance += v;
    ratio.add(xc, nc, xb, nb);
  }

  /** The dispersion in use, at least 1. */
  public double phi(double outsidePhi) {
    double phi = Math.max(1, outsidePhi);
    if (!dispersed) {
      return phi;
    }
    phi = Math.max(phi, dispersion.phi());
    return profile.isPresent() && intervals > 0 ? Math.max(phi, profile.get().at(intervals)) : phi;
  }

  public double logE() {
    return mixture.logE();
  }

  /** How many intervals it has taken in. */
  public long intervals() {
    return intervals;
  }

  /**
   * How many looks it takes, about, to find a canary of this rate from the beginning.
   *
   * @param threshold ln of what this metric's e-value must reach
   * @param cap most that one look contributes
   * @return infinite if the evidence does not grow
   */
  public double looksToFind(
      Pace pace, double canaryRate, double baselineRate, double phi, double threshold, double cap) {
    if (!pace.both()) {
      return Double.POSITIVE_INFINITY;
    }
    double[] expected =
        race.of(
            pace.canary() * canaryRate,
            pace.canary(),
            pace.baseline() * baselineRate,
            pace.baseline());
    return Drift.looks(expected, LogSpace.equalShares(expected.length), threshold, 0, phi, cap);
  }

  public OnsetMixture mixture() {
    return mixture;
  }

  /** The shrunken Mantel-Haenszel ratio of the canary's rate to the baseline's. */
  public double ratioEstimate() {
    return ratio.value();
  }

  RaceIncrement race() {
    return race;
  }

  public void save(StateWriter out) {
    out.put(pastVariance).put(intervals);
    ratio.save(out);
    dispersion.save(out);
    mixture.save(out);
  }

  public void load(StateReader in) {
    pastVariance = in.next();
    intervals = in.nextWhole(0, 1L << 52);
    ratio.load(in);
    dispersion.load(in);
    mixture.load(in);
  }
}
