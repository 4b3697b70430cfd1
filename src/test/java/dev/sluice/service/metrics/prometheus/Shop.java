package dev.sluice.service.metrics.prometheus;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Observed;
import dev.sluice.gates.look.Observations;
import dev.sluice.gates.look.Question;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The service whose canary these tests watch: its labels, metrics and questions. */
final class Shop {
  static final Duration SCRAPE = Duration.ofSeconds(15);
  static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  static final Cohort CANARY = cohort("canary");
  static final Cohort BASELINE = cohort("baseline");

  private Shop() {}

  static Cohort cohort(String name) {
    return new Cohort(name, "cohort=\"" + name + "\"", Map.of(), Duration.ZERO);
  }

  static Metric.Common common(String id) {
    return new Metric.Common(
        id,
        id,
        Direction.HIGHER_IS_WORSE,
        Metric.Role.GUARDRAIL,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  static Metric.Common limited(String id) {
    return new Metric.Common(
        id,
        id,
        Direction.HIGHER_IS_WORSE,
        Metric.Role.GUARDRAIL,
        Optional.empty(),
        Optional.of(new Limit(OptionalDouble.of(0.02), OptionalDouble.empty(), Duration.ZERO)),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  static Metric.Ratio errors(Metric.Common common) {
    return new Metric.Ratio(
        common, "requests_total{$cohort,code=~\"5..\"}", "requests_total{$cohort}");
  }

  static Metric.Ratio errors() {
    return errors(common("errors"));
  }

  static Metric.Quantile latency() {
    return new Metric.Quantile(
        common("p99"), "request_seconds{$cohort}", 0.99, Metric.Unit.SECONDS);
  }

  static Metric.Mean basket() {
    return new Metric.Mean(
        common("basket"), "order_value_sum{$cohort}", "order_value_count{$cohort}");
  }

  static Metric.Rate orders() {
    return new Metric.Rate(common("orders"), "orders_total{$cohort}", "requests_total{$cohort}");
  }

  static Metric.Value value(String promql) {
    return new Metric.Value(common("value"), promql);
  }

  static Window window(long fromSeconds, long toSeconds) {
    return new Window(START.plusSeconds(fromSeconds), START.plusSeconds(toSeconds));
  }

  static Question question(Window window, Metric... metrics) {
    return new Question(
        "main",
        window,
        Arrays.stream(metrics)
            .map(m -> new Question.OfMetric(m, CANARY, Optional.of(BASELINE)))
            .toList(),
        Optional.empty());
  }

  static Question withTraffic(Question question) {
    ExposureRule rule =
        new ExposureRule(
            "requests_total{$cohort}",
            ExposureRule.OnTrouble.HOLD,
            ExposureRule.OnTrouble.HOLD,
            Duration.ZERO);
    return new Question(
        question.source(),
        question.window(),
        question.metrics(),
        Optional.of(new Question.OfExposure(rule, CANARY, Optional.of(BASELINE))));
  }

  /** Labels of a series, name first: {@code labels("up", "cohort", "canary", ...)}. */
  static Map<String, String> labels(String name, String... pairs) {
    Map<String, String> labels = new HashMap<>();
    labels.put(Answer.NAME, name);
    List<String> rest = new ArrayList<>(List.of(pairs));
    for (int i = 0; i < rest.size(); i += 2) {
      labels.put(rest.get(i), rest.get(i + 1));
    }
    return labels;
  }

  static ServerConfig.Prometheus config(URI url) {
    return config(url, new ServerConfig.Credentials.None(), Map.of(), Duration.ofSeconds(20));
  }

  static ServerConfig.Prometheus config(
      URI url,
      ServerConfig.Credentials credentials,
      Map<String, Secret> headers,
      Duration deadline) {
    return new ServerConfig.Prometheus(
        url,
        credentials,
        headers,
        new ServerConfig.Tls(Optional.empty(), false),
        deadline,
        4,
        4_000_000,
        5_000,
        SCRAPE);
  }

  /** What was observed of one metric; every metric that was asked for is there. */
  static Observed observed(Observations observations, String id) {
    return Optional.ofNullable(observations.metrics().get(id))
        .orElseThrow(() -> new AssertionError(id + " is missing in " + observations));
  }
}
