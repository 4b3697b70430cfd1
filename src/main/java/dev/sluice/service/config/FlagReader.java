package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.template.SampleEvents;
import java.time.Duration;
import java.util.Optional;

/** Reads flag systems. */
final class FlagReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final EndpointReader endpoints;
  private final OwnFlagReader own;
  private final LaunchDarklyReader launchDarkly;

  FlagReader(EndpointReader endpoints, References references) {
    this.endpoints = endpoints;
    own = new OwnFlagReader(references);
    launchDarkly = new LaunchDarklyReader(references);
  }

  /** An unknown type is the schema's to tell. */
  Optional<FlagEndpoint> read(Field field) {
    Duration timeout = field.at("timeout").duration("1s", "1m").orElse(TIMEOUT);
    return switch (field.at("type").text().orElse("")) {
      case "webhook" -> endpoints.webhook(field, timeout, SampleEvents.COMMAND).map(w -> w);
      case "flagd" -> Optional.of(own.flagd(field, timeout));
      case "nginx" -> own.nginx(field, timeout).map(n -> n);
      case "launchdarkly" -> launchDarkly.read(field, timeout).map(l -> l);
      default -> Optional.empty();
    };
  }
}
