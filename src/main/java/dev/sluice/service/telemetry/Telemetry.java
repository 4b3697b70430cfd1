package dev.sluice.service.telemetry;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.http.view.Words;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.List;

/**
 * The service's own metrics, all named {@code sluice_*}; docs/reference/service-metrics.md lists
 * them. Thread-safe.
 *
 * <p>Labels take their values from the configuration and from plans, never from a rollout's id, a
 * person or a path.
 */
public final class Telemetry {
  private final PrometheusRegistry registry;
  private final RolloutGauges rollouts = new RolloutGauges();
  private final Counter decisions;
  private final Counter deliveries;
  private final Counter requests;
  private final Histogram queries;
  private final Gauge lag;
  private final Counter failedLooks;

  public Telemetry(PrometheusRegistry registry) {
    this.registry = registry;
    registry.register(rollouts);
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
    requests =
        Counter.builder()
            .name("sluice_http_requests_total")
            .help("HTTP requests answered, by route and status.")
            .labelNames("route", "status")
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

  /** With what a whole process has besides: its build and its JVM. Once in a process. */
  public static Telemetry ofProcess(PrometheusRegistry registry, String version) {
    Telemetry telemetry = new Telemetry(registry);
    Info.builder()
        .name("sluice_build_info")
        .help("The build that runs.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
    JvmMetrics.builder().register(registry);
    return telemetry;
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

  /**
   * One HTTP request was answered.
   *
   * @param route as in the API's description, with its parameters' names and not their values
   */
  public void request(String route, int status) {
    requests.labelValues(route, Integer.toString(status)).inc();
  }

  /**
   * A commit succeeded. Without events it only shows the state: what a service does with every live
   * rollout when it starts.
   */
  public void committed(Rollout after, List<Event> events) {
    for (Event event : events) {
      if (event instanceof Event.Decided d) {
        decisions
            .labelValues(
                after.plan().name(),
                Words.of(d.decision().kind()),
                Words.of(d.decision().reason().code()))
            .inc();
      }
    }
    rollouts.show(after);
  }

  /** Another replica looks after it, and shows it. */
  public void handedOver(RolloutId id) {
    rollouts.forget(id);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
