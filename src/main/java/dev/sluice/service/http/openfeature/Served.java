package dev.sluice.service.http.openfeature;

import dev.sluice.service.config.Secret;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.HttpProblem;
import dev.sluice.service.http.Refusal;
import dev.sluice.service.served.FlagSet;
import dev.sluice.service.served.Published;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A set that is served, and who may read it: whoever has its token; where it has none, whoever may
 * read everything else.
 *
 * @param name of the set
 * @param token good for nothing but reading this set
 */
public record Served(String name, Optional<Secret> token, Published published) {
  private static final String BEARER = "Bearer ";

  /** Where the set has a token of its own, that token is asked for and no other one is needed. */
  Endpoint guarded(Endpoint endpoint) {
    return token.isPresent() ? endpoint.open() : endpoint;
  }

  /** The set; refuses who has not its token. */
  FlagSet set(Call call) {
    if (!admitted(call)) {
      throw refused();
    }
    return published
        .set(name)
        .orElseThrow(() -> new IllegalStateException("the set " + name + " is not published"));
  }

  private boolean admitted(Call call) {
    return token.isEmpty()
        || call.caller().known()
        || call.header("Authorization").map(Served::bearer).filter(this::fits).isPresent()
        || call.header("X-API-Key").filter(this::fits).isPresent();
  }

  private static String bearer(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : header.strip();
  }

  /** In a time that does not tell how much of it is right. */
  private boolean fits(String guess) {
    String secret = token.map(Secret::value).orElse("");
    return MessageDigest.isEqual(bytes(guess), bytes(secret));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Refusal refused() {
    return HttpProblem.of(
            401,
            "unauthenticated",
            "Who are you?",
            "The flags of " + name + " are read with their token: Authorization: Bearer TOKEN.")
        .with("WWW-Authenticate", "Bearer")
        .refusal();
  }
}
