package dev.sluice.service.http.view;

import dev.sluice.gates.look.Assessment;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * As much of one look as a line through many of them needs.
 *
 * @param at end of its window
 * @param points by the check's id
 */
public record Glimpse(long look, Instant at, Map<String, Point> points) {

  /** Of one check; what was not known is absent. */
  public record Point(
      String verdict,
      OptionalDouble estimate,
      OptionalDouble intervalLow,
      OptionalDouble intervalHigh,
      OptionalDouble canary,
      OptionalDouble baseline) {}

  public static Glimpse of(long look, Assessment assessment) {
    Map<String, Point> points = new LinkedHashMap<>();
    assessment.checks().forEach(c -> points.put(c.id(), Checks.point(c)));
    return new Glimpse(look, assessment.window().to(), points);
  }
}
