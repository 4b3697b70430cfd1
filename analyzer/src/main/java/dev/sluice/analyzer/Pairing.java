package dev.sluice.analyzer;

import dev.sluice.analyzer.evidence.Bound;
import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;
import java.util.Optional;

/** How the samples of looks become pairs of canary and baseline values. */
sealed interface Pairing permits PairedMeans, PairedValues {

  /** Larger values would overflow when squared. */
  double LARGEST_VALUE = 1e150;

  /**
   * Takes in a look; empty while no pair is complete, or if the look cannot be used.
   *
   * @throws IllegalArgumentException if a sample has the wrong shape
   */
  Optional<Pair> take(SeriesJudge judge, Sample canary, Sample baseline, double seconds);

  /** A step begins: what is not complete belongs to the one before. */
  void beginStep();

  /** How many looks one pair takes, about; at least 1. */
  double looksPerPair();

  void save(StateWriter out);

  void load(StateReader in);

  /**
   * Values of both cohorts in the same stretch of time.
   *
   * @param canary sum of the canary's values
   * @param canarySize their number, more than 0
   * @param weighted whether the noise of the values falls with their number
   * @param seconds length of the stretch
   */
  record Pair(
      double canary,
      double canarySize,
      double baseline,
      double baselineSize,
      boolean weighted,
      double seconds) {

    /** How much worse than the line the canary is, in units of {@link #scale}. */
    double excess(Bound bound) {
      double difference =
          canary / canarySize - bound.rho() * (baseline / baselineSize) - bound.shift();
      return bound.side().sign() * difference * scale(bound);
    }

    /**
     * How much worse than the line the canary is, as the logarithm of a ratio; for {@link
     * #positive} pairs and lines through 0.
     */
    double logExcess(Bound bound) {
      double ratio =
          Math.log(canary / canarySize) - Math.log(baseline / baselineSize) - Math.log(bound.rho());
      return bound.side().sign()
          * ratio
          * (weighted ? Math.sqrt(1 / (1 / canarySize + 1 / baselineSize)) : 1);
    }

    boolean positive() {
      return canary / canarySize > 0 && baseline / baselineSize > 0;
    }

    /** {@code sqrt(1 / (1/n_c + rho^2/n_b))} for means, so that all pairs are equally noisy. */
    double scale(Bound bound) {
      return weighted
          ? Math.sqrt(1 / (1 / canarySize + bound.rho() * bound.rho() / baselineSize))
          : 1;
    }

    boolean usable() {
      return Math.abs(canary / canarySize) <= LARGEST_VALUE
          && Math.abs(baseline / baselineSize) <= LARGEST_VALUE;
    }
  }
}
