package dev.sluice.service.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Canary of Flagger with its metric templates. */
final class FlaggerImport {
  private static final int MOST_STEPS = 50;

  private FlaggerImport() {}

  static Imported of(List<JsonNode> documents) throws ImportException {
    JsonNode canary =
        Importer.ofKind(documents, "Canary").stream()
            .findFirst()
            .orElseThrow(() -> new ImportException("there is no Canary in this text"));
    List<JsonNode> templates = Importer.ofKind(documents, "MetricTemplate");
    String name = Importer.name(canary);
    Draft draft = new Draft(name, "Canary " + name + " of Flagger");
    JsonNode analysis =
        canary.at("/spec/analysis").isObject()
            ? canary.at("/spec/analysis")
            : canary.at("/spec/canaryAnalysis");
    analysis.path("metrics").forEach(m -> metric(m, templates, draft));
    steps(analysis, draft);
    if (analysis.has("threshold")) {
      draft.lost(
          "threshold "
              + analysis.path("threshold").asText()
              + ": failed checks are not counted, evidence is");
    }
    return draft.written();
  }

  private static void metric(JsonNode metric, List<JsonNode> templates, Draft draft) {
    String id = metric.path("name").asText("metric");
    String wanted = metric.at("/templateRef/name").asText("");
    String text = metric.path("query").asText("");
    if (!wanted.isEmpty()) {
      Optional<JsonNode> template =
          templates.stream().filter(t -> Importer.name(t).equals(wanted)).findFirst();
      String type = template.map(t -> t.at("/spec/provider/type").asText()).orElse("");
      if (!type.equals("prometheus")) {
        draft.lost(
            "metric "
                + id
                + (template.isEmpty()
                    ? ": the MetricTemplate " + wanted + " is not in this text"
                    : ": it asks " + type + ", and plans ask Prometheus"));
        return;
      }
      text = template.get().at("/spec/query").asText("");
    }
    Optional<Query> query = Query.read(text);
    if (text.isEmpty() || query.isEmpty()) {
      draft.lost(
          "metric "
              + id
              + (text.isEmpty()
                  ? ": its query is built into Flagger and depends on the mesh; write it out"
                  : ": no series was found in its query: " + text));
      return;
    }
    JsonNode range = metric.path("thresholdRange");
    Bound bound =
        new Bound(
            Optional.of(range.path("min")).filter(JsonNode::isNumber).map(JsonNode::decimalValue),
            Optional.of(range.path("max"))
                .filter(JsonNode::isNumber)
                .or(() -> Optional.of(metric.path("threshold")).filter(JsonNode::isNumber))
                .map(JsonNode::decimalValue),
            "");
    String worse = bound.any() ? bound.worseWhen() : "different";
    draft.metric(id, bound.metric(query.get(), worse, "guardrail", id, draft));
  }

  private static void steps(JsonNode analysis, Draft draft) {
    String interval = analysis.path("interval").asText("1m");
    List<Integer> weights = weights(analysis);
    if (analysis.path("mirror").asBoolean()) {
      draft.lost("mirror: shadowed traffic needs a cohort of its own; add a step of kind shadow");
    }
    for (JsonNode hook : analysis.path("webhooks")) {
      String type = hook.path("type").asText("rollout");
      if (type.equals("confirm-rollout")) {
        draft.approval(hook.path("name").asText("begin"));
      } else {
        draft.lost(
            "webhook "
                + hook.path("name").asText()
                + " ("
                + type
                + "): Flagger goes on calling it; the plan does not");
      }
    }
    int highest = 0;
    for (int weight : weights) {
      if (weight > highest && weight < 100) {
        draft.expose(Integer.toString(weight), interval);
        highest = weight;
      } else {
        draft.lost(
            "weight "
                + weight
                + ": plans only go up, and end below 100 where Flagger moves traffic");
      }
    }
    if (analysis.has("iterations")) {
      draft.lost(
          "iterations " + analysis.path("iterations").asText() + ": say how long a step lasts");
    }
  }

  private static List<Integer> weights(JsonNode analysis) {
    List<Integer> weights = new ArrayList<>();
    analysis.path("stepWeights").forEach(w -> weights.add(w.asInt()));
    int step = analysis.path("stepWeight").asInt(0);
    int most = analysis.path("maxWeight").asInt(step);
    for (int w = step; weights.size() < MOST_STEPS && step > 0 && w <= most; w += step) {
      weights.add(w);
    }
    return weights;
  }
}
