package dev.sluice.service.notify.webhook;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A request as it goes out.
 *
 * @param headers names in lower case, in the order in which they are sent
 * @param hidden what must not be shown to anybody
 */
public record Letter(
    String method, URI address, Map<String, String> headers, String body, List<String> hidden) {
  public Letter {
    headers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(headers));
    hidden = List.copyOf(hidden);
  }

  /** A text of this letter, as it may be shown. */
  public String hide(String text) {
    String shown = text;
    for (String secret : hidden) {
      shown = secret.isEmpty() ? shown : shown.replace(secret, "(secret)");
    }
    return shown;
  }
}
