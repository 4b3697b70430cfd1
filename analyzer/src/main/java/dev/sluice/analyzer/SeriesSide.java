package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.MeanInterval;
import dev.sluice.analyzer.evidence.SeriesModel;
import dev.sluice.analyzer.evidence.Side;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/**
 * One direction of a paired series: how far the canary lies beyond the line of harm (over the
 * rollout), and beyond the line of safety (in this step). Harm is the {@link LevelEvidence} of the
 * pace; interval and safety are the confidence sequences of a {@link SeriesModel}.
 */
final class SeriesSide {
  private final Bound harmLine;
  private final Bound safeLine;
  private final LevelEvidence level;
  private final SeriesModel whole = new SeriesModel();
  private SeriesModel safe = new SeriesModel();
  private double harmScale;
  private double safeScale;

  SeriesSide(Side side, Margin harmful, Margin unsafe, JudgeSettings settings, boolean concurrent) {
    this.harmLine = Bound.ofMargin(side, harmful.relative(), harmful.absolute());
    this.safeLine = Bound.ofMargin(side, unsafe.relative(), unsafe.absolute());
    this.level = level(harmLine, settings, concurrent);
  }

  /** The reference implementation knows no baseline of another period. */
  private static LevelEvidence level(Bound line, JudgeSettings settings, boolean concurrent) {
    return switch (settings.pace()) {
      case STEADY ->
          concurrent ? new SteadySide(line, settings) : new ShiftSide(line, settings, concurrent);
      case SWIFT -> new ShiftSide(line, settings, concurrent);
    };
  }

  void learn(double[] differences) {
    double[] excess = new double[differences.length];
    for (int i = 0; i < excess.length; i++) {
      excess[i] = harmLine.side().sign() * differences[i];
    }
    whole.learn(excess);
    level.remember(excess);
  }

  void beginStep() {
    safe = new SeriesModel();
    safeScale = 0;
  }

  void takeForHarm(Pairing.Pair pair, boolean newStep) {
    level.take(pair, newStep);
  }

  void takeForSafety(Pairing.Pair pair) {
    whole.add(pair.excess(harmLine));
    harmScale += pair.scale(harmLine);
    safe.add(pair.excess(safeLine));
    safeScale += pair.scale(safeLine);
  }

  /**
   * @param fresh whether this look brought a new pair
   */
  double logHarm(boolean fresh) {
    return fresh ? level.logE() : level.standing();
  }

  double logSafe(double alpha) {
    return safe.logBelowZero(alpha);
  }

  SeriesModel model() {
    return whole;
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
    MeanInterval rollout = whole.interval(alpha);
    return rollout.bounded() && harmScale > 0
        ? Optional.of(onScale(rollout, harmLine, meanHarmScale(), baselineMean))
        : Optional.empty();
  }

  private double meanHarmScale() {
    return harmScale / whole.seen();
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
    level.save(out);
    whole.save(out);
    safe.save(out);
    out.put(harmScale).put(safeScale);
  }

  void load(StateReader in) {
    level.load(in);
    whole.load(in);
    safe.load(in);
    harmScale = in.next();
    safeScale = in.next();
  }
}
