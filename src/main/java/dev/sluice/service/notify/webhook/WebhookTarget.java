package dev.sluice.service.notify.webhook;

import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Answers;
import dev.sluice.service.notify.post.Post;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A flag system or a sink that takes signed CloudEvents. */
public final class WebhookTarget implements Target {
  private final String name;
  private final Endpoint.Webhook endpoint;
  private final Post post;
  private final Signature signature;
  private final InstantSource clock;
  private final String userAgent;

  /**
   * @param name in the server configuration
   * @param version of this service, for the user agent
   * @throws IllegalArgumentException if a secret cannot be read
   */
  public WebhookTarget(
      Caller caller, InstantSource clock, String name, Endpoint.Webhook endpoint, String version) {
    this.name = name;
    this.endpoint = endpoint;
    this.clock = clock;
    this.userAgent = "sluice/" + version;
    this.signature = Signature.with(name, endpoint.secrets());
    this.post = new Post(caller, clock, name, endpoint.url(), endpoint.timeout(), hidden(endpoint));
  }

  private static List<String> hidden(Endpoint.Webhook endpoint) {
    return Stream.concat(endpoint.secrets().stream(), endpoint.headers().values().stream())
        .map(Secret::value)
        .toList();
  }

  @Override
  public Future<Result> deliver(Message message) {
    return post.send(headers(message), message.body()).map(out -> Answers.result(name, out));
  }

  /** The configured ones first: ours cannot be replaced by them. */
  private Map<String, String> headers(Message message) {
    long timestamp = clock.instant().getEpochSecond();
    Map<String, String> headers = new LinkedHashMap<>();
    endpoint.headers().forEach((header, value) -> headers.put(lower(header), value.value()));
    headers.put("content-type", "application/cloudevents+json; charset=utf-8");
    headers.put("user-agent", userAgent);
    headers.put("idempotency-key", message.id());
    headers.put("webhook-id", message.id());
    headers.put("webhook-timestamp", Long.toString(timestamp));
    if (signature.present()) {
      headers.put("webhook-signature", signature.of(message.id(), timestamp, message.body()));
    }
    return headers;
  }

  private static String lower(String header) {
    return header.toLowerCase(java.util.Locale.ROOT);
  }
}
