package dev.sluice.gates.look;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What somebody pushes instead of being asked: the result of a comparison of data, say.
 *
 * @param source who pushes, as the plan's metrics name it
 * @param sequence grows with every observation of the source; one that is not higher than the
 *     latest is a repetition and changes nothing
 * @param at when it was true
 * @param validFor how long afterwards it may still be taken for the present; more than zero
 * @param values by field, finite
 */
public record Observation(
    String source, long sequence, Instant at, Duration validFor, Map<String, Double> values) {
  public Observation {
    values = Map.copyOf(values);
  }

  /** Whether it can still be taken for the present at this instant. */
  boolean holdsAt(Instant instant) {
    return !instant.isAfter(at.plus(validFor));
  }
}
