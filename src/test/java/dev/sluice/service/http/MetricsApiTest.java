package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsApiTest {
  private final TestServer server =
      new TestServer(Telemetry.ofProcess(new PrometheusRegistry(), "1.2.3"));

  @AfterEach
  void stop() {
    server.close();
  }

  /** Something in every metric. */
  private void work() {
    server.telemetry.committed(
        server.scenes.baking("checkout-1", Scenes.plan("checkout")), List.of());
    server.telemetry.query("prod", "ok", Duration.ofMillis(12));
    server.telemetry.delivery("team-chat", "delivered");
    server.telemetry.looked(Duration.ofSeconds(2));
  }

  private String type(String accept) {
    HttpResponse<String> scraped = server.get("/metrics", "Accept", accept);
    assertEquals(200, scraped.statusCode());
    return scraped.headers().firstValue("Content-Type").get();
  }

  @Test
  void theScraperGetsTheFormatItAsksFor() {
    work();

    assertTrue(type("text/plain").startsWith("text/plain; version=0.0.4"), type("text/plain"));
    assertTrue(
        type("application/openmetrics-text;version=1.0.0")
            .startsWith("application/openmetrics-text"));
    assertTrue(
        type("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
            .startsWith("application/vnd.google.protobuf"));
  }

  @Test
  void aScrapeIsCompressedWhereTheScraperTakesThat() throws Exception {
    work();
    HttpClient client = HttpClient.newHttpClient();

    HttpResponse<byte[]> scraped =
        client.send(
            server.request("/metrics").header("Accept-Encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertEquals("gzip", scraped.headers().firstValue("Content-Encoding").get());
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(scraped.body())).readAllBytes();
    assertTrue(new String(plain, StandardCharsets.UTF_8).contains("sluice_rollout_state"));
  }

  @Test
  void aScrapeCanBeNarrowedToSomeNames() {
    work();

    String scraped = server.get("/metrics?name%5B%5D=sluice_target_percent").body();

    assertTrue(scraped.contains("sluice_target_percent{plan=\"checkout\"} 10.0"), scraped);
    assertFalse(scraped.contains("sluice_rollout_state"));
  }

  @Test
  void theLinterOfPrometheusHasNothingToSay() throws Exception {
    work();

    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(server.get("/metrics").body().getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
    assertEquals("", said);
    assertEquals(0, promtool.exitValue());
  }

  @Test
  void aMisnamedMetricWouldBeSeenByTheLinter() throws IOException, InterruptedException {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(
          "# TYPE badName_milliseconds counter\nbadName_milliseconds 1\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    promtool.getInputStream().readAllBytes();

    assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
    assertEquals(3, promtool.exitValue());
  }

  @Test
  void requestsAreCountedByRouteAndNotByPath() {
    server.get("/api/v1/rollouts/one");
    server.get("/api/v1/rollouts/two");
    server.get("/nope");

    String scraped = server.get("/metrics").body();

    assertTrue(
        scraped.contains(
            "sluice_http_requests_total{route=\"/api/v1/rollouts/{id}\",status=\"404\"} 2.0"),
        scraped);
    assertTrue(scraped.contains("sluice_http_requests_total{route=\"none\",status=\"404\"} 1.0"));
    assertFalse(scraped.contains("rollouts/one"));
  }
}
