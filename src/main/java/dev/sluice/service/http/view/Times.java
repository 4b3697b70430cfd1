package dev.sluice.service.http.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants and durations as people say them. Instants are always in UTC, and say so. */
public final class Times {
  private static final DateTimeFormatter CLOCK = format("HH:mm");
  private static final DateTimeFormatter DAY = format("d MMM HH:mm");
  private static final DateTimeFormatter FULL = format("d MMM yyyy HH:mm:ss");
  private static final long[] SIZES = {86_400, 3_600, 60, 1};
  private static final String[] UNITS = {"d", "h", "min", "s"};

  private Times() {}

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** "14:20 UTC", with the day where it is not the day of {@code beside}. */
  public static String clock(Instant instant, Instant beside) {
    boolean sameDay = day(instant) == day(beside);
    return (sameDay ? CLOCK : DAY).format(instant) + " UTC";
  }

  private static long day(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), SIZES[0]);
  }

  /** "2 Mar 2026 10:00:05 UTC". */
  public static String full(Instant instant) {
    return FULL.format(instant) + " UTC";
  }

  /** "2 d 3 h", "45 min", "10 s": at most two neighbouring units. */
  public static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    for (int i = 0; i < SIZES.length - 1; i++) {
      if (seconds >= SIZES[i]) {
        long rest = seconds % SIZES[i] / SIZES[i + 1];
        String first = seconds / SIZES[i] + " " + UNITS[i];
        return rest == 0 ? first : first + " " + rest + " " + UNITS[i + 1];
      }
    }
    return seconds + " s";
  }

  public static String words(double seconds) {
    return words(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  /** "in 2 h 48 min", "3 min ago", "now". */
  public static String relative(Instant instant, Instant now) {
    Duration ahead = Duration.between(now, instant);
    if (ahead.abs().toSeconds() == 0) {
      return "now";
    }
    return ahead.isNegative() ? words(ahead.negated()) + " ago" : "in " + words(ahead);
  }
}
