package dev.sluice.service.app;

import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.FlagdEndpoint;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.flags.FlagSystemTarget;
import dev.sluice.service.flags.launchdarkly.LaunchDarklyFlags;
import dev.sluice.service.flags.nginx.NginxFlags;
import dev.sluice.service.flags.served.ServedFlags;
import dev.sluice.service.flags.unleash.UnleashFlagSystem;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.served.Published;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The flag systems of the configuration that can be read, by name. */
public final class FlagSystems {
  private FlagSystems() {}

  /** Those that are only told are left out, and those that only a running server can serve. */
  public static Map<String, FlagSystem> from(
      Vertx vertx, ServerConfig config, InstantSource clock, String version) {
    return from(vertx, config, clock, version, Optional.empty());
  }

  /**
   * Those that are only told are left out.
   *
   * @param published what this process serves; absent where it serves nothing
   */
  static Map<String, FlagSystem> from(
      Vertx vertx,
      ServerConfig config,
      InstantSource clock,
      String version,
      Optional<Published> published) {
    Map<String, FlagSystem> systems = new LinkedHashMap<>();
    config
        .flags()
        .forEach(
            (name, endpoint) -> {
              switch (endpoint) {
                case Endpoint.Webhook e -> {}
                case FlagdEndpoint e ->
                    published.ifPresent(p -> systems.put(name, new ServedFlags(name, e, p)));
                case NginxEndpoint e -> systems.put(name, new NginxFlags(vertx, name, e));
                case LaunchDarklyEndpoint e ->
                    systems.put(name, new LaunchDarklyFlags(vertx, name, e, clock, version));
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
