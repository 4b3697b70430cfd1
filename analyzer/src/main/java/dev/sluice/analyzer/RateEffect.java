package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.RateSequence;
import dev.sluice.analyzer.evidence.RatioInterval;

/**
 * How a difference between two rates is told: as a ratio, or as a difference where the accepted
 * worsening is an absolute one.
 *
 * <p>The interval is the confidence sequence of the ratio. A difference multiplies it by the
 * baseline's rate as if that were known, which it nearly is: the baseline has the larger traffic.
 * Where the baseline had no event the ratio has no upper end; then the difference is bounded by the
 * canary's own rate.
 */
final class RateEffect {
  private static final double HALF_AN_EVENT = 0.5;

  private final Totals totals;
  private final RatioInterval ratio;
  private final double alpha;
  private final double phi;

  RateEffect(Totals totals, RatioInterval ratio, double alpha, double phi) {
    this.totals = totals;
    this.ratio = ratio;
    this.alpha = alpha;
    this.phi = phi;
  }

  /**
   * The margin's absolute part becomes a ratio at the baseline's rate, of half an event at least.
   */
  Effect ratio(Bound bound) {
    double least = HALF_AN_EVENT / totals.baselineSize();
    double rate = Math.max(totals.baselineMean(), least);
    return new Effect(
        Effect.Scale.RATIO, ratio.lower(), ratio.estimate(), ratio.upper(), bound.at(rate) / rate);
  }

  Effect difference(Bound bound) {
    double rate = totals.baselineMean();
    double lower = rate * (ratio.lower() - 1);
    double upper =
        rate > 0 && Double.isFinite(ratio.upper()) ? rate * (ratio.upper() - 1) : ownUpperEnd();
    double estimate = Math.clamp(totals.canaryMean() - rate, Math.min(lower, upper), upper);
    return new Effect(
        Effect.Scale.DIFFERENCE, Math.min(lower, upper), estimate, upper, bound.at(rate) - rate);
  }

  private double ownUpperEnd() {
    double typical = (totals.canary() + 1) / totals.canarySize();
    return RateSequence.interval(totals.canary(), totals.canarySize(), phi, typical, alpha)[1];
  }
}
