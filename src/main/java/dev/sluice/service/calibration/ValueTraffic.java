package dev.sluice.service.calibration;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.analyzer.Observed;
import dev.sluice.analyzer.Values;

/**
 * One positive number a look and cohort: a latency as a query gives it. Each cohort has log-normal
 * noise of its own.
 *
 * @param tolerance relative worsening accepted
 * @param variation coefficient of variation of the noise of one cohort
 * @param resemblance correlation of the noise of neighbouring looks
 * @param offset standard deviation of a relative difference between the cohorts that stays for the
 *     whole rollout and means nothing
 * @param wave relative height of a day wave that both cohorts follow
 * @param worse by how much the canary's value is higher: 0.1 is ten percent
 */
record ValueTraffic(
    Direction direction,
    double tolerance,
    double variation,
    double resemblance,
    double offset,
    double wave,
    double worse)
    implements Situation {
  private static final double LEVEL = 0.1;
  private static final double DAY = 1440;

  static ValueTraffic harmless(double variation, double resemblance) {
    return new ValueTraffic(Direction.HIGHER_IS_WORSE, 0, variation, resemblance, 0, 0, 0);
  }

  ValueTraffic either() {
    return new ValueTraffic(
        Direction.EITHER, tolerance, variation, resemblance, offset, wave, worse);
  }

  ValueTraffic tolerating(double newTolerance) {
    return new ValueTraffic(direction, newTolerance, variation, resemblance, offset, wave, worse);
  }

  ValueTraffic offsetBy(double newOffset) {
    return new ValueTraffic(direction, tolerance, variation, resemblance, newOffset, wave, worse);
  }

  ValueTraffic waving(double newWave) {
    return new ValueTraffic(direction, tolerance, variation, resemblance, offset, newWave, worse);
  }

  ValueTraffic worseBy(double newWorse) {
    return new ValueTraffic(direction, tolerance, variation, resemblance, offset, wave, newWorse);
  }

  @Override
  public MetricTest test() {
    Margin margin = Margin.relative(tolerance);
    return new MetricTest.OfValue(direction, margin, margin);
  }

  @Override
  public Telemetry begin(Chance chance) {
    Wander canary = new Wander(chance, resemblance);
    Wander baseline = new Wander(chance, resemblance);
    double standing = 1 + offset * chance.normal();
    return look -> {
      double level = LEVEL * (1 + wave * Math.sin(2 * Math.PI * look / DAY));
      return Observed.Seen.of(
          new Values(level * standing * (1 + worse) * canary.factor(variation)),
          new Values(level * baseline.factor(variation)));
    };
  }
}
