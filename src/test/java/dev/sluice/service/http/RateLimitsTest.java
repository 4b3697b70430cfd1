package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Role;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One caller cannot take the server from the others, and nobody is kept from a rollback. */
class RateLimitsTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final String LIST = "/api/v1/rollouts";
  private final TestServer server =
      new TestServer(
          new ServerConfig.Http(
              "127.0.0.1",
              0,
              Optional.empty(),
              TestServer.aTokenForEachRole(),
              Optional.empty(),
              Optional.empty(),
              2));

  @AfterEach
  void stop() {
    server.close();
  }

  private static String[] as(Role role) {
    return new String[] {"Authorization", "Bearer " + TestServer.secret(role).value()};
  }

  private void useUp(Role role) {
    for (int i = 0; i < 8; i++) {
      assertEquals(200, server.get(LIST, as(role)).statusCode());
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToAskAgain() {
    String left =
        server.get(LIST, as(Role.ADMIN)).headers().firstValue("RateLimit-Remaining").get();
    useUp(Role.VIEWER);

    HttpResponse<String> refused = server.get(LIST, as(Role.VIEWER));
    HttpResponse<String> other = server.get(LIST, as(Role.OPERATOR));
    server.clock.advance(Duration.ofMillis(600));
    HttpResponse<String> later = server.get(LIST, as(Role.VIEWER));

    assertEquals("7", left);
    assertEquals(429, refused.statusCode());
    assertEquals("1", refused.headers().firstValue("Retry-After").get());
    assertEquals("0", refused.headers().firstValue("RateLimit-Remaining").get());
    assertEquals("urn:sluice:problem:too-many-requests", json(refused).get("type").textValue());
    assertEquals(200, other.statusCode());
    assertEquals(200, later.statusCode());
  }

  @Test
  void rollbackAbortHealthAndControllersAreNeverRefused() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    useUp(Role.OPERATOR);
    useUp(Role.AUTHOR);

    for (int i = 0; i < 20; i++) {
      assertEquals(
          200, server.post(LIST + "/checkout-1:rollback", "", as(Role.OPERATOR)).statusCode());
      assertEquals(404, server.get("/argo/unknown", as(Role.AUTHOR)).statusCode());
      assertEquals(200, server.get("/health/live").statusCode());
    }
    assertEquals(429, server.get(LIST, as(Role.OPERATOR)).statusCode());
  }

  @Test
  void aStrangerWhoGuessesIsCountedByAddressAndUsesUpNobodysShare() {
    int refused = 0;
    for (int i = 0; i < 20; i++) {
      int status = server.get(LIST, "Authorization", "Bearer guess-" + i).statusCode();
      refused += status == 429 ? 1 : 0;
    }

    assertEquals(12, refused);
    assertEquals(200, server.get(LIST, as(Role.VIEWER)).statusCode());
  }

  @Test
  void noNumberOfCallersFillsTheMemory() {
    RateLimits limits = new RateLimits(1);
    for (int i = 0; i < 50_000; i++) {
      limits.take("address " + i, NOON);
    }

    assertTrue(limits.known() <= 10_000);
  }

  @Test
  void whatWasNotUsedIsSavedForFourSecondsAndNoLonger() {
    RateLimits limits = new RateLimits(1);
    for (int i = 0; i < 4; i++) {
      assertTrue(limits.take("a", NOON).granted());
    }
    assertFalse(limits.take("a", NOON).granted());

    Instant muchLater = NOON.plusSeconds(3600);
    for (int i = 0; i < 4; i++) {
      assertTrue(limits.take("a", muchLater).granted());
    }
    assertFalse(limits.take("a", muchLater).granted());
    assertFalse(limits.take("a", NOON).granted());
  }
}
