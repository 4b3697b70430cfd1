package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
  private static final Release GOOD = new Release("v1", 0, 1, 0, 1);
  private static final Release BROKEN = new Release("v2", 1, 1, 0, 1);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Shop shop =
      new Shop(
          vertx,
          List.of(GOOD, BROKEN),
          user -> user.startsWith("canary") ? "v2" : "v1",
          new SplittableRandom(1),
          InstantSource.fixed(NOW));
  private int port;

  @BeforeEach
  void open() {
    port = shop.open().await();
    shop.count();
  }

  @AfterEach
  void close() {
    http.close();
    vertx.close().await();
  }

  @Test
  void everyUserIsServedByTheReleaseTheirFlagGivesThem() throws Exception {
    assertEquals("{\"version\":\"v1\",\"ordered\":true}\n", checkout("anna", 200));
    assertEquals("{\"version\":\"v2\",\"ordered\":false}\n", checkout("canary-bert", 500));
  }

  @Test
  void everyReleaseCountsItsOwnRequests() throws Exception {
    checkout("anna", 200);
    checkout("anna", 200);
    checkout("canary-bert", 500);

    String baseline = metrics("v1");
    assertLine(baseline, "http_requests_total{code=\"200\"} 2.0");
    assertLine(baseline, "http_requests_total{code=\"500\"} 0.0");
    assertLine(baseline, "orders_completed_total 2.0");
    assertLine(baseline, "http_request_duration_seconds_count 2");
    String canary = metrics("v2");
    assertLine(canary, "http_requests_total{code=\"500\"} 1.0");
    assertLine(canary, "orders_completed_total 0.0");
  }

  @Test
  void nothingIsCountedWhileTheShopWarmsUp() throws Exception {
    Shop cold =
        new Shop(
            vertx, List.of(GOOD), user -> "v1", new SplittableRandom(1), InstantSource.fixed(NOW));
    port = cold.open().await();
    checkout("anna", 200);
    assertLine(metrics("v1"), "http_requests_total{code=\"200\"} 0.0");

    cold.count();
    checkout("anna", 200);
    assertLine(metrics("v1"), "http_requests_total{code=\"200\"} 1.0");
  }

  @Test
  void theFirstFailureOfAReleaseIsRemembered() throws Exception {
    checkout("anna", 200);
    checkout("canary-bert", 500);
    checkout("canary-bert", 500);

    assertEquals(new Shop.Failures(0, Optional.empty()), shop.failures("v1"));
    assertEquals(new Shop.Failures(2, Optional.of(NOW)), shop.failures("v2"));
  }

  @Test
  void aRequestOfNobodyIsRefusedWithTheRemedy() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(Loopback.url(port) + "/checkout"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("X-User"), answer.body());
  }

  @Test
  void prometheusFindsNothingToObjectToInTheMetrics() throws Exception {
    checkout("anna", 200);
    checkout("canary-bert", 500);

    Process promtool = new ProcessBuilder("promtool", "check", "metrics").start();
    try (var in = promtool.getOutputStream()) {
      in.write(metrics("v1").getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), said);
    assertEquals("", said);
  }

  private String checkout(String user, int status) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(Loopback.url(port) + "/checkout"))
                .header("X-User", user)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(status, answer.statusCode());
    return answer.body();
  }

  private String metrics(String version) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(Loopback.url(port) + "/metrics/" + version)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
    return answer.body();
  }

  private static void assertLine(String page, String line) {
    assertTrue(page.lines().anyMatch(line::equals), () -> line + " is missing in\n" + page);
  }
}
