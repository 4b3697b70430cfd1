package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.analyzer.Buckets;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native histograms cannot be written as text, so this Prometheus really scrapes an application.
 */
class NativeHistogramTest {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final PrometheusRegistry application = new PrometheusRegistry();
  private final Histogram latency =
      Histogram.builder()
          .name("request_seconds")
          .help("Latency.")
          .labelNames("cohort")
          .nativeOnly()
          .register(application);
  private final BlockingQueue<Instant> scrapes = new LinkedBlockingQueue<>();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private void scrape(HttpServerRequest request) {
    Instant came = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ExpositionFormatWriter writer =
        ExpositionFormats.init().findWriter(request.getHeader("Accept"));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      writer.write(body, application.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    request
        .response()
        .putHeader("Content-Type", writer.getContentType())
        .end(Buffer.buffer(body.toByteArray()));
    scrapes.add(came);
  }

  /**
   * A sample has the time when its scrape was due: only one that came at once has the time seen.
   */
  private Instant nextScrape() throws InterruptedException {
    scrapes.clear();
    Instant before = scrapes.poll(60, TimeUnit.SECONDS);
    for (int tries = 0; before != null && tries < 60; tries++) {
      Instant time = scrapes.poll(60, TimeUnit.SECONDS);
      if (time != null && Duration.between(before, time).toMillis() > 900) {
        return time;
      }
      before = time;
    }
    throw new AssertionError("nobody scraped");
  }

  @Test
  void increasesOfNativeHistogramsAreCountedOnFixedEdges() throws Exception {
    int port =
        await(vertx.createHttpServer().requestHandler(this::scrape).listen(0, "127.0.0.1"))
            .actualPort();
    latency.labelValues("canary").observe(0.3);
    try (RealPrometheus prometheus = RealPrometheus.in(folder)) {
      prometheus
          .config(
              "scrape_configs: [{job_name: shop, scrape_interval: 1s, static_configs: [{targets:"
                  + " ['127.0.0.1:"
                  + port
                  + "']}]}]")
          .flag("--enable-feature=native-histograms")
          .start();
      Instant first = nextScrape();
      for (int i = 0; i < 10; i++) {
        latency.labelValues("canary").observe(0.25);
      }
      latency.labelValues("canary").observe(30);
      Instant second = nextScrape();
      // Once the next one comes, the one before has been stored.
      nextScrape();

      Observations seen = await(source(prometheus).ask(question(new Window(first, second))));

      Buckets buckets =
          (Buckets)
              assertInstanceOf(Observed.Seen.class, seen.metrics().get("p99"), seen::toString)
                  .canary();
      assertEquals(11, buckets.size());
      assertEquals(10, buckets.count(index(buckets, 0.25)));
      assertEquals(1, buckets.count(index(buckets, 30)));
      assertEquals(27 * 8 + 2, buckets.buckets());
    }
  }

  /** The bucket that holds a value. */
  private static int index(Buckets buckets, double value) {
    int j = 0;
    while (j < buckets.buckets() - 1 && buckets.edge(j) < value) {
      j++;
    }
    return j;
  }

  private PrometheusSource source(RealPrometheus prometheus) {
    ServerConfig.Prometheus config = Shop.config(prometheus.url());
    return new PrometheusSource(
        vertx,
        "main",
        new ServerConfig.Prometheus(
            config.url(),
            config.credentials(),
            config.headers(),
            config.tls(),
            config.deadline(),
            config.concurrency(),
            config.maxBytes(),
            config.maxSeries(),
            Duration.ofSeconds(1)),
        new Telemetry(new PrometheusRegistry()));
  }

  private static Question question(Window window) {
    return new Question(
        "main",
        window,
        List.of(new Question.OfMetric(Shop.latency(), Shop.CANARY, Optional.empty())),
        Optional.empty());
  }
}
