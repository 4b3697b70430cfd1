package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.evidence.SeriesHarm;
import dev.sluice.analyzer.evidence.Tuning;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Arrays;

/**
 * The reference implementation's evidence on a paired series: bets on what the next difference
 * brings beyond what the ones before let expect ({@link SeriesHarm}). Against {@link ShiftSide} it
 * is slow: it takes a level that shifts late for noise, in part.
 */
final class SteadySide implements LevelEvidence {
  private final Bound line;
  private final SeriesHarm harm;

  SteadySide(Bound line, JudgeSettings settings) {
    this.line = line;
    this.harm =
        new SeriesHarm(Tuning.ofReference(settings.falseAlarm(), settings.horizonSeconds()));
  }

  @Override
  public void remember(double[] excesses) {
    harm.model().learn(Arrays.copyOf(excesses, excesses.length));
  }

  @Override
  public void take(Pairing.Pair pair, boolean newStep) {
    harm.update(pair.excess(line), pair.seconds(), newStep);
  }

  @Override
  public double logE() {
    return harm.logE();
  }

  @Override
  public double standing() {
    return harm.logE();
  }

  @Override
  public void save(StateWriter out) {
    harm.save(out);
  }

  @Override
  public void load(StateReader in) {
    harm.load(in);
  }
}
