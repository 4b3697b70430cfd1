package dev.sluice.service.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A canary configuration of Kayenta. Steps and cohorts are not in it: they came with each request.
 */
final class KayentaImport {
  private static final String WHOLE_QUERY = "PromQL:";

  private KayentaImport() {}

  static Imported of(List<JsonNode> documents) throws ImportException {
    JsonNode config =
        documents.stream()
            .filter(d -> d.path("metrics").isArray() && d.has("judge"))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImportException(
                        "this is no canary configuration: it has no 'metrics' and 'judge'"));
    String name = config.path("name").asText("unnamed");
    Draft draft = new Draft(name, "canary configuration " + name + " of Kayenta");
    config.path("metrics").forEach(m -> metric(config, m, draft));
    JsonNode weights = config.at("/classifier/groupWeights");
    if (!weights.isEmpty()) {
      draft.lost("groups and their weights " + weights + ": each guardrail counts by itself");
    }
    draft.lost(
        "score thresholds: there is no score. A guardrail that is proven worse rolls back, and all"
            + " have to be proven safe");
    return draft.written();
  }

  private static void metric(JsonNode config, JsonNode metric, Draft draft) {
    String id = metric.path("name").asText("metric");
    Optional<Query> query = query(config, metric.path("query"), id, draft);
    if (query.isEmpty()) {
      return;
    }
    JsonNode options = metric.at("/analysisConfigurations/canary");
    String worse = worse(options.path("direction").asText(""));
    String role =
        options.path("muted").asBoolean()
            ? "observe"
            : options.path("critical").asBoolean() ? "guardrail" : "signal";
    Map<String, String> fields =
        new LinkedHashMap<>(Bound.NONE.metric(query.get(), worse, role, id, draft));
    tolerance(options, worse, fields, id, draft);
    if (options.path("mustHaveData").asBoolean()) {
      fields.put("onNoData", "fail");
    }
    rest(options, id, draft);
    draft.metric(id, fields);
  }

  private static String worse(String direction) {
    return switch (direction) {
      case "increase" -> "higher";
      case "decrease" -> "lower";
      default -> "different";
    };
  }

  private static void tolerance(
      JsonNode options, String worse, Map<String, String> fields, String id, Draft draft) {
    JsonNode size = options.path("effectSize");
    String key = worse.equals("lower") ? "allowedDecrease" : "allowedIncrease";
    BigDecimal percent =
        size.path(key).decimalValue().subtract(BigDecimal.ONE).abs().movePointRight(2);
    boolean ratio = size.path("measure").asText("meanRatio").equals("meanRatio");
    if (size.has(key) && ratio && percent.signum() > 0) {
      fields.put(
          "tolerance", "{ relative: " + percent.stripTrailingZeros().toPlainString() + "% }");
    } else if (size.has(key)) {
      draft.lost("metric " + id + ": effectSize " + size + " is no worsening in percent");
    }
    for (String critical : List.of("criticalIncrease", "criticalDecrease")) {
      if (size.has(critical)) {
        draft.lost("metric " + id + ": " + critical + ": one tolerance holds, there is no second");
      }
    }
  }

  private static void rest(JsonNode options, String id, Draft draft) {
    if (options.has("outliers")) {
      draft.lost("metric " + id + ": outliers: nothing that was counted is thrown away");
    }
    if (options.path("nanStrategy").asText("").equals("replace")) {
      draft.lost("metric " + id + ": nanStrategy replace: no data is not 0, and holds the step");
    }
  }

  private static Optional<Query> query(JsonNode config, JsonNode query, String id, Draft draft) {
    String type = query.path("type").asText("");
    if (!type.equals("prometheus")) {
      draft.lost("metric " + id + ": it asks " + type + ", and plans ask Prometheus: " + query);
      return Optional.empty();
    }
    String text = text(config, query);
    Optional<Query> read = Query.read(text);
    if (read.isEmpty()) {
      draft.lost("metric " + id + ": no series was found in its query: " + text);
    }
    return read;
  }

  /** What Kayenta would ask: a query of its own, or the mean of a metric behind filters. */
  private static String text(JsonNode config, JsonNode query) {
    String inline = query.path("customInlineTemplate").asText("");
    String template = query.path("customFilterTemplate").asText("");
    String filters = inline.isEmpty() ? config.path("templates").path(template).asText("") : inline;
    if (filters.startsWith(WHOLE_QUERY)) {
      return filters.substring(WHOLE_QUERY.length());
    }
    StringBuilder matchers = new StringBuilder(filters);
    for (JsonNode binding : query.path("labelBindings")) {
      matchers.append(matchers.isEmpty() ? "" : ",").append(binding.asText());
    }
    return "avg(" + query.path("metricName").asText() + "{" + matchers + "})";
  }
}
