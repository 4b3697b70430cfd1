package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Credentials;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A source, and servers for it that behave in every way a server can. */
abstract class SourceAgainstServers {
  static final String GOOD =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"0.25\"]}]}}";
  static final String TOKEN = "s3cr3t-t0k3n";
  private static final Duration LONG = Duration.ofSeconds(20);

  final Vertx vertx = Vertx.vertx();
  final PrometheusRegistry registry = new PrometheusRegistry();
  private final Telemetry telemetry = new Telemetry(registry);
  Duration deadline = LONG;
  Credentials credentials = new Credentials.Bearer(new Secret(TOKEN));
  long maxBytes = 4_000_000;
  int maxSeries = 100;

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  URI http(Handler<HttpServerRequest> handler) throws Exception {
    int port =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1")).actualPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A server that need not know HTTP. */
  URI tcp(Handler<NetSocket> handler) throws Exception {
    NetServer server = vertx.createNetServer().connectHandler(handler);
    return URI.create("http://127.0.0.1:" + await(server.listen(0, "127.0.0.1")).actualPort());
  }

  PrometheusSource source(URI url) {
    ServerConfig.Prometheus config =
        new ServerConfig.Prometheus(
            url,
            credentials,
            Map.of("X-Scope-OrgID", new Secret("tenant-7")),
            new ServerConfig.Tls(Optional.empty(), false),
            deadline,
            4,
            maxBytes,
            maxSeries,
            Shop.SCRAPE);
    return new PrometheusSource(vertx, "main", config, telemetry);
  }

  static Question question(Metric... metrics) {
    return new Question(
        "main",
        Shop.window(0, 30),
        Arrays.stream(metrics)
            .map(m -> new Question.OfMetric(m, Shop.CANARY, Optional.empty()))
            .toList(),
        Optional.empty());
  }

  Observations ask(URI url) throws Exception {
    return await(source(url).ask(question(Shop.value("sum(x{$cohort})"))));
  }

  Observed.Absent absent(URI url) throws Exception {
    Observed.Absent absent =
        assertInstanceOf(Observed.Absent.class, ask(url).metrics().get("value"));
    assertFalse(absent.detail().contains(TOKEN), absent.detail());
    assertTrue(absent.detail().contains("'main'"), absent.detail());
    return absent;
  }

  static Handler<HttpServerRequest> answering(int status, String type, String body) {
    return request ->
        request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
  }

  void assertAbsent(Absence why, String part, URI url) throws Exception {
    Observed.Absent absent = absent(url);
    assertEquals(why, absent.why(), absent.detail());
    assertTrue(absent.detail().contains(part), absent.detail());
  }
}
