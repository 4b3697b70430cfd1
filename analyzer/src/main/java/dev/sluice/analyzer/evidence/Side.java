package dev.sluice.analyzer.evidence;

/** Which one-sided question is asked: of a rise or of a fall of the canary. */
public enum Side {
  /** Harm is a rise. */
  RISE(+1),
  /** Harm is a fall. */
  FALL(-1);

  private final int sign;

  Side(int sign) {
    this.sign = sign;
  }

  /** +1 where a rise is harm, -1 where a fall is. */
  public int sign() {
    return sign;
  }
}
