package dev.sluice.service.flags.launchdarkly;

import dev.sluice.service.config.LaunchDarklyEndpoint;
import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.web.JsonApi;
import dev.sluice.service.web.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A flag trigger: an address that turns one flag off and needs no token. It is independent of what
 * may have gone wrong with the API: tokens, approvals, rate limits.
 */
final class KillSwitch {
  private final LaunchDarklyEndpoint.KillTrigger trigger;
  private final Optional<String> environment;
  private final JsonApi api;

  private KillSwitch(
      LaunchDarklyEndpoint.KillTrigger trigger, Optional<String> environment, JsonApi api) {
    this.trigger = trigger;
    this.environment = environment;
    this.api = api;
  }

  static Optional<KillSwitch> of(Vertx vertx, LaunchDarklyEndpoint config, String version) {
    return config
        .killTrigger()
        .map(
            trigger ->
                new KillSwitch(
                    trigger,
                    config.environment(),
                    new JsonApi(
                        vertx,
                        URI.create(trigger.url().value()),
                        Map.of("User-Agent", "sluice/" + version),
                        new Tls(Optional.empty(), false),
                        config.timeout())));
  }

  /** Whether it turns this flag off, in this environment, and not another one. */
  boolean fits(Flag flag) {
    return flag.key().equals(trigger.flag())
        && flag.environment().filter(e -> !Optional.of(e).equals(environment)).isEmpty();
  }

  /** Empty when it was pulled; else what went wrong, to follow "the trigger". */
  Future<Optional<String>> pull() {
    return api.send(HttpMethod.POST, "", Optional.of("application/json"), "{}")
        .map(
            reply ->
                switch (reply) {
                  case Reply.None none -> Optional.of(none.what());
                  case Reply.Answered a ->
                      a.success() ? Optional.empty() : Optional.of("answered " + a.status());
                });
  }
}
