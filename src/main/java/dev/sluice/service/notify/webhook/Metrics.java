package dev.sluice.service.notify.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.service.notify.text.Cut;
import dev.sluice.service.notify.text.Words;

/** Checks as JSON. JSON has no infinity: an end that nothing bounds is null. */
final class Metrics {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SENTENCE_BYTES = 300;
  private static final int TITLE_BYTES = 120;

  private final Plan plan;

  Metrics(Plan plan) {
    this.plan = plan;
  }

  ObjectNode of(Check check) {
    ObjectNode json = JSON.objectNode();
    json.put("id", check.id());
    json.put("title", Cut.toJsonBytes(check.title(), TITLE_BYTES));
    json.put("role", Words.camel(check.role()));
    json.put("against", Words.camel(check.kind()));
    json.put("verdict", Words.camel(check.verdict()));
    switch (check.finding()) {
      case Finding.Comparison found -> comparison(json, check, found);
      case Finding.Insufficient found -> {
        json.put("shortage", Words.camel(found.shortage()));
        found.looksMissing().ifPresent(looks -> json.put("looksMissing", looks));
        json.set("samples", pair(found.canarySize(), found.baselineSize()));
      }
    }
    json.put("sentence", Cut.toJsonBytes(check.sentence(), SENTENCE_BYTES));
    return json;
  }

  private void comparison(ObjectNode json, Check check, Finding.Comparison found) {
    Effect effect = found.effect();
    json.put("scale", Words.camel(effect.scale()));
    json.set("estimate", number(effect.estimate()));
    json.set("interval", pair(effect.lower(), effect.upper()));
    json.set("margin", number(effect.margin()));
    json.put("unit", unit(plan.metric(check.metricId())));
    json.set("canary", number(found.canaryValue()));
    json.set(
        check.kind() == Check.Kind.BASELINE ? "baseline" : "limit", number(found.baselineValue()));
    json.set("samples", pair(found.canarySize(), found.baselineSize()));
  }

  private static String unit(Metric metric) {
    return switch (metric) {
      case Metric.Ratio m -> "proportion";
      case Metric.Quantile m -> Words.camel(m.unit());
      case Metric.Mean m -> "number";
      case Metric.Rate m -> "number";
      case Metric.Value m -> "number";
      case Metric.Pushed m -> "number";
    };
  }

  private static ArrayNode pair(double one, double other) {
    return JSON.arrayNode().add(number(one)).add(number(other));
  }

  /** Whole numbers without a fraction; null for what JSON cannot say. */
  static JsonNode number(double value) {
    if (!Double.isFinite(value)) {
      return JSON.nullNode();
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return whole ? JSON.numberNode((long) value) : JSON.numberNode(value);
  }
}
