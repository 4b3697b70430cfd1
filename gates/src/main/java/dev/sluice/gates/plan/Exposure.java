package dev.sluice.gates.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Share of the users (or of the mirrored traffic) that the canary gets.
 *
 * @param percent 0 to 100
 */
public record Exposure(double percent) implements Comparable<Exposure> {
  public static final Exposure NONE = new Exposure(0);
  public static final Exposure ALL = new Exposure(100);

  private static final int SHOWN_DIGITS = 4;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Exposure {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("exposure must be 0 to 100 percent, was " + percent);
    }
    // Minus zero is nobody as well, and would compare as less than zero.
    percent += 0.0;
  }

  /** As a share, 0 to 1. */
  public double share() {
    return percent / 100;
  }

  @Override
  public int compareTo(Exposure other) {
    return Double.compare(percent, other.percent);
  }

  /** "10 %", "0.5 %": without digits that say nothing. */
  @Override
  public String toString() {
    BigDecimal exact = BigDecimal.valueOf(percent);
    BigDecimal rounded = exact.setScale(SHOWN_DIGITS, RoundingMode.HALF_UP);
    BigDecimal shown = rounded.signum() == 0 || rounded.compareTo(HUNDRED) == 0 ? exact : rounded;
    return shown.signum() == 0 ? "0 %" : shown.stripTrailingZeros().toPlainString() + " %";
  }
}
