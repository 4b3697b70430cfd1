package dev.sluice.service.config;

import java.util.Set;

/** What plans may name, without the addresses and secrets behind it. */
public record ConfiguredNames(Set<String> prometheus, Set<String> flags, Set<String> sinks) {
  public ConfiguredNames {
    prometheus = Set.copyOf(prometheus);
    flags = Set.copyOf(flags);
    sinks = Set.copyOf(sinks);
  }

  public static ConfiguredNames of(ServerConfig config) {
    return new ConfiguredNames(
        config.prometheus().keySet(), config.flags().keySet(), config.sinks().keySet());
  }
}
