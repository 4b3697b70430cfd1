package dev.sluice.gates.look;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Numbers() {}

  /**
   * Three significant digits and none that say nothing; whole numbers from a hundred up; no
   * exponent for everyday sizes.
   */
  static String plain(double value) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "unbounded" : "unbounded below";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-6 || size >= 1e9)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    return size >= 100
        ? whole(value)
        : new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
  }

  static String percent(double share) {
    return plain(share * 100) + " %";
  }

  /** How many: "12,345". */
  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
