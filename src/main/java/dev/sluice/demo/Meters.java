package dev.sluice.demo;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What one release of the shop tells Prometheus, as any instrumented service would. */
final class Meters {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("http_requests_total")
          .help("Requests answered, by status code.")
          .labelNames("code")
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("http_request_duration_seconds")
          .unit(Unit.SECONDS)
          .help("Time from the arrival of a request to its answer.")
          .classicOnly()
          .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5)
          .register(registry);
  private final Counter orders =
      Counter.builder()
          .name("orders_completed_total")
          .help("Orders that went through.")
          .register(registry);

  Meters() {
    // Known label values exist from the start: a counter that appears with its first error hides
    // that error.
    requests.initLabelValues("200");
    requests.initLabelValues("500");
  }

  void answered(boolean ok, double tookSeconds) {
    requests.labelValues(ok ? "200" : "500").inc();
    seconds.observe(tookSeconds);
    if (ok) {
      orders.inc();
    }
  }

  /** A scrape, in the format that was asked for. */
  record Page(String contentType, Buffer body) {}

  Page page(@Nullable String accept) {
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.write(bytes, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Page(writer.getContentType(), Buffer.buffer(bytes.toByteArray()));
  }
}
