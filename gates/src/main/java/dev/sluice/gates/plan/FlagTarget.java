package dev.sluice.gates.plan;

import java.util.Optional;

/**
 * The flag that moves the users.
 *
 * @param target name of a flag system in the server configuration
 * @param key the flag
 * @param owned strategy, rule or variation that this plan owns; nothing else in the flag is touched
 */
public record FlagTarget(
    String target,
    String key,
    Optional<String> environment,
    Optional<String> project,
    Optional<String> owned,
    OnDrift onDrift) {

  /** What to do when somebody else changed the flag. */
  public enum OnDrift {
    HOLD,
    ADOPT,
    RESTORE
  }
}
