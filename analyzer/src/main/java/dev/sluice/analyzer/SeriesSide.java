package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.MeanInterval;
import dev.sluice.analyzer.evidence.SeriesHarm;
import dev.sluice.analyzer.evidence.SeriesModel;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.evidence.Tuning;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/**
 * One direction of a paired series: how far the canary lies beyond the line of harm (over the
 * rollout), and beyond the line of safety (in this step).
 */
final class SeriesSide {
  private final Bound harmLine;
  private final Bound safeLine;
  private final SeriesHarm harm;
  private SeriesModel safe = new SeriesModel();
  private double harmScale;
  private double safeScale;

  SeriesSide(Side side, Margin harmful, Margin unsafe, Tuning tuning) {
    this.harmLine = Bound.ofMargin(side, harmful.relative(), harmful.absolute());
    this.safeLine = Bound.ofMargin(side, unsafe.relative(), unsafe.absolute());
    this.harm = new SeriesHarm(tuning);
  }

  void learn(double[] differences) {
    double[] excess = new double[differences.length];
    for (int i = 0; i < excess.length; i++) {
      excess[i] = harmLine.side().sign() * differences[i];
    }
    harm.model().learn(excess);
  }

  void beginStep() {
    safe = new SeriesModel();
    safeScale = 0;
  }

  void take(Pairing.Pair pair, boolean newStep) {
    harm.update(pair.excess(harmLine), pair.seconds(), newStep);
    harmScale += pair.scale(harmLine);
    safe.add(pair.excess(safeLine));
    safeScale += pair.scale(safeLine);
  }

  double logHarm() {
    return harm.logE();
  }

  double logSafe(double alpha) {
    return safe.logBelowZero(alpha);
  }

  SeriesModel model() {
    return harm.model();
  }

  Side side() {
    return harmLine.side();
  }

  Bound line(boolean named) {
    return named ? harmLine : safeLine;
  }

  /**
   * Canary less baseline: from this step, from the whole rollout while the step is too young, empty
   * while that is too. It is exact where it touches the line it was computed for; elsewhere the
   * baseline's mean is taken as known.
   */
  Optional<MeanInterval> difference(double baselineMean, double alpha) {
    MeanInterval step = safe.interval(alpha);
    if (step.bounded()) {
      return Optional.of(onScale(step, safeLine, safeScale / safe.size(), baselineMean));
    }
    MeanInterval whole = harm.model().interval(alpha);
    return whole.bounded() && harmScale > 0
        ? Optional.of(onScale(whole, harmLine, meanHarmScale(), baselineMean))
        : Optional.empty();
  }

  private double meanHarmScale() {
    return harmScale / harm.model().seen();
  }

  private static MeanInterval onScale(
      MeanInterval excess, Bound line, double scale, double baselineMean) {
    double sign = line.side().sign();
    double offset = line.at(baselineMean) - baselineMean;
    double one = sign * excess.lower() / scale + offset;
    double other = sign * excess.upper() / scale + offset;
    return new MeanInterval(
        Math.min(one, other), sign * excess.estimate() / scale + offset, Math.max(one, other));
  }

  void save(StateWriter out) {
    harm.save(out);
    safe.save(out);
    out.put(harmScale).put(safeScale);
  }

  void load(StateReader in) {
    harm.load(in);
    safe.load(in);
    harmScale = in.next();
    safeScale = in.next();
  }
}
