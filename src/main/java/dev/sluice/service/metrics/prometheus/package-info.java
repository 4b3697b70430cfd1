/**
 * Metrics from whatever speaks the Prometheus query API.
 *
 * <p>From the outside in: {@link dev.sluice.service.metrics.prometheus.PrometheusSource} is the
 * seam's adapter; {@code Survey} asks for one look; {@code PrometheusApi} sends one query and turns
 * whatever comes back into an answer or a named trouble; {@code Selector} and {@code QueryTemplate}
 * write PromQL; {@code Track}, {@code Births} and {@code Gains} take the increases of counters, and
 * know nothing of HTTP.
 */
@NullMarked
package dev.sluice.service.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
