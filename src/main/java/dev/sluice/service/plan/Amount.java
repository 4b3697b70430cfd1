package dev.sluice.service.plan;

import dev.sluice.service.plan.yaml.Field;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, as it is written: "0.1pp", "50ms", "2%", "3".
 *
 * @param unit empty where none is written
 */
record Amount(BigDecimal number, String unit) {
  private static final Pattern WRITTEN =
      Pattern.compile("(-?[0-9]{1,12}(?:\\.[0-9]{1,12})?)(%|pp|ms|s|us)?");

  /** A bare number, or text with a unit; empty where it is neither. */
  static Optional<Amount> of(Field field) {
    OptionalDouble number = field.number();
    return number.isPresent()
        ? Optional.of(new Amount(BigDecimal.valueOf(number.getAsDouble()).stripTrailingZeros(), ""))
        : field.text().flatMap(Amount::parse);
  }

  private static Optional<Amount> parse(String written) {
    Matcher matcher = WRITTEN.matcher(written);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2);
    return Optional.of(new Amount(new BigDecimal(matcher.group(1)), unit == null ? "" : unit));
  }

  boolean bare() {
    return unit.isEmpty();
  }

  /** Whether it is an amount of time. */
  boolean time() {
    return switch (unit) {
      case "s", "ms", "us" -> true;
      default -> false;
    };
  }

  double value() {
    return number.doubleValue();
  }

  /** Percent or percentage points as a share: 2% is 0.02. Exact, as decimal numbers are. */
  double share() {
    return number.movePointLeft(2).doubleValue();
  }

  double seconds() {
    return switch (unit) {
      case "ms" -> number.movePointLeft(3).doubleValue();
      case "us" -> number.movePointLeft(6).doubleValue();
      default -> number.doubleValue();
    };
  }

  double milliseconds() {
    return switch (unit) {
      case "s" -> number.movePointRight(3).doubleValue();
      case "us" -> number.movePointLeft(3).doubleValue();
      default -> number.doubleValue();
    };
  }
}
