package dev.sluice.analyzer;

/**
 * Range checks of the public records: what is refused here is a mistake of the caller, not of the
 * world.
 */
final class Require {
  private Require() {}

  static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite, was " + value);
    }
    return value;
  }

  static double count(String name, double value) {
    finite(name, value);
    if (value < 0) {
      throw new IllegalArgumentException(name + " must be at least 0, was " + value);
    }
    return value;
  }

  static double between(String name, double value, double low, double high) {
    if (!(value > low && value < high)) {
      throw new IllegalArgumentException(
          name + " must lie between " + low + " and " + high + " (exclusive), was " + value);
    }
    return value;
  }
}
