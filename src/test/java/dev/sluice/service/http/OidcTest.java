package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.identity.Issuer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer are believed for what they prove, and for nothing else. */
class OidcTest {
  private static final String LIST = "/api/v1/rollouts";
  private final Issuer issuer = new Issuer();
  private final TestServer server = server("groups");

  private TestServer server(String roleClaim) {
    return new TestServer(
        new ServerConfig.Http(
            "127.0.0.1",
            0,
            Optional.empty(),
            List.of(new ServerConfig.Token("ci", Role.VIEWER, TestServer.secret(Role.VIEWER))),
            Optional.of(
                new ServerConfig.Oidc(
                    issuer.address,
                    "sluice",
                    "email",
                    roleClaim,
                    Map.of("staff", Role.VIEWER, "sre", Role.OPERATOR, "owner", Role.AUTHOR),
                    Optional.empty())),
            Optional.empty(),
            100));
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.close();
  }

  private Instant now() {
    return server.clock.instant();
  }

  private HttpResponse<String> list(String token) {
    return server.get(LIST, "Authorization", "Bearer " + token);
  }

  private String good() {
    return issuer.sign(issuer.claims(now()).build());
  }

  @Test
  void theHighestRoleOfTheClaimCountsAndTheNameIsInTheRecord() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> paused =
        server.post(LIST + "/checkout-1:pause", "{}", "Authorization", "Bearer " + good());
    HttpResponse<String> promoted =
        server.post(LIST + "/checkout-1:promote", "{}", "Authorization", "Bearer " + good());

