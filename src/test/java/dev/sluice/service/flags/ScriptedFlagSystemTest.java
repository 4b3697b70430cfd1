package dev.sluice.service.flags;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.Granularity;
import java.util.Optional;

class ScriptedFlagSystemTest extends FlagSystemContract {
  private final ScriptedFlagSystem system = new ScriptedFlagSystem(Granularity.WHOLE_PERCENT);

  @Override
  protected FlagSystem system() {
    return system;
  }

  private static Flag flag(String key) {
    return new Flag(key, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  protected Flag freshFlag() {
    system.with("checkout-v2", Exposure.NONE);
    return flag("checkout-v2");
  }

  @Override
  protected Flag missingFlag() {
    return flag("nowhere");
  }

  @Override
  protected void somebodyElseSets(Flag flag, Exposure exposure) {
    system.with(flag.key(), exposure);
  }

  @Override
  protected void reachable(boolean yes) {
    if (yes) {
      system.back();
    } else {
      system.away(Trouble.of(Trouble.Kind.UNAVAILABLE, "It is away."));
    }
  }
}
