package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.template.SampleEvents;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads flag systems. */
final class FlagReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final References references;
  private final EndpointReader endpoints;
  private final OwnFlagReader own;
  private final LaunchDarklyReader launchDarkly;

  FlagReader(EndpointReader endpoints, References references) {
    this.references = references;
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
      case "unleash" -> unleash(field, timeout);
      default -> Optional.empty();
    };
  }

  /** Known from the type alone. */
  static Optional<Granularity> granularity(Field field) {
    return switch (field.at("type").text().orElse("")) {
      case "webhook" -> Optional.of(Granularity.ANY);
      case "unleash" -> Optional.of(Granularity.WHOLE_PERCENT);
      case "flagd" -> Optional.of(FlagdEndpoint.GRANULARITY);
      case "launchdarkly" -> Optional.of(LaunchDarklyEndpoint.GRANULARITY);
      case "nginx" -> Optional.of(NginxEndpoint.GRANULARITY);
      default -> Optional.empty();
    };
  }

  private Optional<FlagEndpoint> unleash(Field field, Duration timeout) {
    Optional<URI> url = Addresses.read(field.at("url"), references);
    url.filter(u -> u.getPath().endsWith("/api") || u.getPath().endsWith("/api/admin"))
        .ifPresent(
            u ->
                field
                    .at("url")
                    .problem(
                        "the address ends with " + u.getPath(), "leave /api out; Sluice adds it"));
    Optional<Secret> token = token(field.at("token"));
    Tls tls = Certificates.tls(field.at("tls"), url, references);
    String project = field.at("project").text().orElse("default");
    Optional<String> environment = field.at("environment").text();
    boolean create = field.at("createStrategy").flag().orElse(false);
    String stickiness = field.at("stickiness").text().orElse("default");
    return url.flatMap(
        u ->
            token.map(
                t ->
                    new FlagEndpoint.Unleash(
                        u, t, tls, project, environment, create, stickiness, timeout)));
  }

  /** What goes into a header must be one line. */
  private Optional<Secret> token(Field field) {
    Optional<Secret> token = references.secret(field);
    if (token.filter(t -> t.value().chars().anyMatch(c -> c <= ' ' || c >= 0x7f)).isPresent()) {
      field.problem(
          "the token holds a blank, a line break or a control character", "it is one word");
      return Optional.empty();
    }
    return token;
  }
}
