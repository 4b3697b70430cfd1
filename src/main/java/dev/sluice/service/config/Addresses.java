package dev.sluice.service.config;

import dev.sluice.service.plan.yaml.Field;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Web addresses. A message shows what stands in the file, and nothing that might be a secret. */
final class Addresses {
  private Addresses() {}

  /**
   * An absolute http or https address without credentials, without a slash at its end; empty, and a
   * problem, where it is none.
   */
  static Optional<URI> read(Field field, References references) {
    return references.resolve(field).flatMap(text -> web(field, text));
  }

  private static Optional<URI> web(Field field, String text) {
    Optional<URI> uri = parse(stripSlashes(text.strip()));
    boolean web = uri.filter(u -> isWeb(u.getScheme()) && u.getHost() != null).isPresent();
    if (!web) {
      field.problem(
          shown(field) + " is no http or https address", "like https://host.example:9090");
      return Optional.empty();
    }
    if (uri.get().getRawUserInfo() != null) {
      field.problem(
          "the address holds a user or a password", "put credentials in their own fields");
      return Optional.empty();
    }
    if (uri.get().getRawFragment() != null) {
      field.problem("the address has a part behind '#'", "take it out");
      return Optional.empty();
    }
    return uri;
  }

  private static boolean isWeb(String scheme) {
    return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
  }

  private static String shown(Field field) {
    String raw = field.text().orElse("");
    return raw.contains("@") || raw.length() > 100 ? "this" : "'" + raw + "'";
  }

  private static String stripSlashes(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }

  static Optional<URI> parse(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
