package dev.sluice.service.calibration;

import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;

/**
 * Requests of which some fail, one look a minute.
 *
 * @param perSecond requests a second on the canary
 * @param ratio requests of the baseline for each of the canary
 * @param share of requests that fail on the baseline
 * @param factor by which the canary's share is higher from the onset on; 1 is harmless
 * @param onset first look, counted from 0, with the factor
 */
record CountTraffic(
    Noise noise,
    Direction direction,
    double perSecond,
    double ratio,
    double share,
    double factor,
    int onset)
    implements Situation {
  private static final double SECONDS = 60;
  private static final int DAY = 1440;

  /** What happens beside independent failures. */
  enum Noise {
    /** Nothing. */
    INDEPENDENT,
    /** Traffic and share of failures follow the day. */
    DAY_WAVE,
    /** The share of both cohorts jumps from minute to minute. */
    SHOCKS,
    /** The share of both cohorts wanders. */
    SHARED_WANDER,
    /** The rollout goes from 1 to 10 to 50 percent while the share rises with the day. */
    RAMP,
    /** An outage of both cohorts every six hours or so that the baseline shows one look later. */
    MISALIGNED_OUTAGES,
    /** Twice the variance of independent failures, each cohort by itself. */
    VARIANCE_2,
    /** Five times the variance. */
    VARIANCE_5,
    /** Fifty failures at once every two hours, each cohort by itself. */
    BURSTS_OF_50,
    /** Ten failures at once every half hour. */
    BURSTS_OF_10,
    /** The share of each cohort jumps by itself, coefficient of variation 1. */
    OWN_JUMPS,
    /** The same, and one minute resembles the one before: correlation 0.8. */
    OWN_WANDER
  }

  static CountTraffic harmless(Noise noise, double perSecond, double ratio, double share) {
    return new CountTraffic(noise, Direction.HIGHER_IS_WORSE, perSecond, ratio, share, 1, 0);
  }

  CountTraffic worse(double newFactor, int newOnset) {
    return new CountTraffic(noise, direction, perSecond, ratio, share, newFactor, newOnset);
  }

  CountTraffic either() {
    return new CountTraffic(noise, Direction.EITHER, perSecond, ratio, share, factor, onset);
  }

  @Override
  public MetricTest test() {
    return new MetricTest.OfCounts(direction, Margin.NONE, Margin.NONE);
  }

  /**
   * Looks after which no test whatever could know, on average: {@code ln(1/falseAlarm)} over the
   * Kullback-Leibler divergence of a look, with the baseline known.
   */
  double limit(double falseAlarm) {
    double failures = perSecond * SECONDS * share;
    return -Math.log(falseAlarm) / (failures * (factor * Math.log(factor) - factor + 1));
  }

  @Override
  public Telemetry begin(Chance chance) {
    return new Run(chance);
  }

  private final class Run implements Telemetry {
    private final Chance chance;
    private final Wander together;
    private final Wander canary;
    private final Wander baseline;
    private boolean outage;

    Run(Chance chance) {
      this.chance = chance;
      this.together = new Wander(chance, 0.95);
      double own = noise == Noise.OWN_WANDER ? 0.8 : 0;
      this.canary = new Wander(chance, own);
      this.baseline = new Wander(chance, own);
    }

    @Override
    public boolean stepBegins(int look) {
      return look == 0 || (noise == Noise.RAMP && look % (DAY / 3) == 0 && look < DAY);
    }

    @Override
    public Observed next(int look) {
      double requests = perSecond * SECONDS;
      double bad = look >= onset ? factor : 1;
      return switch (noise) {
        case INDEPENDENT -> seen(requests, requests * ratio, share * bad, share);
        case DAY_WAVE -> {
          double traffic = requests * wave(look, 0.6, 0);
          double level = share * wave(look, 0.5, 0.3);
          yield seen(traffic, traffic * ratio, level * bad, level);
        }
        case SHOCKS -> both(requests, bad, 2 * chance.gamma(0.5));
        case SHARED_WANDER -> both(requests, bad, Math.exp(together.next() - 0.5));
        case RAMP -> ramp(requests * (1 + ratio), bad, look);
        case MISALIGNED_OUTAGES -> misaligned(requests, bad);
        case VARIANCE_2 -> dispersed(requests, bad, 2);
        case VARIANCE_5 -> dispersed(requests, bad, 5);
        case BURSTS_OF_50 -> bursts(requests, bad, 50, 120);
        case BURSTS_OF_10 -> bursts(requests, bad, 10, 30);
        case OWN_JUMPS, OWN_WANDER ->
            seen(
                requests,
                requests * ratio,
                share * bad * canary.factor(1),
                share * baseline.factor(1));
      };
    }

    private static double wave(int look, double height, double phase) {
      return 1 + height * Math.sin(2 * Math.PI * ((double) look / DAY + phase));
    }

    private Observed both(double requests, double bad, double level) {
      return seen(requests, requests * ratio, share * level * bad, share * level);
    }

    private Observed ramp(double total, double bad, int look) {
      int step = Math.min(2, look / (DAY / 3));
      double exposure = step == 0 ? 0.01 : step == 1 ? 0.10 : 0.50;
      double level = share * (step == 0 ? 0.5 : step == 1 ? 1 : 3);
      return seen(total * exposure, total * (1 - exposure), level * bad, level);
    }

    private Observed misaligned(double requests, double bad) {
      boolean before = outage;
      outage = chance.uniform() < 1 / 360.0;
      return seen(
          requests, requests * ratio, share * bad + (outage ? 0.3 : 0), share + (before ? 0.3 : 0));
    }

    private Observed dispersed(double requests, double bad, double variance) {
      double shape = requests * share / (variance - 1);
      double c = chance.gamma(shape) / shape;
      double b = chance.gamma(shape * ratio) / (shape * ratio);
      return seen(requests, requests * ratio, share * c * bad, share * b);
    }

    private Observed bursts(double requests, double bad, double size, double minutes) {
      double nc = chance.poisson(requests);
      double nb = chance.poisson(requests * ratio);
      double xc = chance.binomial(nc, share * bad) + size * chance.poisson(bad / minutes);
      double xb = chance.binomial(nb, share) + size * chance.poisson(ratio / minutes);
      return Observed.Seen.of(new Counts(xc, nc), new Counts(xb, nb));
    }

    private Observed seen(double canaryMean, double baselineMean, double pc, double pb) {
      double nc = chance.poisson(canaryMean);
      double nb = chance.poisson(baselineMean);
      double xc = chance.binomial(nc, pc);
      return Observed.Seen.of(new Counts(xc, nc), new Counts(chance.binomial(nb, pb), nb));
    }
  }
}
