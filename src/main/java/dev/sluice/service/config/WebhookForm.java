package dev.sluice.service.config;

import dev.sluice.service.template.Escaping;
import dev.sluice.service.template.Template;
import java.util.Optional;
import java.util.function.Function;

/**
 * A message in the words of its receiver.
 *
 * @param address the whole address, where parts of it depend on the message
 * @param references what stands for "env:NAME" or "file:/path" at the moment of sending, so that a
 *     secret that is changed in its file needs no restart
 */
public record WebhookForm(
    Method method,
    String contentType,
    Template body,
    Optional<Template> address,
    Function<String, Optional<String>> references) {

  /** What such an API is called with. */
  public enum Method {
    POST,
    PUT,
    PATCH
  }

  /** How values are put into a body of this type. */
  static Escaping escaping(String contentType) {
    if (json(contentType)) {
      return Escaping.JSON;
    }
    return contentType.startsWith("application/x-www-form-urlencoded")
        ? Escaping.URL
        : Escaping.NONE;
  }

  static boolean json(String contentType) {
    String type = contentType.split(";", 2)[0].strip();
    return type.equals("application/json") || type.endsWith("+json");
  }
}
