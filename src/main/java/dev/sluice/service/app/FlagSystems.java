package dev.sluice.service.app;

import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.FlagSystemTarget;
import dev.sluice.service.flags.unleash.UnleashFlagSystem;
import dev.sluice.service.outbox.Target;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flag systems of the configuration that can be read, by name. */
public final class FlagSystems {
  private FlagSystems() {}

  /** Those that are only told are left out. */
  public static Map<String, FlagSystem> from(
      Vertx vertx, ServerConfig config, InstantSource clock, String version) {
    Map<String, FlagSystem> systems = new LinkedHashMap<>();
    config
        .flags()
        .forEach(
            (name, endpoint) -> {
              switch (endpoint) {
                case Endpoint.Webhook e -> {}
                case FlagEndpoint.Unleash e ->
                    systems.put(name, new UnleashFlagSystem(vertx, name, e, clock, version));
              }
            });
    return systems;
  }

  /** As what the outbox delivers to. */
  static Map<String, Target> targets(Map<String, FlagSystem> systems) {
    Map<String, Target> targets = new LinkedHashMap<>();
    systems.forEach((name, system) -> targets.put(name, new FlagSystemTarget(name, system)));
    return targets;
  }
}
