package dev.sluice.service.http.facade;

import dev.sluice.service.http.Call;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a verdict is asked for, and when it may be told. We know the verdict of now; it is told for
 * instants that are no older than Prometheus lets a sample be, and never for others, because what
 * is open now was not open then.
 */
final class Grid {
  private static final Duration LOOKBACK = Duration.ofMinutes(5);

  /** What seconds with twelve digits reach; beyond it arithmetic with milliseconds ends. */
  private static final Instant LATEST = Instant.ofEpochSecond(999_999_999_999L);

  private static final Instant EARLIEST = Instant.ofEpochSecond(-999_999_999_999L);
  private static final long MOST_POINTS = 11_000;
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|w|y)");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,12})?");

  private Grid() {}

  /** The instant of the one sample; empty where now says nothing of it. */
  static Optional<Instant> instant(Function<String, Optional<String>> parameters, Instant now) {
    Instant at = parameters.apply("time").map(text -> time("time", text)).orElse(now);
    return near(at, now) ? Optional.of(at) : Optional.empty();
  }

  private static boolean near(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(LOOKBACK) <= 0;
  }

  /** The last point of a range that is not later than now; empty where now says nothing of it. */
  static Optional<Instant> last(Function<String, Optional<String>> parameters, Instant now) {
    Instant start = time("start", needed(parameters, "start"));
    Instant end = time("end", needed(parameters, "end"));
    Duration step = step(needed(parameters, "step"));
    if (end.isBefore(start)) {
      throw Call.bad("'end' is before 'start'.");
    }
    long points = Duration.between(start, end).dividedBy(step);
    if (points > MOST_POINTS) {
      throw Call.bad("A range may have " + MOST_POINTS + " points: take a larger step.");
    }
    Instant until = end.isAfter(now) ? now : end;
    if (until.isBefore(start)) {
      return near(start, now) ? Optional.of(start) : Optional.empty();
    }
    long whole = Duration.between(start, until).dividedBy(step);
    Instant at = start.plus(step.multipliedBy(whole));
    return near(at, now) || near(until, now) ? Optional.of(at) : Optional.empty();
  }

  private static String needed(Function<String, Optional<String>> parameters, String name) {
    return parameters.apply(name).orElseThrow(() -> Call.bad("'" + name + "' is missing."));
  }

  private static Instant time(String name, String text) {
    try {
      if (NUMBER.matcher(text).matches()) {
        return Instant.ofEpochMilli(new BigDecimal(text).movePointRight(3).longValue());
      }
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
        throw new DateTimeException("out of reach");
      }
      return instant;
    } catch (DateTimeException e) {
      throw Call.bad("'" + name + "' must be seconds since 1970 or an instant of RFC 3339.");
    }
  }

  private static Duration step(String text) {
    Matcher parts = DURATION.matcher(text);
    Duration step = Duration.ZERO;
    if (NUMBER.matcher(text).matches()) {
      step = Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
    } else if (parts.matches()) {
      step = Duration.ofMillis(unit(parts.group(2))).multipliedBy(Long.parseLong(parts.group(1)));
    }
    if (step.isZero() || step.isNegative()) {
      throw Call.bad("'step' must be a duration above 0, like 60 or 1m.");
    }
    return step;
  }

  private static long unit(String word) {
    return switch (word) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 7 * 86_400_000L;
      default -> 365 * 86_400_000L;
    };
  }
}
