package dev.sluice.service.http;

import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.http.identity.ClientCertificates;
import dev.sluice.service.http.identity.IssuerTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who comes in.
 *
 * <p>With tokens, a request must carry one (or the session cookie that our own page got for one),
 * and the token's role must do. Without tokens the server binds to loopback only, and whoever is on
 * the machine may do everything. But a browser on that machine runs pages of other people, so three
 * things are asked in every mode:
 *
 * <ol>
 *   <li><b>Host</b> (without tokens only) must name loopback. A page of evil.example that points
 *       its own name at 127.0.0.1 ("DNS rebinding") is same-origin to the browser, but it cannot
 *       make the browser send another Host.
 *   <li><b>Origin and Sec-Fetch-Site</b> of a request that acts must be our own, where they are
 *       sent. Browsers send them by themselves and pages cannot change them; other programs send
 *       neither.
 *   <li><b>Content-Type</b> of a request that acts must be one that a form cannot send (JSON,
 *       YAML), or the header X-Sluice-Request must be there, which a page of another site cannot
 *       add without being asked for permission first, and there is no such permission here. This
 *       catches browsers too old for the second rule. A rollback alone is spared: it must work from
 *       a bare {@code curl -X POST} at three in the morning, and the first two rules still hold for
 *       it.
 * </ol>
 */
final class Doorkeeper {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
  private static final Set<String> JSON = Set.of("application/json");
  private static final Set<String> PLAN =
      Set.of(
          "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json");

  private final Tokens tokens;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Optional<URI> publicUrl;
  private final Optional<IssuerTokens> issuer;
  private final ClientCertificates certificates;
  private final Set<String> configured;
  private final boolean anonymous;
  private final boolean https;

  Doorkeeper(Vertx vertx, ServerConfig.Http config, InstantSource clock) {
    this.tokens = new Tokens(config.tokens());
    this.sessions = new Sessions(config.tokens());
    this.publicUrl = config.publicUrl();
    this.issuer = config.oidc().map(oidc -> new IssuerTokens(vertx, oidc, clock));
    List<ServerConfig.Client> clients =
        config.tls().map(ServerConfig.ServerTls::clients).orElse(List.of());
    this.certificates = new ClientCertificates(clients);
    this.configured =
        Stream.concat(
                config.tokens().stream().map(ServerConfig.Token::name),
                clients.stream().map(ServerConfig.Client::name))
            .collect(Collectors.toUnmodifiableSet());
    this.anonymous = config.anonymous();
    this.https =
        config.tls().isPresent()
            || publicUrl.filter(url -> "https".equals(url.getScheme())).isPresent();
    this.clock = clock;
  }

  /** Whether it needs no token, because only this machine can reach it. */
  boolean loopbackOnly() {
    return anonymous;
  }

