package dev.sluice.gates.look;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  /** Three significant digits, no exponent for everyday sizes. */
  static String plain(double value) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "unbounded" : "unbounded below";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e9)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int digits =
        size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  static String percent(double share) {
    return plain(share * 100) + " %";
  }
}
