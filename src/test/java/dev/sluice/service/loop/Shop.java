package dev.sluice.service.loop;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Window;
import dev.sluice.service.metrics.ScriptedMetricSource;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What a shop's metrics say of any window: a function of the window and a seed, so that whoever
 * asks, and whenever, is told the same.
 */
final class Shop {
  private static final double[] EDGES = {0.05, 0.1, 0.2, 0.4, 0.8};

  private final long seed;
  private final Instant badFrom;
  private final Function<Instant, Double> share;

  private Shop(long seed, Instant badFrom, Function<Instant, Double> share) {
    this.seed = seed;
    this.badFrom = badFrom;
    this.share = share;
  }

  /**
   * @param badFrom when the canary's errors rise threefold; {@link Instant#MAX} for never
   * @param share of the traffic on the canary, by the end of the window
   */
  static Shop of(long seed, Instant badFrom, Function<Instant, Double> share) {
    return new Shop(seed, badFrom, share);
  }

  ScriptedMetricSource source() {
    return new ScriptedMetricSource()
        .metric("errors", this::errors)
        .metric("p99", this::latency)
        .traffic(this::traffic);
  }

  private SplittableRandom random(Window window, int salt) {
    return new SplittableRandom(window.to().toEpochMilli() * 31 + seed * 1_000_003 + salt);
  }

  private double units(Window window) {
    return 10.0 * window.length().toSeconds();
  }

  /** A few stay behind whatever the flag says: there is always a baseline. */
  private double canaryShare(Window window) {
    return Math.min(0.96, share.apply(window.to()));
  }

  private static double draw(SplittableRandom random, double mean) {
    return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
  }

  private Observed errors(Window window) {
    SplittableRandom random = random(window, 1);
    double canary = Math.rint(units(window) * canaryShare(window));
    double rest = units(window) - canary;
    double rate = window.to().isAfter(badFrom) ? 0.06 : 0.02;
    return Observed.Seen.of(
        new Counts(Math.min(canary, draw(random, canary * rate)), canary),
        new Counts(Math.min(rest, draw(random, rest * 0.02)), rest));
  }

  private Observed latency(Window window) {
    SplittableRandom random = random(window, 2);
    double canary = units(window) * canaryShare(window);
    return Observed.Seen.of(buckets(random, canary), buckets(random, units(window) - canary));
  }

  private static Buckets buckets(SplittableRandom random, double units) {
    double[] shares = {0.6, 0.25, 0.1, 0.04, 0.009, 0.001};
    double[] counts = new double[shares.length];
    for (int j = 0; j < shares.length; j++) {
      counts[j] = draw(random, units * shares[j]);
    }
    return new Buckets(EDGES, counts);
  }

  private Observations.Traffic traffic(Window window) {
    double canary = Math.rint(units(window) * canaryShare(window));
    return new Observations.Traffic.Seen(canary, units(window) - canary);
  }

  /** Long enough for any test. */
  static final Duration FOR_EVER = Duration.ofDays(400);
}
