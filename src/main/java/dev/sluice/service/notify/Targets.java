package dev.sluice.service.notify;

import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.FlagdEndpoint;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.config.NginxEndpoint;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.slack.SlackTarget;
import dev.sluice.service.notify.webhook.WebhookTarget;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A target for every sink of the server configuration, and for every flag system that is only told.
 */
public final class Targets {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** To one host; the relay has fewer under way to one target. */
  private static final int CONNECTIONS = 32;

  private static final int WAITING = 200;

  private final Caller caller;
  private final InstantSource clock;
  private final String version;
  private final Set<String> flags;
  private final Map<String, Target> all = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Targets(Caller caller, InstantSource clock, String version, Set<String> flags) {
    this.flags = flags;
    this.caller = caller;
    this.clock = clock;
    this.version = version;
  }

  /**
   * @param version of this service, for the user agent
   * @throws IllegalArgumentException with every problem: a name that means a flag system and a
   *     sink, an address or a secret that cannot be read
   */
  public static Map<String, Target> from(
      Vertx vertx, ServerConfig config, InstantSource clock, String version) {
    Targets targets = new Targets(caller(vertx), clock, version, config.flags().keySet());
    config.flags().forEach(targets::addFlagSystem);
    config.sinks().forEach(targets::addSink);
    if (!targets.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", targets.problems));
    }
    return Map.copyOf(targets.all);
  }

  private static Caller caller(Vertx vertx) {
    return new Caller(
        vertx,
        new WebClientOptions()
            .setConnectTimeout((int) CONNECT.toMillis())
            .setKeepAliveTimeout((int) IDLE.toSeconds()),
        new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /** Those that are only told; the others are no business of this package. */
  private void addFlagSystem(String name, FlagEndpoint endpoint) {
    switch (endpoint) {
      case Endpoint.Webhook e -> add(name, e);
      case FlagdEndpoint e -> {}
      case LaunchDarklyEndpoint e -> {}
      case NginxEndpoint e -> {}
      case FlagEndpoint.Unleash e -> {}
    }
  }

  private void addSink(String name, Endpoint endpoint) {
    if (flags.contains(name)) {
      problems.add(
          "sinks.%s: a flag system has this name already. Give one of them another name."
              .formatted(name));
    } else {
      add(name, endpoint);
    }
  }

  private void add(String name, Endpoint endpoint) {
    try {
      all.put(
          name,
          switch (endpoint) {
            case Endpoint.Webhook e -> new WebhookTarget(caller, clock, name, e, version);
            case Endpoint.Slack e -> new SlackTarget(caller, clock, name, e, version);
          });
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }
}
