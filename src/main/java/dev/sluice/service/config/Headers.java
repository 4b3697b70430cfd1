package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads headers that go out with every request.
 *
 * @param references their values may be secret
 */
record Headers(References references) {
  /** What the HTTP client or the signature sets. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");

  Map<String, Secret> read(Field field) {
    Map<String, Secret> headers = new LinkedHashMap<>();
    field
        .entries()
        .forEach(
            (name, value) -> {
              if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                value.problemOfKey("Sluice sets the header '" + name + "' itself", "take it out");
              }
              references.secret(value).ifPresent(secret -> put(headers, name, value, secret));
            });
    return headers;
  }

  private static void put(Map<String, Secret> headers, String name, Field field, Secret secret) {
    if (secret.value().chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      field.problem(
          "the value of the header '" + name + "' holds a line break or a control character",
          "a header is one line");
    } else {
      headers.put(name, secret);
    }
  }
}
