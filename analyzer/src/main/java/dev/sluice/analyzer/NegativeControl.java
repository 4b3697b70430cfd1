package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.Combination;
import dev.sluice.analyzer.evidence.LogSpace;
import dev.sluice.analyzer.evidence.RateHarm;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A comparison that must find nothing: a few pods of the baseline against the rest of them, in the
 * same looks, with the same margin and the same dispersion as the canary's.
 *
 * <p><b>Hypothesis.</b> The few differ from the rest by no more than the harm margin, in either
 * direction; the e-value is the mean of both sides'. With the dispersion as measured, the chance
 * that it ever reaches 1/falseAlarm is at most falseAlarm. Pods of one version do not differ in
 * what they are; if it alarms, then the noise is larger than measured, and the same noise may be
 * what is seen between canary and baseline.
 *
 * <p><b>What then.</b> The largest e-value is what noise alone has reached so far. Evidence against
 * the canary is counted beyond it only ({@link Judge#look(Look, java.util.Map, java.util.Map,
 * java.util.Map)}). Before the alarm nothing is taken off: a control that wanders below the line
 * says nothing.
 *
 * <p><b>How much it helps.</b> It is a smoke detector, not a measurement. In simulations with pod
 * noise that lasts, it fired in half to nine tenths of the runs and halved the false alarms; where
 * pod noise is new every minute, or none, it fired in one to two of a hundred.
 *
 * <p>Source: the placebo test of observational studies (M. Lipsitch et al., "Negative controls",
 * Epidemiology 2010), applied to e-processes. Not thread-safe; deterministic.
 */
public final class NegativeControl {
  private static final double VERSION = 1;

  private final double threshold;
  private final List<RateHarm> sides;
  private double largest;

  private NegativeControl(MetricTest.OfCounts test, JudgeSettings settings) {
    this.threshold = Math.log(1 / settings.falseAlarm());
    Margin margin = test.harm();
    this.sides =
        // A fall by everything cannot be tolerated: then only the rise is looked at.
        (margin.relative() < 1 ? List.of(Side.RISE, Side.FALL) : List.of(Side.RISE))
            .stream()
                .map(side -> Bound.ofMargin(side, margin.relative(), margin.absolute()))
                .map(b -> new RateHarm(b, MetricJudge.tuning(settings), Optional.empty()))
                .toList();
  }

  public static NegativeControl start(MetricTest.OfCounts test, JudgeSettings settings) {
    return new NegativeControl(test, settings);
  }

  /**
   * Goes on where {@link #snapshot()} was taken.
   *
   * @throws IllegalArgumentException if the numbers are not a snapshot of such a control
   */
  public static NegativeControl restore(
      MetricTest.OfCounts test, JudgeSettings settings, double[] snapshot) {
    StateReader in = new StateReader(snapshot);
    double version = in.next();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "not a snapshot of a negative control of version "
              + VERSION
              + ": "
              + Arrays.toString(Arrays.copyOf(snapshot, Math.min(4, snapshot.length))));
    }
    NegativeControl control = new NegativeControl(test, settings);
    control.largest = in.next();
    control.sides.forEach(s -> s.load(in));
    in.end();
    return control;
  }

  public double[] snapshot() {
    StateWriter out = new StateWriter();
    out.put(VERSION).put(largest);
    sides.forEach(s -> s.save(out));
    return out.toArray();
  }

  /**
   * Takes in one look; one in which a group had no traffic is left out.
   *
   * @param few one or two pods, always the same as far as they live
   * @param rest all others
   * @param dispersion what the canary's comparison reckons with, at least 1
   */
  public void look(Counts few, Counts rest, Look look, double dispersion) {
    boolean usable =
        few.exposure() > 0
            && rest.exposure() > 0
            && MetricJudge.bearable(few.events(), few.exposure(), rest.events(), rest.exposure());
    if (!usable) {
      return;
    }
    for (RateHarm side : sides) {
      side.update(
          few.events(),
          few.exposure(),
          rest.events(),
          rest.exposure(),
          look.seconds(),
          look.newStep(),
          dispersion);
    }
    double[] logs = sides.stream().mapToDouble(RateHarm::logE).toArray();
    largest = Math.max(largest, Combination.logMean(logs, LogSpace.equalWeights(logs.length)));
  }

  /** Whether pods of the same version have been told apart. Stays true. */
  public boolean alarmed() {
    return largest >= threshold;
  }

  /** ln of the largest e-value so far, at least 0. */
  public double largest() {
    return largest;
  }
}
