package dev.sluice.service.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What plans may name, without the addresses and secrets behind it.
 *
 * @param granularities what exposures a flag system can be told; any, where it is not said
 */
public record ConfiguredNames(
    Set<String> prometheus,
    Set<String> flags,
    Set<String> sinks,
    Map<String, Granularity> granularities) {
  public ConfiguredNames {
    prometheus = Set.copyOf(prometheus);
    flags = Set.copyOf(flags);
    sinks = Set.copyOf(sinks);
    granularities = Map.copyOf(granularities);
  }

  public ConfiguredNames(Set<String> prometheus, Set<String> flags, Set<String> sinks) {
    this(prometheus, flags, sinks, Map.of());
  }

  public static ConfiguredNames of(ServerConfig config) {
    Map<String, Granularity> granularities = new HashMap<>();
    config.flags().forEach((name, flag) -> granularities.put(name, flag.granularity()));
    return new ConfiguredNames(
        config.prometheus().keySet(),
        config.flags().keySet(),
        config.sinks().keySet(),
        granularities);
  }

  Granularity granularity(String flagSystem) {
    return granularities.getOrDefault(flagSystem, Granularity.ANY);
  }
}
