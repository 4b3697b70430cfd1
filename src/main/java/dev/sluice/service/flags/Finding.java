package dev.sluice.service.flags;

/**
 * What a look at a flag system found.
 *
 * @param what one sentence
 * @param remedy what to do; empty where nothing is to be done
 */
public record Finding(Level level, String what, String remedy) {

  /** How much it matters. */
  public enum Level {
    GOOD,
    /** A rollout would work, but somebody should know. */
    WARNING,
    /** A rollout would not work. */
    PROBLEM
  }

  public static Finding good(String what) {
    return new Finding(Level.GOOD, what, "");
  }

  public static Finding warning(String what, String remedy) {
    return new Finding(Level.WARNING, what, remedy);
  }

  public static Finding problem(String what, String remedy) {
    return new Finding(Level.PROBLEM, what, remedy);
  }
}
