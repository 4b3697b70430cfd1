package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Token;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a browser stays known: a cookie that names a token and is signed with it.
 *
 * <p>Nothing is kept on the server, so a session survives a restart and works on every replica; it
 * ends by itself, and at once when its token is changed or taken out of the configuration. The
 * token itself never goes into the cookie.
 */
final class Sessions {
  static final String COOKIE = "sluice_session";
  static final Duration LIFE = Duration.ofHours(12);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final List<Token> tokens;

  Sessions(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** The cookie's value for the holder of this token. */
  Optional<String> begin(String secret, Instant now) {
    return tokens.stream()
        .filter(t -> same(Tokens.sha256(t.secret().value()), Tokens.sha256(secret)))
        .findFirst()
        .map(t -> signed(t, now.plus(LIFE).getEpochSecond()));
  }

  Optional<Caller> caller(String cookie, Instant now) {
    String[] parts = cookie.split("\\.", -1);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,12}")) {
      return Optional.empty();
    }
    long ends = Long.parseLong(parts[1]);
    Optional<Caller> found = Optional.empty();
    for (Token token : tokens) {
      if (same(bytes(signed(token, ends)), bytes(cookie)) && now.getEpochSecond() < ends) {
        found = Optional.of(new Caller(token.name(), token.role()));
      }
    }
    return found;
  }

  private static String signed(Token token, long ends) {
    String claim = ENCODER.encodeToString(bytes(token.name())) + "." + ends;
    return claim + "." + ENCODER.encodeToString(mac(token, claim));
  }

  private static byte[] mac(Token token, String claim) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Tokens.sha256("sluice session of " + token.secret().value());
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac.doFinal(bytes(claim));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static boolean same(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
