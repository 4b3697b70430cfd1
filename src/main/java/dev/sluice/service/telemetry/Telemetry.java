package dev.sluice.service.telemetry;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The service's own metrics, all named {@code sluice_*}. Thread-safe. */
public final class Telemetry {
  private final PrometheusRegistry registry;
  private final Counter decisions;
  private final Counter deliveries;
  private final Histogram queries;
  private final Gauge lag;
  private final Counter failedLooks;

  public Telemetry(PrometheusRegistry registry) {
    this.registry = registry;
    decisions =
        Counter.builder()
            .name("sluice_decisions_total")
            .help("Decisions taken.")
            .labelNames("plan", "decision", "reason")
            .register(registry);
    deliveries =
        Counter.builder()
            .name("sluice_deliveries_total")
            .help("Attempts to deliver a message, by outcome.")
            .labelNames("target", "result")
            .register(registry);
    queries =
        Histogram.builder()
            .name("sluice_prometheus_query_seconds")
            .unit(Unit.SECONDS)
            .help("Time of one query to a metrics system, by outcome.")
            .labelNames("source", "result")
            .register(registry);
    lag =
        Gauge.builder()
            .name("sluice_loop_lag_seconds")
            .unit(Unit.SECONDS)
            .help("How late the latest look was taken.")
            .register(registry);
    failedLooks =
        Counter.builder()
            .name("sluice_failed_looks_total")
            .help("Looks that did not happen because of a mistake of ours or of the store.")
            .register(registry);
  }

  public PrometheusRegistry registry() {
    return registry;
  }

  /** One query came back, or did not. */
  public void query(String source, String result, Duration took) {
    queries.labelValues(source, result).observe(seconds(took));
  }

  /** One attempt to deliver. */
  public void delivery(String target, String result) {
    deliveries.labelValues(target, result).inc();
  }

  /** A look was taken this long after it was due. */
  public void looked(Duration late) {
    lag.set(seconds(late));
  }

  /** A look did not happen; it is tried again. */
  public void lookFailed() {
    failedLooks.inc();
  }

  /** A commit succeeded. */
  public void committed(Rollout after, List<Event> events) {
    for (Event event : events) {
      if (event instanceof Event.Decided d) {
        decisions
            .labelValues(
                after.plan().name(),
                d.decision().kind().name().toLowerCase(Locale.ROOT),
                d.decision().reason().code().name().toLowerCase(Locale.ROOT))
            .inc();
      }
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
