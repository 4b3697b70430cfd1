package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * The bearer tokens of the configuration. Only their hashes are compared, all of them every time
 * and without leaving early: how long it takes says nothing about how much of a guess was right, or
 * which token it resembles.
 */
final class Tokens {
  private static final class Known {
    private final Caller caller;
    private final byte[] hash;

    Known(Token token) {
      caller = new Caller(token.name(), token.role());
      hash = sha256(token.secret().value());
    }
  }

  private final List<Known> known;

  Tokens(List<Token> tokens) {
    known = tokens.stream().map(Known::new).toList();
  }

  boolean none() {
    return known.isEmpty();
  }

  Optional<Caller> caller(String secret) {
    byte[] hash = sha256(secret);
    Optional<Caller> found = Optional.empty();
    for (Known each : known) {
      if (MessageDigest.isEqual(each.hash, hash)) {
        found = Optional.of(each.caller);
      }
    }
    return found;
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