    assertEquals(200, paused.statusCode(), paused.body());
    assertTrue(paused.body().contains("anna@shop.example"), paused.body());
    assertEquals(403, promoted.statusCode());
    assertTrue(promoted.body().contains("has the role operator"), promoted.body());
  }

  @Test
  void aTokenThatProvesNothingIsRefusedWithTheReason() throws Exception {
    Map<String, String> bad = new LinkedHashMap<>();
    JWTClaimsSet claims = issuer.claims(now()).build();
    bad.put("none", new PlainJWT(claims).serialize());
    bad.put("hmac with the public key", hmac(claims));
    bad.put(
        "another key of the same name",
        Issuer.sign(claims, Issuer.newKey("first"), JWSAlgorithm.RS256));
    bad.put("expired", issuer.sign(issuer.claims(now().minusSeconds(400)).build()));
    bad.put(
        "not yet good",
        issuer.sign(issuer.claims(now()).notBeforeTime(Date.from(now().plusSeconds(90))).build()));
    bad.put("audience", issuer.sign(issuer.claims(now()).audience("other").build()));
    bad.put("no audience", issuer.sign(issuer.claims(now()).audience((String) null).build()));
    bad.put("issuer", issuer.sign(issuer.claims(now()).issuer("https://evil.example").build()));
    bad.put("for ever", issuer.sign(issuer.claims(now()).expirationTime(null).build()));
    bad.put("nameless", issuer.sign(issuer.claims(now()).claim("email", null).build()));
    bad.put(
        "a list for a name",
        issuer.sign(issuer.claims(now()).claim("email", List.of("a")).build()));
    bad.put("unverified", issuer.sign(issuer.claims(now()).claim("email_verified", false).build()));
    bad.put("the name of a token", issuer.sign(issuer.claims(now()).claim("email", "ci").build()));
    bad.put("cut", good().substring(0, good().length() - 4));
    bad.put("changed", changed(good()));
    bad.put("header only", good().replaceAll("\\..*", ".e30."));
    bad.put("no json", "AAAA.BBBB.CCCC");
    list(good());

    bad.forEach(
        (what, token) -> {
          HttpResponse<String> refused = list(token);
          assertEquals(401, refused.statusCode(), what + refused.body());
          assertEquals("urn:sluice:problem:bad-token", json(refused).get("type").textValue(), what);
          assertTrue(
              refused.headers().firstValue("WWW-Authenticate").orElse("").contains("invalid_token"),
              what);
        });
  }

  private String hmac(JWTClaimsSet claims) throws Exception {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims);
    jwt.sign(new MACSigner(issuer.key().toPublicKey().getEncoded()));
    return jwt.serialize();
  }

  private static String changed(String token) {
    String[] parts = token.split("\\.", -1);
    String claims =
        new String(
                java.util.Base64.getUrlDecoder().decode(parts[1]),
                java.nio.charset.StandardCharsets.UTF_8)
            .replace("\"sre\"", "\"owner\"");
    parts[1] =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return String.join(".", parts);
  }

  @Test
  void clocksMayDifferByHalfAMinute() {
    Instant then = now();
    String token = issuer.sign(issuer.claims(then).build());

    server.clock.advance(Duration.ofSeconds(320));
    int within = list(token).statusCode();
    server.clock.advance(Duration.ofSeconds(20));

    assertEquals(200, within);
    assertEquals(401, list(token).statusCode());
  }

  @Test
  void whoIsKnownAndHasNoRoleHereIsToldSo() {
    HttpResponse<String> refused =
        list(issuer.sign(issuer.claims(now()).claim("groups", List.of("sales")).build()));

    assertEquals(403, refused.statusCode());
    assertTrue(refused.body().contains("anna@shop.example"), refused.body());
    assertEquals(
        200, list(issuer.sign(issuer.claims(now()).claim("groups", "sre").build())).statusCode());
  }

  @Test
  void aRoleMayBeInsideOtherClaims() {
    try (TestServer nested = server("realm_access.roles")) {
      String token =
          issuer.sign(
              issuer.claims(now()).claim("realm_access", Map.of("roles", List.of("sre"))).build());

      assertEquals(200, nested.get(LIST, "Authorization", "Bearer " + token).statusCode());
    }
  }

  @Test
  void aChangeOfKeysIsFollowedAndAnInventedKeyIsNotAskedForAgainAndAgain() {
    list(good());
    issuer.rotate("second");
    server.clock.advance(Duration.ofSeconds(31));

    int changed = list(good()).statusCode();
    int before = issuer.asked.get();
    for (int i = 0; i < 20; i++) {
      String invented =
          Issuer.sign(issuer.claims(now()).build(), Issuer.newKey("first"), JWSAlgorithm.RS256);
      assertEquals(401, list(invented).statusCode());
      if (i == 0) {
        server.clock.advance(Duration.ofSeconds(31));
      }
    }

    assertEquals(200, changed);
    assertEquals(2, before);
    assertTrue(issuer.asked.get() <= 3, issuer.asked + "");
  }

  @Test
  void whileTheIssuerIsAwayKnownKeysAreGoodForADay() {
    list(good());
    issuer.goAway();
    server.clock.advance(Duration.ofHours(23));
    int kept = list(good()).statusCode();
    server.clock.advance(Duration.ofHours(2));

    assertEquals(200, kept);
    assertEquals(503, list(good()).statusCode());
  }

  @Test
  void withoutAnyKeysItCannotBeToldAndOurOwnTokensWorkOn() {
    issuer.sendInsteadOfKeys("<html>");

    HttpResponse<String> unknown = list(good());

    assertEquals(503, unknown.statusCode());
    assertEquals("urn:sluice:problem:issuer-away", json(unknown).get("type").textValue());
    assertEquals("5", unknown.headers().firstValue("Retry-After").get());
    assertEquals(200, list(TestServer.secret(Role.VIEWER).value()).statusCode());
    assertEquals(401, list("guess").statusCode());
  }

  @Test
  void aBodyIsReadOnlyWhenItIsKnownWhoseItIs() {
    String plan = "metadata:\n  name: checkout\n#" + "x".repeat(500_000);
    String author = issuer.sign(issuer.claims(now()).claim("groups", List.of("owner")).build());

    assertEquals(
        201,
        server
            .put("/api/v1/plans/checkout", plan, "Authorization", "Bearer " + author)
            .statusCode());
    assertEquals(
        403,
        server
            .put("/api/v1/plans/checkout", plan, "Authorization", "Bearer " + good())
            .statusCode());
  }

  @Test
  void everyAddressIsForItsRoleByThisFormToo() {
    List<Role> roles = List.of(Role.VIEWER, Role.OPERATOR, Role.AUTHOR);
    Map<Role, String> values =
        Map.of(Role.VIEWER, "staff", Role.OPERATOR, "sre", Role.AUTHOR, "owner");
    for (Endpoint endpoint : server.api.endpoints()) {
      if (endpoint.need().isEmpty()) {
        continue;
      }
      for (Role role : roles) {
        String token =
            issuer.sign(
                issuer
                    .claims(now())
                    .subject("x")
                    .claim("email", role + "@x")
                    .claim("groups", values.get(role))
                    .build());
        int status =
            server
                .send(
                    AccessTest.request(server, endpoint).header("Authorization", "Bearer " + token))
                .statusCode();
        boolean letIn = status != 401 && status != 403;
        assertEquals(
            role.compareTo(endpoint.need().get()) >= 0,
            letIn,
            endpoint.method() + " " + endpoint.path() + " as " + role + ": " + status);
      }
    }
  }
}