  /** Whether an address may be bound without tokens. */
  static boolean isLoopback(String host) {
    return LOOPBACK.contains(host.toLowerCase(Locale.ROOT))
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** Who asks; fails with a {@link Refusal} where the endpoint is not for them. */
  Future<Caller> admit(HttpServerRequest request, Endpoint endpoint) {
    if (endpoint.acts()) {
      checkHost(request);
      checkOrigin(request);
      checkContentType(request, endpoint);
    }
    if (endpoint.need().isEmpty()) {
      return identify(request).map(found -> found.orElse(Caller.NOBODY)).otherwise(Caller.NOBODY);
    }
    checkHost(request);
    return identify(request).map(found -> admitted(found, endpoint.need().get()));
  }

  private static Caller admitted(Optional<Caller> found, ServerConfig.Role needed) {
    Caller caller = found.orElseThrow(() -> Problems.unauthenticated().refusal());
    if (!caller.may(needed)) {
      throw Problems.forbidden(caller.name(), caller.role(), needed).refusal();
    }
    return caller;
  }

  /**
   * Who asks, if that can be told: by token, by certificate, by session, or by being on this
   * machine. What is said in the header goes before what the connection shows.
   */
  private Future<Optional<Caller>> identify(HttpServerRequest request) {
    if (loopbackOnly()) {
      return Future.succeededFuture(Optional.of(Caller.ON_LOOPBACK));
    }
    String authorization = request.getHeader("Authorization");
    if (authorization != null) {
      return secret(authorization)
          .map(this::holder)
          .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }
    Optional<Caller> shown = certificates.client(request).map(c -> new Caller(c.name(), c.role()));
    if (shown.isPresent()) {
      return Future.succeededFuture(shown);
    }
    Cookie cookie = request.getCookie(Sessions.COOKIE);
    return Future.succeededFuture(
        cookie == null ? Optional.empty() : sessions.caller(cookie.getValue(), clock.instant()));
  }

  /** Our own tokens first: they must work also while an issuer is away. */
  private Future<Optional<Caller>> holder(String secret) {
    Optional<Caller> ours = tokens.caller(secret);
    return ours.isPresent() || issuer.isEmpty() || !IssuerTokens.isShapedLikeOne(secret)
        ? Future.succeededFuture(ours)
        : issuer.get().read(secret).map(told -> Optional.of(caller(told)));
  }

  /** Nobody gets the name of a token by having an issuer call them so. */
  private Caller caller(IssuerTokens.Told told) {
    return switch (told) {
      case IssuerTokens.Told.Known known when configured.contains(known.name()) ->
          throw Problems.badToken(
                  "its name '" + known.name() + "' belongs to a token of this server")
              .refusal();
      case IssuerTokens.Told.Known known -> new Caller(known.name(), known.role());
      case IssuerTokens.Told.WithoutRole nobody -> throw Problems.noRole(nobody.name()).refusal();
      case IssuerTokens.Told.Refused refused -> throw Problems.badToken(refused.why()).refusal();
      case IssuerTokens.Told.CannotTell cannot -> throw Problems.issuerAway().refusal();
    };
  }

  /**
   * The token in the header: as bearer, or as the password of basic authentication, which is all
   * that some clients can send. The user's name beside it says nothing.
   */
  private static Optional<String> secret(String authorization) {
    if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.of(authorization.substring(7).strip());
    }
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    try {
      byte[] plain = Base64.getDecoder().decode(authorization.substring(6).strip());
      String both = new String(plain, StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(both.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The session cookie, complete, for the holder of a token. */
  Optional<String> session(String secret) {
    return sessions
        .begin(secret, clock.instant())
        .map(value -> cookie(value, Sessions.LIFE.toSeconds()));
  }

  /** The cookie that ends the session. */
  String noSession() {
    return cookie("", 0);
  }

  private String cookie(String value, long seconds) {
    return Sessions.COOKIE
        + "="
        + value
        + "; Path=/; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (https ? "; Secure" : "");
  }

  private void checkHost(HttpServerRequest request) {
    if (!loopbackOnly()) {
      return;
    }
    HostAndPort authority = request.authority();
    if (authority == null || !isLoopback(authority.host())) {
      throw Problems.foreignPage(
              "Without tokens this server answers only to localhost, 127.0.0.1 and [::1] in the"
                  + " Host header. To reach it by another name, give it tokens.")
          .refusal();
    }
  }

  private void checkOrigin(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      if (!site.equals("same-origin") && !site.equals("none")) {
        throw Problems.foreignPage("Sec-Fetch-Site was '" + site + "'.").refusal();
      }
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !ours(origin, request.authority())) {
      throw Problems.foreignPage("Origin was '" + origin + "'.").refusal();
    }
  }

  private boolean ours(String origin, HostAndPort authority) {
    List<String> own = new ArrayList<>();
    if (authority != null) {
      String host = authority.port() > 0 ? authority.toString() : authority.host();
      own.add("http://" + host);
      own.add("https://" + host);
    }
    publicUrl.ifPresent(url -> own.add(url.getScheme() + "://" + url.getRawAuthority()));
    return own.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static void checkContentType(HttpServerRequest request, Endpoint endpoint) {
    String header = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    String type = header.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    boolean asked = request.getHeader("X-Sluice-Request") != null;
    boolean fits =
        switch (endpoint.body()) {
          case NONE, ANY -> true;
          case SAMPLES -> JSON.contains(type);
          case JSON -> JSON.contains(type) || (type.isEmpty() && asked);
          case PLAN -> PLAN.contains(type);
          case FORM -> type.equals(Endpoint.Body.FORM.contentType());
        };
    if (!fits) {
      throw Problems.contentType(endpoint.body().contentType(), type).refusal();
    }
  }
}
