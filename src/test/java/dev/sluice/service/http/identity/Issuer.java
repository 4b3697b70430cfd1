package dev.sluice.service.http.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OpenID Connect issuer on loopback, with real keys that can be changed, and that can go away.
 */
public final class Issuer implements AutoCloseable {
  public final AtomicInteger asked = new AtomicInteger();
  public final URI address;
  private final HttpServer server;
  private volatile RSAKey key;
  private volatile boolean away;
  private volatile String jwks = "";

  public Issuer() {
    key = newKey("first");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    answering(
        "/.well-known/openid-configuration",
        () -> "{\"issuer\":\"" + address + "\",\"jwks_uri\":\"" + address + "/keys\"}");
    answering(
        "/keys",
        () -> {
          asked.incrementAndGet();
          return jwks.isEmpty() ? new JWKSet(key.toPublicJWK()).toString() : jwks;
        });
    server.start();
  }

  private void answering(String path, java.util.function.Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(away ? 503 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  public static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public RSAKey key() {
    return key;
  }

  public void rotate(String id) {
    key = newKey(id);
  }

  public void goAway() {
    away = true;
  }

  public void sendInsteadOfKeys(String text) {
    jwks = text;
  }

  /** Claims that are good at this time. */
  public JWTClaimsSet.Builder claims(Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(address.toString())
        .audience(List.of("other", "sluice"))
        .subject("u-17")
        .claim("email", "anna@shop.example")
        .claim("groups", List.of("staff", "sre"))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  public String sign(JWTClaimsSet claims) {
    return sign(claims, key, JWSAlgorithm.RS256);
  }

  public static String sign(JWTClaimsSet claims, RSAKey key, JWSAlgorithm algorithm) {
    try {
      JWSHeader header =
          new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(key.getKeyID()).build();
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
