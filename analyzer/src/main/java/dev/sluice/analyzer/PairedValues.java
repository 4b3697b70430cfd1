package dev.sluice.analyzer;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/** One reading of each cohort per look: a pair at once. */
final class PairedValues implements Pairing {
  @Override
  public Optional<Pair> take(SeriesJudge judge, Sample canary, Sample baseline, double seconds) {
    Pair pair =
        new Pair(
            judge.as(Values.class, canary).value(),
            1,
            judge.as(Values.class, baseline).value(),
            1,
            false,
            seconds);
    return Optional.of(pair).filter(Pair::usable);
  }

  @Override
  public void beginStep() {}

  @Override
  public double looksPerPair() {
    return 1;
  }

  @Override
  public void save(StateWriter out) {}

  @Override
  public void load(StateReader in) {}
}
