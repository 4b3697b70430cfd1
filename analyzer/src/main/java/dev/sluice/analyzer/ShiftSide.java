package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/**
 * Evidence that one direction of a paired series is worse than its margin: {@link ShiftEvidence} on
 * the right scale.
 *
 * <p><b>Scale.</b> Where the margin is relative, a positive value is compared as a ratio, {@code y
 * = ln c - ln b - ln rho}: the noise of a value that grows with its level (nearly every latency,
 * memory or queue) is then even and nearly symmetric, and what multiplies both cohorts cancels. A
 * margin in the metric's own unit, or a value that can be 0 or negative, is compared as a
 * difference.
 *
 * <p><b>Which it is</b> is decided by the first pair and the margin, so before there is anything to
 * choose by. Both are followed; at the first pair that has no ratio the evidence goes on with the
 * differences, for good, from where it stood: an e-process up to a moment times the growth of
 * another one from that moment on is an e-process. Where the differences stood higher they are not
 * lifted to less, the smaller value counts.
 *
 * <p>The hypothesis "not worse" is then one on the typical value (the geometric mean) rather than
 * on the arithmetic mean.
 */
final class ShiftSide implements LevelEvidence {
  /** Beyond it squares overflow; no honest reading gets there. */
  private static final double LARGEST_EXCESS = 1e140;

  private static final int MOST_STATE = 100_000;

  private final Bound line;
  private final double falseAlarm;
  private final double horizonSeconds;
  private final boolean concurrent;
  private ShiftEvidence differences;
  private ShiftEvidence ratios;
  private boolean asRatio;
  private double carried;
  private double before;

  ShiftSide(Bound line, JudgeSettings settings, boolean concurrent) {
    this.line = line;
    this.falseAlarm = settings.falseAlarm();
    this.horizonSeconds = settings.horizonSeconds();
    this.concurrent = concurrent;
    this.differences = ShiftEvidence.start(falseAlarm, horizonSeconds, concurrent);
    this.ratios = ShiftEvidence.start(falseAlarm, horizonSeconds, concurrent);
    this.asRatio = line.shift() == 0;
  }

  /** Excesses from before the rollout. They are differences, so the rollout is compared as such. */
  @Override
  public void remember(double[] excesses) {
    for (double excess : excesses) {
      differences.remember(bounded(excess));
    }
    asRatio = asRatio && excesses.length == 0;
  }

  @Override
  public void take(Pairing.Pair pair, boolean newStep) {
    before = logE();
    if (asRatio && !pair.positive()) {
      carried = Math.min(0, ratios.logE() - differences.logE());
      asRatio = false;
    }
    differences.add(bounded(pair.excess(line)), pair.seconds(), newStep);
    if (asRatio) {
      ratios.add(bounded(pair.logExcess(line)), pair.seconds(), newStep);
    }
  }

  private static double bounded(double excess) {
    return Math.clamp(excess, -LARGEST_EXCESS, LARGEST_EXCESS);
  }

  @Override
  public double logE() {
    return asRatio ? ratios.logE() : carried + differences.logE();
  }

  /**
   * What has stood for two pairs. A single wild pair may reach the threshold; where the looks after
   * it bring nothing new, it must not be confirmed by its own echo.
   */
  @Override
  public double standing() {
    return Math.min(before, logE());
  }

  @Override
  public void save(StateWriter out) {
    out.put(asRatio).put(carried).put(before);
    out.putCounted(differences.snapshot()).putCounted(ratios.snapshot());
  }

  @Override
  public void load(StateReader in) {
    asRatio = in.nextFlag();
    carried = in.next();
    before = in.next();
    differences = restored(in);
    ratios = restored(in);
  }

  private ShiftEvidence restored(StateReader in) {
    return ShiftEvidence.restore(
        falseAlarm, horizonSeconds, concurrent, in.nextCounted(MOST_STATE));
  }
}
