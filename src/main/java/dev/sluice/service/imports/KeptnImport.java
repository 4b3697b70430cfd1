package dev.sluice.service.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** An AnalysisDefinition of Keptn with its value templates. */
final class KeptnImport {
  private KeptnImport() {}

  static Imported of(List<JsonNode> documents) throws ImportException {
    JsonNode definition =
        Importer.ofKind(documents, "AnalysisDefinition").stream()
            .findFirst()
            .orElseThrow(() -> new ImportException("there is no AnalysisDefinition in this text"));
    List<JsonNode> templates = Importer.ofKind(documents, "AnalysisValueTemplate");
    String name = Importer.name(definition);
    Draft draft = new Draft(name, "AnalysisDefinition " + name + " of Keptn");
    definition.at("/spec/objectives").forEach(o -> objective(o, templates, draft));
    draft.lost("total score and weights: there is no score, each guardrail counts by itself");
    return draft.written();
  }

  private static void objective(JsonNode objective, List<JsonNode> templates, Draft draft) {
    String id = objective.at("/analysisValueTemplateRef/name").asText("metric");
    Optional<String> text =
        templates.stream()
            .filter(t -> Importer.name(t).equals(id))
            .map(t -> t.at("/spec/query").asText(""))
            .findFirst();
    Optional<Query> query = text.flatMap(Query::read);
    if (query.isEmpty()) {
      draft.lost(
          "objective "
              + id
              + text.map(t -> ": no series was found in its query: " + t)
                  .orElse(": the AnalysisValueTemplate is not in this text"));
      return;
    }
    Bound bound = bound(objective.at("/target/failure"), id, draft);
    if (objective.at("/target/warning").isObject()) {
      draft.lost("objective " + id + ": the warning " + objective.at("/target/warning"));
    }
    String role = objective.path("keyObjective").asBoolean() ? "guardrail" : "signal";
    String worse = bound.any() ? bound.worseWhen() : "different";
    draft.metric(id, bound.metric(query.get(), worse, role, id, draft));
  }

  /** What fails: less than a bound means that the bound is the least. */
  private static Bound bound(JsonNode failure, String id, Draft draft) {
    Bound bound = Bound.NONE;
    for (var test : failure.properties()) {
      Optional<BigDecimal> edge = number(test.getValue().path("fixedValue").asText(""));
      Bound read =
          switch (test.getKey()) {
            case "lessThan", "lessThanOrEqual" -> new Bound(edge, Optional.empty(), "");
            case "greaterThan", "greaterThanOrEqual" -> new Bound(Optional.empty(), edge, "");
            default -> Bound.NONE;
          };
      if (!read.any()) {
        draft.lost("objective " + id + ": failure " + test.getKey() + " " + test.getValue());
      }
      bound = bound.and(read);
    }
    return bound;
  }

  /** A quantity of Kubernetes: "0.5" or "500m". */
  private static Optional<BigDecimal> number(String text) {
    if (!text.matches("[0-9]+(\\.[0-9]+)?m?")) {
      return Optional.empty();
    }
    return Optional.of(
        text.endsWith("m")
            ? new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(3)
            : new BigDecimal(text));
  }
}
