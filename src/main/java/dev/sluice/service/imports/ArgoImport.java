package dev.sluice.service.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Analysis templates of Argo Rollouts, and the steps of a Rollout where one is beside them. */
final class ArgoImport {
  private static final Pattern AGO = Pattern.compile("(\\d+)([smhd]?)");

  private ArgoImport() {}

  static Imported of(List<JsonNode> documents) throws ImportException {
    List<JsonNode> templates =
        Importer.ofKind(documents, "AnalysisTemplate", "ClusterAnalysisTemplate");
    if (templates.isEmpty()) {
      throw new ImportException(
          "there is no AnalysisTemplate or ClusterAnalysisTemplate in this text");
    }
    Optional<JsonNode> rollout = Importer.ofKind(documents, "Rollout").stream().findFirst();
    String name = Importer.name(rollout.orElse(templates.getFirst()));
    Draft draft = new Draft(name, "analysis templates of Argo Rollouts for " + name);
    for (JsonNode template : templates) {
      Map<String, String> values = values(template, draft);
      template
          .at("/spec/metrics")
          .forEach(m -> metric(m, template.at("/spec/dryRun"), values, draft));
    }
    rollout.ifPresent(r -> steps(r.at("/spec/strategy/canary/steps"), draft));
    return draft.written();
  }

  private static Map<String, String> values(JsonNode template, Draft draft) {
    Map<String, String> values = new LinkedHashMap<>();
    for (JsonNode argument : template.at("/spec/args")) {
      String name = argument.path("name").asText();
      if (argument.has("value")) {
        values.put(name, argument.path("value").asText());
        draft.lost("argument " + name + ": its value " + argument.path("value") + " was put in");
      }
    }
    return values;
  }

  private static void metric(
      JsonNode metric, JsonNode dryRun, Map<String, String> values, Draft draft) {
    String id = metric.path("name").asText("metric");
    JsonNode provider = metric.path("provider");
    String text = provider.at("/prometheus/query").asText("");
    if (text.isEmpty()) {
      provider
          .fieldNames()
          .forEachRemaining(
              p ->
                  draft.lost(
                      "metric " + id + ": its provider is " + p + ", and plans ask Prometheus"));
      return;
    }
    for (Map.Entry<String, String> value : values.entrySet()) {
      text =
          text.replaceAll(
              "\\{\\{\\s*args\\." + Pattern.quote(value.getKey()) + "\\s*}}",
              Matcher.quoteReplacement(value.getValue()));
    }
    Optional<Query> query = Query.read(text);
    if (query.isEmpty()) {
      draft.lost("metric " + id + ": no series was found in its query: " + text);
      return;
    }
    Bound bound = bound(metric, id, draft);
    boolean dry = false;
    for (JsonNode one : dryRun) {
      dry |= id.matches(one.path("metricName").asText(""));
    }
    String worse = bound.any() ? bound.worseWhen() : "different";
    if (!bound.any()) {
      draft.lost("metric " + id + ": which way hurts is not said: both ways count");
    }
    draft.metric(id, bound.metric(query.get(), worse, dry ? "observe" : "guardrail", id, draft));
  }

  private static Bound bound(JsonNode metric, String id, Draft draft) {
    Bound bound = Bound.NONE;
    for (String key : List.of("successCondition", "failureCondition")) {
      String condition = metric.path(key).asText("");
      if (!condition.isEmpty()) {
        Optional<Bound> read = Bound.ofCondition(condition, key.startsWith("success"));
        if (read.isEmpty()) {
          draft.lost("metric " + id + ": " + key + " is no single comparison: " + condition);
        }
        bound = bound.and(read.orElse(Bound.NONE));
      }
    }
    int failures = metric.path("failureLimit").asInt(0);
    String interval = metric.path("interval").asText("");
    Matcher time = AGO.matcher(interval);
    if (failures > 0 && time.matches()) {
      String unit = String.valueOf(time.group(2));
      long each = Long.parseLong(String.valueOf(time.group(1)));
      bound = bound.lasting(failures * each + (unit.isEmpty() ? "s" : unit));
    } else if (failures > 0) {
      draft.lost("metric " + id + ": failureLimit " + failures + " without an interval");
    }
    for (String key :
        List.of("count", "inconclusiveLimit", "consecutiveErrorLimit", "initialDelay")) {
      if (metric.has(key)) {
        draft.lost(
            "metric "
                + id
                + ": "
                + key
                + " "
                + metric.path(key).asText()
                + ": evidence is weighed at every look, and steps have times");
      }
    }
    return bound;
  }

  private static void steps(JsonNode steps, Draft draft) {
    String weight = "";
    String hold = "0s";
    int highest = 0;
    for (JsonNode step : steps) {
      if (step.has("setWeight")) {
        expose(weight, hold, draft);
        int next = step.path("setWeight").asInt();
        weight = next > highest && next < 100 ? Integer.toString(next) : "";
        if (weight.isEmpty()) {
          draft.lost(
              "step setWeight "
                  + next
                  + ": plans only go up, and end below 100 where Argo moves traffic");
        }
        highest = Math.max(highest, next);
        hold = "0s";
      } else if (step.has("pause")) {
        String duration = step.at("/pause/duration").asText("");
        if (duration.isEmpty()) {
          expose(weight, hold, draft);
          weight = "";
          draft.approval("go-on");
        } else {
          hold = duration.matches("\\d+") ? duration + "s" : duration;
        }
      } else if (!step.has("analysis")) {
        step.fieldNames().forEachRemaining(k -> draft.lost("step " + k + ": it stays with Argo"));
      }
    }
    expose(weight, hold, draft);
  }

  private static void expose(String weight, String hold, Draft draft) {
    if (!weight.isEmpty()) {
      draft.expose(weight, hold);
      if (hold.equals("0s")) {
        draft.lost(
            "step users-"
                + weight
                + ": it has no time of its own; it lasts until it is proven safe");
      }
    }
  }
}
