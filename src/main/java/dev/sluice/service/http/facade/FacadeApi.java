package dev.sluice.service.http.facade;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.ApiJson;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.Problems;
import dev.sluice.service.http.controllers.Desk;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Verdicts as numbers, for everything that can ask a Prometheus and nothing else: metric templates
 * of Flagger, metrics of Argo, Keptn, PipeCD, KEDA, panels of Grafana. Under a path of its own,
 * which is given to them as the address of a Prometheus.
 *
 * <p>Always exactly one series with one sample, its value a string and never NaN, because some of
 * them take the last of several series, and some take NaN for a pass. What cannot be told is an
 * error.
 */
public final class FacadeApi {
  private static final String BASE = "/prometheus/api/v1/";
  private static final Set<String> LABELS = Set.of("plan", "step", "rollout");

  private final Desk desk;

  public FacadeApi(Desk desk) {
    this.desk = desk;
  }

  private record Told(Map<String, String> labels, double value, boolean scalar) {}

  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    for (String path : List.of(BASE + "query", BASE + "query_range")) {
      boolean range = path.endsWith("range");
      all.add(
          Endpoint.get(path, Role.VIEWER, call -> answer(range, call::query))
              .knowingAnything()
              .saying(Endpoint.Voice.PROMETHEUS));
      all.add(
          Endpoint.post(path, Role.VIEWER, Endpoint.Body.FORM, call -> answer(range, inForm(call)))
              .knowingAnything()
              .asking()
              .saying(Endpoint.Voice.PROMETHEUS));
    }
    return all;
  }

  /** The official client posts its parameters as a form; some add others to the address. */
  private static Function<String, Optional<String>> inForm(Call call) {
    return name ->
        Optional.ofNullable(call.context().request().getFormAttribute(name))
            .or(() -> call.query(name));
  }

  private Future<Answer> answer(boolean range, Function<String, Optional<String>> parameters) {
    String query = parameters.apply("query").orElseThrow(() -> Call.bad("'query' is missing."));
    Question question = read(query);
    Instant now = desk.clock().instant();
    Optional<Instant> at = range ? Grid.last(parameters, now) : Grid.instant(parameters, now);
    return told(question, now).map(told -> range ? matrix(told, at) : instant(told, at));
  }

  private static Question read(String query) {
    try {
      return QuestionReader.read(query);
    } catch (QuestionReader.Unreadable e) {
      throw Call.bad(e.sentence());
    }
  }

  private Future<Told> told(Question question, Instant now) {
    return switch (question) {
      case Question.Constant c ->
          Future.succeededFuture(new Told(Map.of(), c.value(), !c.vector()));
      case Question.Series s -> told(s, now);
    };
  }

  private Future<Told> told(Question.Series series, Instant now) {
    Verdicts verdict =
        Verdicts.of(series.name())
            .orElseThrow(
                () ->
                    Call.bad(
                        "There is no series '"
                            + series.name()
                            + "' here. There are "
                            + String.join(", ", Verdicts.all())
                            + "."));
    for (String label : series.labels().keySet()) {
      if (!LABELS.contains(label)) {
        throw Call.bad(
            "The series have the labels plan, step and rollout, and no '" + label + "'.");
      }
    }
    String plan = series.labels().getOrDefault("plan", "");
    if (!plan.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw Call.bad("The label plan must name a plan, like {plan=\"checkout\"}.");
    }
    Optional<String> step = Optional.ofNullable(series.labels().get("step"));
    Map<String, String> labels = new TreeMap<>(series.labels());
    labels.put("__name__", series.name());
    return rollout(plan, Optional.ofNullable(series.labels().get("rollout")))
        .map(
            found ->
                new Told(
                    labels,
                    found
                        .map(r -> verdict.value(r, step, desk.decider(), now))
                        .orElseGet(Verdicts::ofNone),
                    false));
  }

  private Future<Optional<Rollout>> rollout(String plan, Optional<String> id) {
    return id.isEmpty()
        ? desk.latest(plan)
        : desk.store()
            .load(Call.rolloutId(id.get()))
            .map(
                found ->
                    found.map(stored -> stored.rollout()).filter(r -> r.plan().name().equals(plan)))
            .map(
                found ->
                    Optional.of(
                        found.orElseThrow(() -> Problems.unknownRollout(id.get()).refusal())));
  }

  private static Answer instant(Told told, Optional<Instant> at) {
    if (told.scalar()) {
      ArrayNode sample = sample(at.orElse(Instant.EPOCH), told.value());
      return success("scalar", sample);
    }
    ArrayNode result = ApiJson.mapper().createArrayNode();
    at.ifPresent(t -> series(result, told).set("value", sample(t, told.value())));
    return success("vector", result);
  }

  private static Answer matrix(Told told, Optional<Instant> at) {
    ArrayNode result = ApiJson.mapper().createArrayNode();
    at.ifPresent(t -> series(result, told).putArray("values").add(sample(t, told.value())));
    return success("matrix", result);
  }

  private static ObjectNode series(ArrayNode result, Told told) {
    ObjectNode series = result.addObject();
    ObjectNode labels = series.putObject("metric");
    told.labels().forEach(labels::put);
    return series;
  }

  /** The time as a number of seconds, the value as text. */
  private static ArrayNode sample(Instant at, double value) {
    String text = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    return ApiJson.mapper()
        .createArrayNode()
        .add(BigDecimal.valueOf(at.toEpochMilli(), 3))
        .add(text);
  }

  private static Answer success(String type, ArrayNode result) {
    ObjectNode answer = ApiJson.mapper().createObjectNode();
    answer.put("status", "success");
    ObjectNode data = answer.putObject("data");
    data.put("resultType", type);
    data.set("result", result);
    return Answer.json(200, answer);
  }
}
