package dev.sluice.service.http.view;

import java.util.Locale;
import java.util.OptionalDouble;

/** The numbers of a check as people read them: percent, percentage points, milliseconds. */
public final class Figures {
  private static final String UNBOUNDED = "?";
  private final CheckView check;

  public Figures(CheckView check) {
    this.check = check;
  }

  /** "+4.1 %" for a ratio, "+0.02 pp" for a difference of shares, "312 ms" for a value. */
  public String estimate() {
    return check.estimate().isPresent() ? effect(check.estimate().getAsDouble()) : "-";
  }

  /** "[-2.0 % … +10.4 %]"; an end that nothing bounds is "?". */
  public String interval() {
    if (check.estimate().isEmpty()) {
      return "";
    }
    return "[" + end(check.intervalLow()) + " … " + end(check.intervalHigh()) + "]";
  }

  /** "≤ +10 %" or "≥ -2 %": what is accepted. */
  public String accepted() {
    if (check.margin().isEmpty()) {
      return "";
    }
    String margin = effect(check.margin().getAsDouble());
    return switch (check.kind()) {
      case "max" -> "≤ " + margin;
      case "min" -> "≥ " + margin;
      default ->
          switch (check.worseWhen()) {
            case "lower" -> "≥ " + margin;
            case "higher" -> "≤ " + margin;
            default -> "± " + margin.replaceFirst("^[+-]", "");
          };
    };
  }

  /** A value of one cohort in its own unit: "0.31 %", "312 ms". */
  public String value(OptionalDouble value) {
    return value.isPresent() ? value(value.getAsDouble()) : "-";
  }

  private String end(OptionalDouble end) {
    return end.isPresent() ? effect(end.getAsDouble()) : UNBOUNDED;
  }

  private String effect(double number) {
    return switch (check.scale().orElse("value")) {
      case "ratio" -> signed((number - 1) * 100) + " %";
      case "difference" -> difference(number);
      default -> value(number);
    };
  }

  private String difference(double number) {
    return switch (check.unit()) {
      case "share" -> signed(number * 100) + " pp";
      case "seconds" -> signed(number * 1000) + " ms";
      case "milliseconds" -> signed(number) + " ms";
      default -> signed(number);
    };
  }

  private String value(double number) {
    return switch (check.unit()) {
      case "share" -> plain(number * 100) + " %";
      case "seconds" -> plain(number * 1000) + " ms";
      case "milliseconds" -> plain(number) + " ms";
      default -> plain(number);
    };
  }

  private static String signed(double number) {
    String text = plain(number);
    return text.startsWith("-") || text.equals("0") ? text : "+" + text;
  }

  /** Three significant digits without trailing zeros, and no exponent for everyday sizes. */
  static String plain(double number) {
    if (!Double.isFinite(number)) {
      return UNBOUNDED;
    }
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-3 || size >= 1e9)) {
      return String.format(Locale.ROOT, "%.1e", number);
    }
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    String text = String.format(Locale.ROOT, "%,." + digits + "f", number);
    String trimmed = digits == 0 ? text : text.replaceFirst("\\.?0+$", "");
    return trimmed.equals("-0") ? "0" : trimmed;
  }

  /** "1.2M", "56.8k", "812". */
  public static String count(OptionalDouble samples) {
    if (samples.isEmpty()) {
      return "-";
    }
    double number = samples.getAsDouble();
    if (number >= 999_950) {
      return number >= 999_950_000
          ? String.format(Locale.ROOT, "%.1fG", number / 1e9)
          : String.format(Locale.ROOT, "%.1fM", number / 1e6);
    }
    return number >= 10_000
        ? String.format(Locale.ROOT, "%.1fk", number / 1e3)
        : String.format(Locale.ROOT, "%.0f", number);
  }

  /** "10 %", "0.5 %". */
  public static String percent(double percent) {
    return plain(percent) + " %";
  }
}
