package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A flag system, as it is configured. Some are only told ({@link ServerConfig.Endpoint.Webhook}):
 * what they answer is all that is known of them. The others are read as well, so that what they
 * stand at is known and not believed.
 */
public sealed interface FlagEndpoint
    permits FlagdEndpoint,
        LaunchDarklyEndpoint,
        NginxEndpoint,
        ServerConfig.Endpoint.Webhook,
        FlagEndpoint.Unleash {
  /** How long one request may take. */
  Duration timeout();

  /** What exposures it can be told. */
  Granularity granularity();

  /**
   * Unleash, by its admin API.
   *
   * @param url of the server, without /api
   * @param token of an admin or a service account
   * @param project for plans that name none
   * @param environment for plans that name none; absent: plans must name one
   * @param createStrategy whether a strategy that the plan owns and that is not there is made
   * @param stickiness of a strategy that is made
   */
  record Unleash(
      URI url,
      Secret token,
      Tls tls,
      String project,
      Optional<String> environment,
      boolean createStrategy,
      String stickiness,
      Duration timeout)
      implements FlagEndpoint {
    @Override
    public Granularity granularity() {
      return Granularity.WHOLE_PERCENT;
    }
  }
}
