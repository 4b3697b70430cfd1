package dev.sluice.service.http.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.sluice.service.config.ServerConfig.Oidc;
import dev.sluice.service.config.ServerConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tokens (JWT) that an OpenID Connect issuer has signed. Signature and times are checked by Nimbus;
 * what is checked is said here.
 *
 * <ul>
 *   <li>The algorithm is one of {@link #ALGORITHMS}, all with a public key. So "none" is refused,
 *       and so is an HMAC that takes the issuer's public key for its secret.
 *   <li>The signature is that of a key of the issuer.
 *   <li>{@code iss} is the issuer, {@code aud} names us, {@code exp} is there; {@code exp} and
 *       {@code nbf} are taken with {@link #LEEWAY}.
 *   <li>The name is there, and the role claim has a value that gives a role.
 * </ul>
 */
public final class IssuerTokens {
  static final Duration LEEWAY = Duration.ofSeconds(30);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);
  private static final Pattern SHAPE =
      Pattern.compile("[A-Za-z0-9_-]{2,}\\.[A-Za-z0-9_-]{2,}\\.[A-Za-z0-9_-]*");
  private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}]{1,200}");

  private final Oidc config;
  private final IssuerKeys keys;
  private final InstantSource clock;

  /** What a token says of who sent it. */
  public sealed interface Told {
    record Known(String name, Role role) implements Told {}

    /** A good token of somebody who may do nothing here. */
    record WithoutRole(String name) implements Told {}

    /**
     * @param why not, for whoever holds the token
     */
    record Refused(String why) implements Told {}

    /** The issuer's keys cannot be had now. */
    record CannotTell() implements Told {}
  }

  public IssuerTokens(Vertx vertx, Oidc config, InstantSource clock) {
    this.config = config;
    this.keys = new IssuerKeys(vertx, config, clock);
    this.clock = clock;
  }

  /** Whether this could be such a token; our own are never shaped like one. */
  public static boolean isShapedLikeOne(String token) {
    return SHAPE.matcher(token).matches();
  }

  /** Never fails. */
  public Future<Told> read(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
      if (!ALGORITHMS.contains(algorithm)) {
        return refused("its algorithm " + algorithm + " is not taken");
      }
      JWKMatcher wanted = JWKMatcher.forJWSHeader(jwt.getHeader());
      return keys.with(wanted)
          .map(known -> checked(jwt, known))
          .otherwise(failure -> new Told.CannotTell());
    } catch (ParseException | IllegalArgumentException e) {
      return refused("it cannot be read");
    }
  }

  private static Future<Told> refused(String why) {
    return Future.succeededFuture(new Told.Refused(why));
  }

  private Told checked(SignedJWT jwt, IssuerKeys.Fetched known) {
    try {
      return told(processor(known).process(jwt, null));
    } catch (BadJOSEException | JOSEException e) {
      return new Told.Refused(
          Optional.ofNullable(e.getMessage()).orElse("its signature is not good"));
    } catch (RuntimeException e) {
      return new Told.Refused("it cannot be read");
    }
  }

  private DefaultJWTProcessor<SecurityContext> processor(IssuerKeys.Fetched known) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(known.keys())));
    processor.setJWTClaimsSetVerifier(new Claims(known.issuer()));
    return processor;
  }

  private final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    Claims(String issuer) {
      super(
          config.audience(),
          new JWTClaimsSet.Builder().issuer(issuer).build(),
          Set.of("exp", config.nameClaim()));
      setMaxClockSkew((int) LEEWAY.toSeconds());
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  private Told told(JWTClaimsSet claims) {
    Object name = claims.getClaim(config.nameClaim());
    if (!(name instanceof String text) || !PRINTABLE.matcher(text).matches()) {
      return new Told.Refused("its claim " + config.nameClaim() + " is no name");
    }
    if (config.nameClaim().equals("email")
        && Boolean.FALSE.equals(claims.getClaim("email_verified"))) {
      return new Told.Refused("its address was not verified");
    }
    return values(claims.getClaims()).stream()
        .flatMap(value -> Optional.ofNullable(config.roles().get(value)).stream())
        .max(Comparator.naturalOrder())
        .<Told>map(role -> new Told.Known(text, role))
        .orElseGet(() -> new Told.WithoutRole(text));
  }

  /** The claim under its whole name, or inside others where its name has dots. */
  private List<String> values(Map<String, Object> claims) {
    Object found = claims.get(config.roleClaim());
    if (found == null) {
      found = claims;
      for (String part : Arrays.asList(config.roleClaim().split("\\.", -1))) {
        found = found instanceof Map<?, ?> map ? map.get(part) : null;
      }
    }
    return switch (found) {
      case String text -> List.of(text);
      case Collection<?> many ->
          many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }
}
