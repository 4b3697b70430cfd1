package dev.sluice.service.config;

import java.time.Duration;

/**
 * A flag system, as it is configured. Some are only told ({@link ServerConfig.Endpoint.Webhook}):
 * what they answer is all that is known of them. The others are read as well, so that what they
 * stand at is known and not believed.
 */
public sealed interface FlagEndpoint
    permits FlagdEndpoint, LaunchDarklyEndpoint, NginxEndpoint, ServerConfig.Endpoint.Webhook {
  /** How long one request may take. */
  Duration timeout();

  /** What exposures it can be told. */
  Granularity granularity();
}
