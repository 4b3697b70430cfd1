package dev.sluice.gates.plan;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;

/**
 * Days and local times at which an exposure may be raised. Lowering it never waits.
 *
 * @param from first day, inclusive; the range may wrap over the week's end
 * @param to last day, inclusive
 * @param opens inclusive
 * @param closes exclusive; before {@code opens}: the window crosses midnight and belongs to the day
 *     on which it opened
 */
public record ChangeWindow(DayOfWeek from, DayOfWeek to, LocalTime opens, LocalTime closes) {

  public boolean contains(ZonedDateTime time) {
    LocalTime clock = time.toLocalTime();
    if (opens.isBefore(closes)) {
      return onDay(time.getDayOfWeek()) && !clock.isBefore(opens) && clock.isBefore(closes);
    }
    return (onDay(time.getDayOfWeek()) && !clock.isBefore(opens))
        || (onDay(time.getDayOfWeek().minus(1)) && clock.isBefore(closes));
  }

  private boolean onDay(DayOfWeek day) {
    int span = Math.floorMod(to.getValue() - from.getValue(), 7);
    return Math.floorMod(day.getValue() - from.getValue(), 7) <= span;
  }
}
