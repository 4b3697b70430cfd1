package dev.sluice.analyzer;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/**
 * Sums and counts, pooled over neighbouring looks until a mean has enough values behind it: the
 * bets on a series need values that are not all skew.
 *
 * <p>How long a block lasts depends on the counts alone, never on the values, so that it cannot be
 * cut where the values look good.
 */
final class PairedMeans implements Pairing {
  /** For an interval around the mean and for safety, which rest on its distribution. */
  private static final double FOR_SAFETY = 30;

  /** For evidence of a shift, which bears more skew. */
  private static final double FOR_HARM = 10;

  private final int blockLooks;
  private final double enoughValues;
  private final Totals pending = new Totals();
  private double looks;
  private double seconds;
  private double pairs;
  private double pairedLooks;

  private PairedMeans(int blockLooks, double enoughValues) {
    this.blockLooks = blockLooks;
    this.enoughValues = enoughValues;
  }

  /** As many looks as the test says, or as bring enough values for an interval. */
  static PairedMeans forSafety(MetricTest.OfMean test) {
    return new PairedMeans(test.blockLooks(), FOR_SAFETY);
  }

  /** As few looks as bear a comparison: the more points, the sooner a shift tells from a wander. */
  static PairedMeans forHarm() {
    return new PairedMeans(0, FOR_HARM);
  }

  @Override
  public Optional<Pair> take(
      SeriesJudge judge, Sample canary, Sample baseline, double lookSeconds) {
    Moments c = judge.as(Moments.class, canary);
    Moments b = judge.as(Moments.class, baseline);
    if (!MetricJudge.bearable(c.count(), b.count())
        || Math.abs(c.sum()) > LARGEST_VALUE
        || Math.abs(b.sum()) > LARGEST_VALUE) {
      return Optional.empty();
    }
    pending.add(c.sum(), c.count(), b.sum(), b.count());
    looks++;
    seconds += lookSeconds;
    return complete() ? Optional.of(close()).filter(Pair::usable) : Optional.empty();
  }

  private boolean complete() {
    boolean seen = pending.canarySize() > 0 && pending.baselineSize() > 0;
    boolean enough =
        blockLooks > 0
            ? looks >= blockLooks
            : pending.canarySize() >= enoughValues && pending.baselineSize() >= enoughValues;
    return seen && enough;
  }

  private Pair close() {
    Pair pair =
        new Pair(
            pending.canary(),
            pending.canarySize(),
            pending.baseline(),
            pending.baselineSize(),
            true,
            seconds);
    pairs++;
    pairedLooks += looks;
    beginStep();
    return pair;
  }

  @Override
  public void beginStep() {
    pending.clear();
    looks = 0;
    seconds = 0;
  }

  @Override
  public double looksPerPair() {
    return pairs > 0 ? pairedLooks / pairs : Math.max(1, Math.max(looks, blockLooks));
  }

  @Override
  public void save(StateWriter out) {
    pending.save(out);
    out.put(looks).put(seconds).put(pairs).put(pairedLooks);
  }

  @Override
  public void load(StateReader in) {
    pending.load(in);
    looks = in.next();
    seconds = in.next();
    pairs = in.next();
    pairedLooks = in.next();
  }
}
