package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.plan.yaml.Field;
import dev.sluice.service.template.SampleEvents;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads sinks, and what flag systems have in common with them. */
final class EndpointReader {
  private static final String PREFIX = "whsec_";
  private static final int SHORTEST_KEY = 24;
  private static final int LONGEST_KEY = 64;
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final References references;
  private final Headers headers;
  private final FormReader forms;

  EndpointReader(References references) {
    this.references = references;
    headers = new Headers(references);
    forms = new FormReader(references);
  }

  Optional<Endpoint> read(Field field) {
    Duration timeout = field.at("timeout").duration("1s", "1m").orElse(TIMEOUT);
    return switch (field.at("type").text().orElse("")) {
      case "webhook" -> webhook(field, timeout, SampleEvents.NEWS).map(w -> w);
      case "slack" -> slack(field.at("url"), timeout);
      default -> Optional.empty();
    };
  }

  /**
   * @param events what a template for its body has to do with
   */
  Optional<Endpoint.Webhook> webhook(Field field, Duration timeout, SampleEvents events) {
    Optional<WebhookForm> form = forms.read(field, events);
    Optional<URI> url = forms.address(field.at("url"), form.isPresent());
    List<Secret> secrets =
        field.at("secrets").items().stream().flatMap(item -> key(item).stream()).toList();
    Map<String, Secret> sent = headers.read(field.at("headers"));
    return url.map(u -> new Endpoint.Webhook(u, secrets, sent, timeout, form));
  }

  private Optional<Secret> key(Field field) {
    Optional<Secret> secret = references.secret(field);
    if (secret.filter(s -> !isKey(s.value())).isPresent()) {
      field.problem(
          "this is no webhook secret: it must be whsec_ and base64 of 24 to 64 bytes",
          "make one with: echo \"whsec_$(openssl rand -base64 32)\"");
      return Optional.empty();
    }
    return secret;
  }

  private static boolean isKey(String value) {
    if (!value.startsWith(PREFIX)) {
      return false;
    }
    try {
      int bytes = Base64.getDecoder().decode(value.substring(PREFIX.length())).length;
      return bytes >= SHORTEST_KEY && bytes <= LONGEST_KEY;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The address of a Slack webhook is its secret: it is never shown. */
  private Optional<Endpoint> slack(Field field, Duration timeout) {
    Optional<String> text = references.resolve(field);
    Optional<URI> url =
        text.flatMap(Addresses::parse)
            .filter(u -> u.getHost() != null)
            .filter(u -> "https".equals(u.getScheme()) || "http".equals(u.getScheme()));
    if (text.isPresent() && url.isEmpty()) {
      field.problem(
          "this is not the address of a Slack webhook",
          "like https://hooks.slack.com/services/...");
    }
    return url.map(u -> new Endpoint.Slack(new Secret(u.toString()), timeout));
  }
}
