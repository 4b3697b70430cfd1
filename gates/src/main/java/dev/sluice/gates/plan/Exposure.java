package dev.sluice.gates.plan;

/**
 * Share of the users (or of the mirrored traffic) that the canary gets.
 *
 * @param percent 0 to 100
 */
public record Exposure(double percent) implements Comparable<Exposure> {
  public static final Exposure NONE = new Exposure(0);
  public static final Exposure ALL = new Exposure(100);

  public Exposure {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("exposure must be 0 to 100 percent, was " + percent);
    }
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
    String number =
        percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    return number + " %";
  }
}
