package dev.sluice.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's side of Standard Webhooks: a message counts when it carries an HMAC-SHA256 of
 * {@code id.timestamp.body} made with the shared secret, and when it is not an old one sent again.
 */
final class Signature {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final String PREFIX = "whsec_";

  private final SecretKeySpec key;

  /**
   * @param secret "whsec_" and base64
   */
  Signature(String secret) {
    if (!secret.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a webhook secret begins with " + PREFIX);
    }
    byte[] bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /** The three headers of a message; absent ones are null. */
  record Headers(@Nullable String id, @Nullable String timestamp, @Nullable String signature) {}

  /** Why the message is not to be believed; empty when it is. */
  Optional<String> objection(Headers headers, byte[] body, Instant now) {
    String id = headers.id();
    String timestamp = headers.timestamp();
    String signature = headers.signature();
    if (id == null || timestamp == null || signature == null) {
      return Optional.of("webhook-id, webhook-timestamp and webhook-signature are needed");
    }
    if (!recent(timestamp, now)) {
      return Optional.of("webhook-timestamp is not within " + TOLERANCE.toMinutes() + " minutes");
    }
    byte[] expected = ("v1," + sign(id, timestamp, body)).getBytes(StandardCharsets.UTF_8);
    for (String candidate : signature.split(" ", 8)) {
      if (MessageDigest.isEqual(expected, candidate.getBytes(StandardCharsets.UTF_8))) {
        return Optional.empty();
      }
    }
    return Optional.of("webhook-signature does not fit the body and the secret");
  }

  private static boolean recent(String timestamp, Instant now) {
    try {
      Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
      return Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0;
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  /** Base64 of the HMAC. */
  String sign(String id, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
