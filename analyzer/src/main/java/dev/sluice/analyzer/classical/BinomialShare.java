package dev.sluice.analyzer.classical;

import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * A share of independent trials with its exact interval, for reports: it describes a finished
 * experiment and is not valid at every look.
 *
 * <p>Lower end: the {@code alpha/2} quantile of Beta(x, n-x+1), 0 where x = 0; upper end: the
 * {@code 1 - alpha/2} quantile of Beta(x+1, n-x), 1 where x = n. Source: Clopper and Pearson, "The
 * use of confidence or fiducial limits illustrated in the case of the binomial" (1934).
 *
 * @param estimate successes divided by trials
 * @param lower lower end, in [0, estimate]
 * @param upper upper end, in [estimate, 1]
 */
public record BinomialShare(double estimate, double lower, double upper) {

  /**
   * @param successes from 0 to trials
   * @param trials at least 1
   * @param confidence in (0, 1)
   */
  public static BinomialShare of(int successes, int trials, double confidence) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "needs 0 to n successes of n >= 1 trials, had " + successes + " of " + trials);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must lie in (0, 1), was " + confidence);
    }
    double tail = (1 - confidence) / 2;
    int rest = trials - successes;
    return new BinomialShare(
        (double) successes / trials,
        successes == 0 ? 0 : beta(successes, rest + 1.0, tail),
        rest == 0 ? 1 : beta(successes + 1.0, rest, 1 - tail));
  }

  private static double beta(double a, double b, double quantile) {
    return new BetaDistribution(null, a, b).inverseCumulativeProbability(quantile);
  }
}
