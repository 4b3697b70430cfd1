package dev.sluice.analyzer.kayenta;

import dev.sluice.analyzer.kayenta.Classified.Classification;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges one metric from the samples of a finished window.
 *
 * <p>A canary is High when the interval of the shift lies above {@code tolerance * |estimate|} and
 * the effect is at least the allowed increase; Low is its mirror image. An effect without a value
 * counts as beyond every limit.
 */
public final class KayentaClassifier {
  private final Options options;

  public KayentaClassifier(Options options) {
    this.options = options;
  }

  /**
   * @param baseline samples in any order; NaN means missing
   * @param canary likewise
   */
  public Classified classify(double[] baseline, double[] canary) {
    double[] b = prepared(baseline);
    double[] c = prepared(canary);
    return withoutTest(b, c).orElseGet(() -> tested(b, c));
  }

  private double[] prepared(double[] values) {
    return Samples.withoutOutliers(Samples.withoutNan(values, options.nanStrategy()), options);
  }

  private Optional<Classified> withoutTest(double[] baseline, double[] canary) {
    if (baseline.length == 0 || canary.length == 0) {
      return Optional.of(empty());
    }
    if (Arrays.equals(sorted(baseline), sorted(canary))) {
      return Optional.of(
          new Classified(Classification.PASS, "The samples are identical.", 1, false));
    }
    if (Samples.constant(baseline) && Samples.constant(canary) && baseline[0] == canary[0]) {
      return Optional.of(
          new Classified(Classification.PASS, "All samples have one value.", 1, false));
    }
    return Optional.empty();
  }

  private Classified empty() {
    if (options.nanStrategy() == Options.NanStrategy.REPLACE) {
      return new Classified(Classification.PASS, "", 1, false);
    }
    Classification classification =
        options.mustHaveData() ? Classification.NODATA_FAIL_METRIC : Classification.NODATA;
    return new Classified(
        classification, "A cohort has no samples.", Double.NaN, options.critical());
  }

  private Classified tested(double[] baseline, double[] canary) {
    boolean flat = Samples.constant(baseline) && Samples.constant(canary);
    double[] b = flat ? Samples.withNoise(baseline, 1) : baseline;
    double[] c = flat ? Samples.withNoise(canary, 2) : canary;
    double ratio = EffectSize.meanRatio(canary, baseline);
    if (b.length + c.length < 3) {
      return new Classified(
          Classification.NODATA, "One sample a cohort cannot be compared.", ratio, false);
    }
    RankShift.Interval shift = new RankShift(c, b).interval(options.confidence());
    double bound = options.tolerance() * Math.abs(shift.estimate());
    double effect = EffectSize.of(options.measure(), c, b);
    boolean up = options.direction() != Options.Direction.DECREASE;
    boolean down = options.direction() != Options.Direction.INCREASE;
    if (up && shift.low() > bound && atLeast(effect, options.allowedIncrease())) {
      boolean critical = options.critical() && atLeast(effect, options.criticalIncrease());
      return new Classified(Classification.HIGH, "The canary is higher.", ratio, critical);
    }
    if (down && shift.high() < -bound && atMost(effect, options.allowedDecrease())) {
      boolean critical = options.critical() && atMost(effect, options.criticalDecrease());
      return new Classified(Classification.LOW, "The canary is lower.", ratio, critical);
    }
    return new Classified(Classification.PASS, "", ratio, false);
  }

  private boolean atLeast(double effect, OptionalDouble limit) {
    return Double.isNaN(effect) || effect >= limit.orElse(options.measure().none());
  }

  private boolean atMost(double effect, OptionalDouble limit) {
    return Double.isNaN(effect) || effect <= limit.orElse(options.measure().none());
  }

  private static double[] sorted(double[] values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }
}
