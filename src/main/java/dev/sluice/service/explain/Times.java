package dev.sluice.service.explain;

import java.time.Duration;

/** Durations as plans write them: "30s", "1h30m", "3d". */
final class Times {
  private static final long HOURS_OF_DAYS = 48;

  private Times() {}

  static String words(Duration d) {
    if (d.isZero()) {
      return "0s";
    }
    long hours = d.toHours();
    long days = hours >= HOURS_OF_DAYS && hours % 24 == 0 ? d.toDays() : 0;
    Duration rest = d.minusDays(days);
    return part(days, "d")
        + part(rest.toHours(), "h")
        + part(rest.toMinutesPart(), "m")
        + part(rest.toSecondsPart(), "s")
        + part(rest.toMillisPart(), "ms");
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
