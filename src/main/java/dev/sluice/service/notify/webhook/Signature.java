package dev.sluice.service.notify.webhook;

import dev.sluice.service.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Standard Webhooks: {@code v1,base64(HMAC-SHA256(key, id.timestamp.body))}, once for each key,
 * separated by spaces. Whoever receives it needs only one of them to match, so keys can be changed
 * without a gap.
 */
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";

  private final List<SecretKeySpec> keys;

  private Signature(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * @param name of the target, for the message when a secret cannot be read
   * @param secrets "whsec_" and base64
   */
  static Signature with(String name, List<Secret> secrets) {
    return new Signature(secrets.stream().map(secret -> key(name, secret)).toList());
  }

  private static SecretKeySpec key(String name, Secret secret) {
    if (!secret.value().startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "a secret of " + name + " must be " + PREFIX + " and the key in base64");
    }
    try {
      byte[] key = Base64.getDecoder().decode(secret.value().substring(PREFIX.length()));
      return new SecretKeySpec(key, ALGORITHM);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a secret of "
              + name
              + " is not in base64 after "
              + PREFIX); // Without the cause: it quotes.
    }
  }

  boolean present() {
    return !keys.isEmpty();
  }

  String of(String id, long timestamp, String body) {
    byte[] content = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    return keys.stream()
        .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, content)))
        .collect(Collectors.joining(" "));
  }

  private static byte[] mac(SecretKeySpec key, byte[] content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
