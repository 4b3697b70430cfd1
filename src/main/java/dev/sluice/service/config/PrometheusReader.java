package dev.sluice.service.config;

import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.config.ServerConfig.Prometheus;
import dev.sluice.service.config.ServerConfig.Tls;
import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one metrics system. */
final class PrometheusReader {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(KiB|MiB|GiB)?");
  private static final long KIB = 1024;
  private static final long LEAST_BYTES = 64 * KIB;
  private static final long MOST_BYTES = KIB * KIB * KIB;

  private final References references;
  private final Headers headers;

  PrometheusReader(References references) {
    this.references = references;
    headers = new Headers(references);
  }

  Optional<Prometheus> read(Field field) {
    Optional<URI> url = Addresses.read(field.at("url"), references);
    url.filter(u -> u.getPath().endsWith("/api/v1"))
        .ifPresent(
            u ->
                field
                    .at("url")
                    .problem("the address ends with /api/v1", "leave it out; Sluice adds it"));
    Credentials credentials = credentials(field);
    Map<String, Secret> sent = headers.read(field.at("headers"));
    authorization(field, credentials, sent);
    Tls tls = Certificates.tls(field.at("tls"), url, references);
    Duration deadline = field.at("deadline").duration("1s", "5m").orElse(Duration.ofSeconds(10));
    long bytes = size(field.at("maxBytes"));
    Duration scrape =
        field.at("scrapeInterval").duration("1s", "10m").orElse(Duration.ofSeconds(15));
    return url.map(
        u ->
            new Prometheus(
                u,
                credentials,
                sent,
                tls,
                deadline,
                (int) field.at("concurrency").whole().orElse(8),
                bytes,
                (int) field.at("maxSeries").whole().orElse(2000),
                scrape));
  }

  private Credentials credentials(Field field) {
    Field bearer = field.at("bearer");
    Field basic = field.at("basic");
    if (bearer.given() && basic.given()) {
      basic.problemOfKey("'bearer' and 'basic' are both given", "take one of them out");
    }
    Optional<Secret> token = references.secret(bearer);
    Optional<String> user = references.resolve(basic.at("user"));
    Optional<Secret> password = references.secret(basic.at("password"));
    if (token.isPresent()) {
      return new Credentials.Bearer(token.get());
    }
    return user.isPresent() && password.isPresent()
        ? new Credentials.Basic(user.get(), password.get())
        : new Credentials.None();
  }

  private static void authorization(
      Field field, Credentials credentials, Map<String, Secret> sent) {
    boolean header = sent.keySet().stream().anyMatch("authorization"::equalsIgnoreCase);
    if (header && !(credentials instanceof Credentials.None)) {
      field
          .at("headers")
          .problemOfKey(
              "the header Authorization is set by bearer or basic already", "take one of them out");
    }
  }

  private static long size(Field field) {
    Optional<String> written = field.written();
    if (written.isEmpty()) {
      return 16 * KIB * KIB;
    }
    Matcher size = SIZE.matcher(written.get());
    long bytes = size.matches() ? Long.parseLong(size.group(1)) * unit(size.group(2)) : 0;
    if (size.matches() && (bytes < LEAST_BYTES || bytes > MOST_BYTES)) {
      field.problem("'maxBytes' is " + written.get(), "it must lie between 64KiB and 1GiB");
    }
    return bytes;
  }

  private static long unit(@org.jspecify.annotations.Nullable String unit) {
    return switch (unit) {
      case "KiB" -> KIB;
      case "MiB" -> KIB * KIB;
      case "GiB" -> KIB * KIB * KIB;
      case null, default -> 1;
    };
  }
}
