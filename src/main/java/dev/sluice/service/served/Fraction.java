package dev.sluice.service.served;

import dev.sluice.gates.plan.Exposure;

/**
 * Who is on the canary, as flagd's operation "fractional" says it.
 *
 * <p>The hash of a user lies between 0 and 2^32 - 1; multiplied with the sum of all weights and
 * divided by 2^32 it is the user's place between 0 and that sum. The canary's weight comes first,
 * so a user is on it whose place is below that weight. The place depends on flag and user alone and
 * the sum never changes: as the weight grows, users join and nobody leaves.
 */
public final class Fraction {
  /** The sum of the weights: a weight of 1 is 0.001 % of the users. */
  public static final int WHOLE = 100_000;

  private Fraction() {}

  /** The canary's weight. */
  static int weight(Exposure exposure) {
    return (int) Math.round(exposure.share() * WHOLE);
  }

  /**
   * @param flag its key
   * @param user the targeting key; not empty
   */
  static boolean on(String flag, String user, Exposure exposure) {
    long place = (Murmur3.hash(flag + user) * WHOLE) >>> 32;
    return place < weight(exposure);
  }
}
