package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.time.Duration;
import java.util.Optional;

/** Reads flag systems. */
final class FlagReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final EndpointReader endpoints;

  FlagReader(EndpointReader endpoints) {
    this.endpoints = endpoints;
  }

  /** An unknown type is the schema's to tell. */
  Optional<FlagEndpoint> read(Field field) {
    Duration timeout = field.at("timeout").duration("1s", "1m").orElse(TIMEOUT);
    return switch (field.at("type").text().orElse("")) {
      case "webhook" -> endpoints.webhook(field, timeout).map(w -> w);
      default -> Optional.empty();
    };
  }
}
