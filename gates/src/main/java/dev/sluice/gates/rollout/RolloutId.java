package dev.sluice.gates.rollout;

/**
 * Identity of one execution of a plan.
 *
 * @param value plan name, a dot-free time stamp and a random tail given by the caller; URL-safe
 */
public record RolloutId(String value) {
  public RolloutId {
    if (!value.matches("[a-zA-Z0-9][-a-zA-Z0-9_]{0,127}")) {
      throw new IllegalArgumentException("not a rollout id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
