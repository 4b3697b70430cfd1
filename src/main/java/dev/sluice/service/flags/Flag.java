package dev.sluice.service.flags;

import dev.sluice.gates.plan.FlagTarget;
import java.util.Optional;

/**
 * Which flag, and what of it is ours.
 *
 * @param owned the strategy, rule or variation that the plan owns; nothing else in the flag is
 *     touched
 */
public record Flag(
    String key, Optional<String> project, Optional<String> environment, Optional<String> owned) {

  public static Flag of(FlagTarget target) {
    return new Flag(target.key(), target.project(), target.environment(), target.owned());
  }
}
