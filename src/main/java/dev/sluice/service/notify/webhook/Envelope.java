package dev.sluice.service.notify.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.config.WebhookForm;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.template.EventValues;
import dev.sluice.service.template.Template;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a request of a message: the event as it is, or what the configured form makes of it; signed
 * in either case.
 */
public final class Envelope {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CLOUD_EVENT = "application/cloudevents+json; charset=utf-8";

  private final String name;
  private final Endpoint.Webhook endpoint;
  private final Signature signature;
  private final String userAgent;

  /**
   * @param name in the server configuration
   * @param version of this service, for the user agent
   * @throws IllegalArgumentException if a secret cannot be read
   */
  public Envelope(String name, Endpoint.Webhook endpoint, String version) {
    this.name = name;
    this.endpoint = endpoint;
    this.userAgent = "sluice/" + version;
    this.signature = Signature.with(name, endpoint.secrets());
  }

  /** What came of it. */
  public sealed interface Sealed {
    record Ok(Letter letter) implements Sealed {}

    /**
     * @param sentence what is wrong and where
     */
    record Failed(String sentence) implements Sealed {}
  }

  /** Nothing is filled in where it cannot be: half a message is none. */
  public Sealed seal(Message message, Instant now) {
    Optional<WebhookForm> form = endpoint.form();
    return form.isEmpty()
        ? new Sealed.Ok(
            letter(
                "POST", endpoint.url(), CLOUD_EVENT, message.id(), message.body(), now, List.of()))
        : formed(form.get(), message, now);
  }

  private Sealed formed(WebhookForm form, Message message, Instant now) {
    List<String> used = new ArrayList<>();
    Function<String, Optional<String>> references =
        reference -> form.references().apply(reference).map(value -> noted(used, value));
    try {
      JsonNode values = EventValues.of(JSON.readTree(message.body()));
      String body = filled("body", form.body(), values, references);
      URI address =
          form.address().isEmpty()
              ? endpoint.url()
              : URI.create(filled("url", form.address().get(), values, references));
      return new Sealed.Ok(
          letter(form.method().name(), address, form.contentType(), message.id(), body, now, used));
    } catch (JsonProcessingException e) {
      return new Sealed.Failed("Message " + message.id() + " to " + name + " is no event.");
    } catch (IllegalArgumentException e) {
      return new Sealed.Failed(String.valueOf(e.getMessage()));
    }
  }

  private static String noted(List<String> used, String value) {
    used.add(value);
    return value;
  }

  private String filled(
      String field,
      Template template,
      JsonNode values,
      Function<String, Optional<String>> references) {
    return switch (template.fill(values, references)) {
      case Template.Filled.Ok ok -> ok.text();
      case Template.Filled.Failed failed ->
          throw new IllegalArgumentException(
              "The template in '%s' of %s cannot be filled in: %s (%s); %s."
                  .formatted(
                      field,
                      name,
                      failed.slip().what(),
                      failed.slip().spot(),
                      failed.slip().hint()));
    };
  }

  /** The configured headers first: ours cannot be replaced by them. */
  private Letter letter(
      String method,
      URI address,
      String contentType,
      String id,
      String body,
      Instant now,
      List<String> used) {
    long timestamp = now.getEpochSecond();
    Map<String, String> headers = new LinkedHashMap<>();
    endpoint
        .headers()
        .forEach((header, value) -> headers.put(header.toLowerCase(Locale.ROOT), value.value()));
    headers.put("content-type", contentType);
    headers.put("user-agent", userAgent);
    headers.put("idempotency-key", id);
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(timestamp));
    if (signature.present()) {
      headers.put("webhook-signature", signature.of(id, timestamp, body));
    }
    return new Letter(method, address, headers, body, hidden(used));
  }

  private List<String> hidden(List<String> used) {
    List<String> hidden = new ArrayList<>(used);
    endpoint.secrets().stream().map(Secret::value).forEach(hidden::add);
    endpoint.headers().values().stream().map(Secret::value).forEach(hidden::add);
    return hidden;
  }
}
