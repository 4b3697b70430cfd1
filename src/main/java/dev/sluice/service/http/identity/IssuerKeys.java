package dev.sluice.service.http.identity;

import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.service.config.ServerConfig.Oidc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer, fetched when they are needed and kept.
 *
 * <p>Keys that were fetched longer than {@link #FRESH} ago are fetched anew behind the back of the
 * request that finds them old. A key nobody has seen (the issuer has changed its keys) is asked for
 * at once, but not more often than each {@link #PAUSE}: a stranger must not be able to make us ask
 * with made-up names of keys. While the issuer is away the keys that are known are good for another
 * {@link #STALE}: people must be able to roll back while their identity provider is down.
 *
 * <p>Used on the server's event loop only.
 */
final class IssuerKeys {
  static final Duration FRESH = Duration.ofMinutes(10);
  static final Duration STALE = Duration.ofHours(24);
  static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final int MOST_KEYS = 100;

  private final Fetch fetch;
  private final Oidc config;
  private final InstantSource clock;
  private Optional<Fetched> last = Optional.empty();
  private Optional<Instant> asked = Optional.empty();
  private Optional<Future<Fetched>> underWay = Optional.empty();

  /**
   * What is known of an issuer.
   *
   * @param issuer as it calls itself: with or without a slash at its end
   */
  record Fetched(String issuer, JWKSet keys, Instant at) {
    boolean has(JWKMatcher wanted) {
      return !new JWKSelector(wanted).select(keys).isEmpty();
    }

    boolean olderThan(Duration age, Instant now) {
      return !now.isBefore(at.plus(age));
    }
  }

  IssuerKeys(Vertx vertx, Oidc config, InstantSource clock) {
    this.fetch = new Fetch(vertx, config.caFile());
    this.config = config;
    this.clock = clock;
  }

  /**
   * The keys, with a key of this kind among them where the issuer has one. Fails when there are
   * none to be had now.
   */
  Future<Fetched> with(JWKMatcher wanted) {
    Instant now = clock.instant();
    Optional<Fetched> usable = last.filter(f -> !f.olderThan(STALE, now));
    if (usable.filter(f -> f.has(wanted)).isPresent()) {
      if (usable.get().olderThan(FRESH, now)) {
        ask(now).onFailure(old -> {});
      }
      return Future.succeededFuture(usable.get());
    }
    return ask(now)
        .recover(
            failure ->
                usable.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(failure)));
  }

  private Future<Fetched> ask(Instant now) {
    if (underWay.isPresent()) {
      return underWay.get();
    }
    if (asked.filter(at -> now.isBefore(at.plus(PAUSE))).isPresent()) {
      return Future.failedFuture(new IllegalStateException("it was asked just now"));
    }
    asked = Optional.of(now);
    Future<Fetched> mine = discover();
    underWay = Optional.of(mine);
    return mine.onComplete(
        done -> {
          underWay = Optional.empty();
          if (done.succeeded()) {
            last = Optional.of(done.result());
          } else {
            LOG.warn(
                "The keys of {} cannot be fetched: {}", config.issuer(), done.cause().getMessage());
          }
        });
  }

  private Future<Fetched> discover() {
    return fetch
        .json(config.issuer() + "/.well-known/openid-configuration")
        .compose(
            document -> {
              String issuer = document.path("issuer").asText();
              if (!issuer.equals(config.issuer().toString())
                  && !issuer.equals(config.issuer() + "/")) {
                return Future.failedFuture(
                    new IllegalStateException("it calls itself '" + issuer + "'"));
              }
              return fetch
                  .json(document.path("jwks_uri").asText())
                  .map(keys -> new Fetched(issuer, keys(keys.toString()), clock.instant()));
            });
  }

  private static JWKSet keys(String json) {
    try {
      JWKSet keys = JWKSet.parse(json);
      if (keys.size() > MOST_KEYS) {
        throw new IllegalStateException("it has more than " + MOST_KEYS + " keys");
      }
      return keys.toPublicJWKSet();
    } catch (ParseException e) {
      throw new IllegalStateException("what it sends are no keys", e);
    }
  }
}
