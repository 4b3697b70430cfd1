package dev.sluice.analyzer.evidence;

import dev.sluice.analyzer.planner.Drift;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Evidence that a rate of the canary keeps a fixed limit, without any baseline.
 *
 * <p><b>Hypothesis to be refuted.</b> {@code p_c >= limit} for an upper limit ({@code <=} for a
 * lower one). With {@code A = exp(-+u)} the increment is {@code x ln A - n limit (A - 1)}, the
 * {@link RaceIncrement} with rho = 0; its expectation is at most 1 in the hypothesis by {@code 1 +
 * z <= e^z}, whatever the rate does from interval to interval. It is begun anew in every step.
 *
 * <p>An upper limit of 0 cannot be proven kept by any number of clean requests, and a lower limit
 * of 0 is kept as soon as anything happens; both follow from the formula.
 */
public final class LimitSafe {
  private static final double[] U = {
    0.003, 0.006, 0.012, 0.025, 0.05, 0.10, 0.20, 0.40, 0.80, 1.6, 3.0
  };

  private final double limit;
  private final Side side;
  private final RaceIncrement race;
  private final OnsetMixture mixture;
  private double exposure;
  private double events;

  public LimitSafe(Side side, double limit, double alpha) {
    this.limit = limit;
    this.side = side;
    double[] factors = new double[U.length];
    for (int k = 0; k < U.length; k++) {
      factors[k] = Math.exp(-side.sign() * U[k]);
    }
    this.race = new RaceIncrement(Bound.fixed(side, limit), factors);
    this.mixture =
        OnsetMixture.withBank(LogSpace.equalWeights(U.length), Onset.AT_ONCE, Cap.steady(alpha));
  }

  /** Takes in one interval; one without exposure is left out. */
  public double update(double x, double n, double phi) {
    if (!(n > 0)) {
      return mixture.logE();
    }
    mixture.update(race.of(x, n, 0, 0), 0, false);
    exposure += n;
    events += x;
    return mixture.evaluate(phi);
  }

  /** Events that would have been due at the limit; for a lower limit at least those seen. */
  public double marginEvents() {
    double due = exposure * limit;
    return side == Side.FALL ? Math.max(due, events) : due;
  }

  public double logE() {
    return mixture.logE();
  }

  /** How many more looks it takes, about, if this many of so many units are events in each. */
  public double looksMissing(double events, double units, double phi, double alpha) {
    double[] expected = race.of(events, units, 0, 0);
    return Drift.looks(
        expected,
        LogSpace.equalShares(expected.length),
        Math.log(1 / alpha),
        logE(),
        phi,
        Cap.steady(alpha).least());
  }

  public void save(StateWriter out) {
    out.put(exposure).put(events);
    mixture.save(out);
  }

  public void load(StateReader in) {
    exposure = in.next();
    events = in.next();
    mixture.load(in);
  }
}
