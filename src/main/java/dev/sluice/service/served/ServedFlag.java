package dev.sluice.service.served;

import dev.sluice.gates.plan.Exposure;
import java.util.Optional;

/**
 * A flag that is served: it lets the canary be seen by this share of the users.
 *
 * @param plan whose rollout put it there
 * @param step of the plan
 * @param rollout its id
 */
public record ServedFlag(String key, Exposure exposure, String plan, String step, String rollout) {

  /** The name of what a user gets; in a flagd document, of the variant. */
  public enum Variant {
    ON,
    OFF;

    public String word() {
      return this == ON ? "on" : "off";
    }

    public boolean value() {
      return this == ON;
    }
  }

  /** Why a user gets it; the words are OpenFeature's. */
  public enum Why {
    /** Everybody gets the same. */
    STATIC,
    /** The user falls into one part of a split. */
    SPLIT,
    /** There is a split, and it is not known who asks. */
    DEFAULT
  }

  public record Answer(Variant variant, Why why) {}

  /** Nobody is on the canary. */
  boolean closed() {
    return Fraction.weight(exposure) == 0;
  }

  /** Everybody is, whoever they are. */
  boolean open() {
    return Fraction.weight(exposure) == Fraction.WHOLE;
  }

  /**
   * What this user gets.
   *
   * @param user the targeting key; absent or empty: it is not known who asks
   */
  public Answer answer(Optional<String> user) {
    if (closed() || open()) {
      return new Answer(open() ? Variant.ON : Variant.OFF, Why.STATIC);
    }
    return user.filter(u -> !u.isEmpty())
        .map(u -> Fraction.on(key, u, exposure) ? Variant.ON : Variant.OFF)
        .map(variant -> new Answer(variant, Why.SPLIT))
        .orElse(new Answer(Variant.OFF, Why.DEFAULT));
  }
}
