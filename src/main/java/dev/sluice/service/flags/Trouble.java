package dev.sluice.service.flags;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a flag system did not do what it was asked.
 *
 * @param sentence what, where and what to do; holds no secret
 * @param after how long the system asked to be left alone, if it did
 */
public record Trouble(Kind kind, String sentence, Optional<Duration> after) {

  /** What somebody would have to do about it. */
  public enum Kind {
    /** Down, slow, or answering nonsense: may be better next time. */
    UNAVAILABLE,
    /** Asked too often. */
    BUSY,
    /** Our token is unknown, or may not do this. */
    DENIED,
    /** No such flag, environment or strategy. */
    MISSING,
    /** The flag is set up in a way that no write of ours could put right. */
    UNFIT,
    /** A person has to approve it there. */
    ASKS,
    /** The address is gone for good, says whoever answers there. */
    GONE
  }

  public static Trouble of(Kind kind, String sentence) {
    return new Trouble(kind, sentence, Optional.empty());
  }
}
