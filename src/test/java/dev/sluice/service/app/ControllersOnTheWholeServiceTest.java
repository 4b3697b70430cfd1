package dev.sluice.service.app;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.config.ServerConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real loop and the real store, with a Prometheus that is not there. */
class ControllersOnTheWholeServiceTest {
  private static final String PLAN =
      """
      apiVersion: sluice/v1
      kind: RolloutPlan
      metadata: { name: podinfo, owner: payments }
      spec:
        source: { prometheus: main, every: 30s, settle: 45s }
        cohorts:
          canary: { selector: '{version="v2"}' }
          baseline: { selector: '{version="v1"}' }
        metrics:
          - id: errors
            type: ratio
            bad: http_requests_total{$cohort,code=~"5.."}
            total: http_requests_total{$cohort}
            worseWhen: higher
            role: guardrail
            tolerance: { absolute: 0.5pp }
        steps:
          - { id: users-10, kind: expose, percent: 10, hold: { atLeast: 30m, atMost: 12h }, advanceWhen: noHarmFound }
      """;

  @TempDir private Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Vertx vertx = Vertx.vertx();
  private Optional<Sluice> service = Optional.empty();

  @BeforeEach
  void begin() throws IOException {
    serve();
    assertEquals(
        201,
        send(request("/api/v1/plans/podinfo")
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(PLAN)))
            .statusCode());
  }

  @AfterEach
  void end() {
    service.ifPresent(s -> await(s.stop()));
    await(vertx.close());
  }

  private void serve() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    ServerConfig.Prometheus prometheus =
        new ServerConfig.Prometheus(
            URI.create("http://127.0.0.1:" + nobody),
            new ServerConfig.Credentials.None(),
            Map.of(),
            new ServerConfig.Tls(Optional.empty(), false),
            Duration.ofSeconds(5),
            2,
            1_000_000,
            100,
            Duration.ofSeconds(15));
    ServerConfig config =
        new ServerConfig(
            new ServerConfig.Http("127.0.0.1", 0, Optional.empty(), List.of()),
            new ServerConfig.Store.Sqlite(folder.resolve("sluice.db")),
            ZoneOffset.UTC,
            Map.of("main", prometheus),
            Map.of(),
            Map.of());
    service = Optional.of(await(Sluice.start(vertx, config, InstantSource.system(), "1")));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + service.orElseThrow().port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> hook(String hook, String phase, String checksum) {
    return send(
        request("/flagger/podinfo/" + hook)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"%s\",\"checksum\":\"%s\"}"
                        .formatted(phase, checksum))));
  }

  @Test
  void aRunSurvivesTheServiceAndIsBegunOnce() throws IOException {
    HttpResponse<String> begun = hook("confirm-rollout", "Initialized", "a");
    assertEquals(200, begun.statusCode(), begun.body());
    assertEquals(200, hook("confirm-traffic-increase", "Progressing", "b").statusCode());

    service.ifPresent(s -> await(s.stop()));
    serve();

    HttpResponse<String> raise = hook("confirm-traffic-increase", "Progressing", "b");
    HttpResponse<String> rollback = hook("rollback", "Progressing", "b");
    HttpResponse<String> begin = hook("pre-rollout", "Progressing", "b");
    assertEquals(403, hook("confirm-promotion", "Progressing", "b").statusCode());
    assertEquals(begun.body(), begin.body());
    assertEquals(403, rollback.statusCode());
    assertTrue(raise.statusCode() == 200 || raise.body().startsWith("no: "), raise.body());
    assertEquals(1, service.orElseThrow().watched());
  }

  @Test
  void aNewRevisionTakesThePlanOver() {
    hook("confirm-rollout", "Initialized", "a");
    String first = hook("pre-rollout", "Progressing", "b").body();

    String second = hook("pre-rollout", "Progressing", "c").body();

    assertTrue(second.startsWith("yes: Rollout podinfo-flagger-"), second);
    assertTrue(!first.equals(second), second);
    assertEquals(1, service.orElseThrow().watched());
  }
}
