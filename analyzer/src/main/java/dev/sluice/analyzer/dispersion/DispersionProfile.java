package dev.sluice.analyzer.dispersion;

import java.util.Arrays;

/**
 * Variance inflation by block length, measured on the baseline's pods before the rollout.
 *
 * <p>Evidence of age {@code t} intervals is a sum over {@code t} intervals, so the inflation that
 * matters is the one of blocks that long: level {@code ceil(log2 t)}, the last one for anything
 * older.
 */
public final class DispersionProfile {
  private static final int MOST_LEVELS = 32;

  private final double[] levels;

  /**
   * @param levels inflation at block lengths 1, 2, 4 ..., each finite and at least 1
   * @throws IllegalArgumentException if there is none, one is out of range, or there are more than
   *     32
   */
  public DispersionProfile(double[] levels) {
    if (levels.length == 0 || levels.length > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "a dispersion profile has 1 to " + MOST_LEVELS + " levels, had " + levels.length);
    }
    for (double level : levels) {
      if (!(level >= 1 && Double.isFinite(level))) {
        throw new IllegalArgumentException(
            "a dispersion is finite and at least 1, was "
                + level
                + " in "
                + Arrays.toString(levels));
      }
    }
    this.levels = levels.clone();
  }

  /** Inflation of evidence that is this many intervals old, at least 1 interval. */
  public double at(long intervals) {
    int l = 0;
    while (l < levels.length - 1 && (1L << l) < intervals) {
      l++;
    }
    return levels[l];
  }

  public double[] levels() {
    return levels.clone();
  }
}
