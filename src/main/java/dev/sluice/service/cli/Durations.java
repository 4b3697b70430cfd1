package dev.sluice.service.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** "90s", "10m", "3h", "2d": durations as plans write them. */
final class Durations implements ITypeConverter<Duration> {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h|d)");

  @Override
  public Duration convert(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration like 90s, 10m, 3h or 2d");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
