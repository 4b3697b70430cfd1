package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.config.ServerConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthApiTest {

  @Test
  void whenEveryPartWorksItIsReady() {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> ready = server.get("/health/ready");

      assertEquals(200, ready.statusCode());
      assertEquals(
          "{\"ready\":true,\"parts\":[{\"name\":\"store\",\"ok\":true,\"detail\":null}]}",
          ready.body());
      assertEquals(200, server.get("/health/live").statusCode());
    }
  }

  @Test
  void onePartThatFailsIsNamedWithItsRemedy() {
    try (TestServer server = new TestServer()) {
      server.probes.put(
          "prometheus prod",
          () -> Future.failedFuture(new IllegalStateException("prod does not answer: is it up?")));
      server.probes.put(
          "loop",
          () -> {
            throw new IllegalStateException("the loop is 3 min late");
          });

      HttpResponse<String> ready = server.get("/health/ready");

      JsonNode parts = json(ready).get("parts");
      assertEquals(503, ready.statusCode());
      assertEquals("store", parts.get(0).get("name").textValue());
      assertTrue(parts.get(0).get("ok").booleanValue());
      assertEquals("prod does not answer: is it up?", parts.get(1).get("detail").textValue());
      assertEquals("the loop is 3 min late", parts.get(2).get("detail").textValue());
      assertEquals(200, server.get("/health/live").statusCode());
    }
  }

  @Test
  void strangersAreToldThatAPartFailsAndNotWhere() {
    try (TestServer server =
        new TestServer(TestServer.aTokenForEachRole(), TestServer.generous())) {
      server.probes.put(
          "prometheus prod",
          () -> Future.failedFuture(new IllegalStateException("http://10.0.0.7 refused")));

      HttpResponse<String> stranger = server.get("/health/ready");
      server.clock.advance(Duration.ofSeconds(1));
      HttpResponse<String> known =
          server.get(
              "/health/ready", "Authorization", "Bearer " + TestServer.secret(Role.VIEWER).value());

      assertEquals(503, stranger.statusCode());
      assertFalse(stranger.body().contains("10.0.0.7"));
      assertTrue(known.body().contains("10.0.0.7"));
    }
  }

  @Test
  void partsAreProbedOnceASecondHoweverOftenItIsAsked() {
    try (TestServer server = new TestServer()) {
      AtomicInteger asked = new AtomicInteger();
      server.probes.put(
          "counted",
          () -> {
            asked.incrementAndGet();
            return Future.succeededFuture();
          });

      for (int i = 0; i < 5; i++) {
        server.get("/health/ready");
      }
      assertEquals(1, asked.get());
      server.clock.advance(Duration.ofSeconds(1));
      server.get("/health/ready");
      assertEquals(2, asked.get());
    }
  }

  @Test
  void aPartThatDoesNotAnswerIsNotReady() {
    try (TestServer server = new TestServer()) {
      server.probes.put("silent", () -> Promise.<Void>promise().future());

      HttpResponse<String> ready = server.get("/health/ready");

      assertEquals(503, ready.statusCode());
      assertFalse(json(ready).get("parts").get(1).get("ok").booleanValue());
    }
  }

  @Test
  void aServerThatStopsSaysSoAndLetsRequestsEnd() throws Exception {
    Limits real = TestServer.generous();
    Limits draining =
        new Limits(
            real.bodyBytes(),
            real.bodyDeadline(),
            real.idle(),
            real.longestWait(),
            real.waiters(),
            real.connections(),
            Duration.ofSeconds(2),
            real.lastRequests(),
            real.watchers(),
            real.beat());
    TestServer server = new TestServer(List.of(), draining);
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String etag = server.get("/api/v1/rollouts/checkout-1").headers().firstValue("ETag").get();
    CompletableFuture<HttpResponse<String>> waiting =
        server.later(
            server.request("/api/v1/rollouts/checkout-1?wait=60s").header("If-None-Match", etag));

    Future<Void> stopped = server.api.stop();
    HttpResponse<String> ready = server.get("/health/ready");
    HttpResponse<String> still = server.get("/api/v1/rollouts/checkout-1");

    assertEquals(503, ready.statusCode());
    assertEquals("server", json(ready).get("parts").get(0).get("name").textValue());
    assertEquals(200, still.statusCode());
    assertEquals(304, waiting.get(15, TimeUnit.SECONDS).statusCode());
    Scenes.await(stopped);
    Scenes.await(server.vertx.close());
  }
}
