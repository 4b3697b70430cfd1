package dev.sluice.service.flags.launchdarkly;

import static dev.sluice.service.store.Await.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;

/**
 * What LaunchDarkly's API description says of flags, semantic patches and triggers, and no more:
 * one project "shop", one environment "production", boolean flags.
 */
final class LaunchDarklyEmulator {
  static final String TOKEN = "api-token-1";
  private static final String FLAGS = "/api/v2/flags/shop/";
  private static final String TYPE = "application/json; domain-model=launchdarkly.semanticpatch";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final Map<String, ObjectNode> flags = new java.util.TreeMap<>();
  private final Queue<Refusal> refusals = new ArrayDeque<>();
  private final List<String> patches = new ArrayList<>();
  private final List<String> triggered = new ArrayList<>();
  private Optional<Refusal> always = Optional.empty();
  private Runnable beforeAPatch = () -> {};

  /** An answer other than what was asked for. */
  record Refusal(int status, String code, String message, Map<String, String> headers) {}

  LaunchDarklyEmulator(Vertx vertx) {
    server = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  String trigger() {
    return url() + "/webhook/triggers/secret";
  }

  /** A flag that is off, whose default rule serves the baseline. */
  synchronized void with(String key) {
    flags.put(
        key,
        (ObjectNode)
            parsed(
                """
                {"key":"%s","_version":1,
                 "variations":[{"_id":"var-new","value":true,"name":"new"},{"_id":"var-old","value":false}],
                 "environments":{"production":{"on":false,"version":1,"offVariation":1,"lastModified":1795428930000,
                   "targets":[],"contextTargets":[],"rules":[{"_id":"rule-1","description":"beta","variation":1,"clauses":[]}],
                   "fallthrough":{"variation":1}}}}
                """
                    .formatted(key)));
  }

  static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  synchronized ObjectNode environment(String key) {
    return (ObjectNode)
        Objects.requireNonNull(flags.get(key)).path("environments").path("production");
  }

  /** As somebody does it in the browser. */
  synchronized void sets(String key, int weight) {
    environment(key)
        .put("on", true)
        .set(
            "fallthrough",
            parsed(
                "{\"rollout\":{\"variations\":[{\"variation\":0,\"weight\":%d},{\"variation\":1,\"weight\":%d}],\"contextKind\":\"user\",\"bucketBy\":\"key\",\"seed\":61}}"
                    .formatted(weight, 100_000 - weight)));
    changed(key);
  }

  private void changed(String key) {
    ObjectNode flag = Objects.requireNonNull(flags.get(key));
    flag.put("_version", flag.path("_version").asInt() + 1);
  }

  /** The next patch is answered like this. */
  synchronized void refusesOnce(int status, String code, String message) {
    refusals.add(new Refusal(status, code, message, Map.of()));
  }

  synchronized void refusesOnce(Refusal refusal) {
    refusals.add(refusal);
  }

  /** Every patch from now on. */
  synchronized void refuses(int status, String code, String message) {
    always = Optional.of(new Refusal(status, code, message, Map.of()));
  }

  synchronized void beforeAPatch(Runnable work) {
    beforeAPatch = work;
  }

  synchronized List<String> patches() {
    return List.copyOf(patches);
  }

  synchronized List<String> triggered() {
    return List.copyOf(triggered);
  }

  void stop() {
    await(server.close());
  }

  private void answer(HttpServerRequest request) {
    request.body().onSuccess(body -> answer(request, body.toString()));
  }

  private synchronized void answer(HttpServerRequest request, String body) {
    if (request.path().equals("/webhook/triggers/secret")) {
      triggered.add(body);
      flags.keySet().forEach(key -> environment(key).put("on", false));
      request.response().end("{}");
    } else if (!TOKEN.equals(request.getHeader("Authorization"))) {
      refuse(request, new Refusal(401, "unauthorized", "Invalid account ID header", Map.of()));
    } else {
      flag(request, body, request.path().replace(FLAGS, ""));
    }
  }

  private void flag(HttpServerRequest request, String body, String key) {
    ObjectNode flag = flags.get(key);
    if (flag == null || !request.path().startsWith(FLAGS)) {
      refuse(request, new Refusal(404, "not_found", "Unknown feature key", Map.of()));
    } else if (request.method().name().equals("PATCH")) {
      patch(request, body, key);
    } else {
      request.response().end(flag.toString());
    }
  }

  private void patch(HttpServerRequest request, String body, String key) {
    boolean dry = "true".equals(request.getParam("dryRun"));
    if (!dry) {
      beforeAPatch.run();
      beforeAPatch = () -> {};
    }
    patches.add((dry ? "dry " : "") + body);
    Optional<Refusal> refusal = Optional.ofNullable(refusals.poll()).or(() -> always);
    if (!TYPE.equals(request.getHeader("Content-Type"))) {
      refuse(request, new Refusal(400, "invalid_request", "not a semantic patch", Map.of()));
    } else if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else {
      ObjectNode before = Objects.requireNonNull(flags.get(key)).deepCopy();
      parsed(body).path("instructions").forEach(i -> instruct(key, i));
      changed(key);
      request.response().end(Objects.requireNonNull(flags.get(key)).toString());
      if (dry) {
        flags.put(key, before);
      }
    }
  }

  private void instruct(String key, JsonNode instruction) {
    ObjectNode environment = environment(key);
    switch (instruction.path("kind").asText()) {
      case "turnFlagOn" -> environment.put("on", true);
      case "turnFlagOff" -> environment.put("on", false);
      case "updateFallthroughVariationOrRollout" ->
          environment.set("fallthrough", rollout(instruction, environment.path("fallthrough")));
      case "updateRuleVariationOrRollout" -> {
        ObjectNode rule = (ObjectNode) environment.path("rules").path(0);
        rule.remove("variation");
        rule.set("rollout", rollout(instruction, rule).path("rollout"));
      }
      default -> throw new IllegalArgumentException(instruction.toString());
    }
  }

  private static ObjectNode rollout(JsonNode instruction, JsonNode before) {
    JsonNode weights = instruction.path("rolloutWeights");
    if (weights.path("var-new").asInt() + weights.path("var-old").asInt() != 100_000) {
      throw new IllegalArgumentException("weights must add up to 100000: " + instruction);
    }
    ObjectNode rollout = JSON.createObjectNode();
    ArrayNode variations = rollout.putArray("variations");
    variations.addObject().put("variation", 0).put("weight", weights.path("var-new").asInt());
    variations.addObject().put("variation", 1).put("weight", weights.path("var-old").asInt());
    rollout.put("contextKind", instruction.path("rolloutContextKind").asText());
    rollout.put("seed", before.path("rollout").path("seed").asInt(61));
    return JSON.createObjectNode().set("rollout", rollout);
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    refusal.headers().forEach((name, value) -> request.response().putHeader(name, value));
    request
        .response()
        .setStatusCode(refusal.status())
        .end(
            JSON.createObjectNode()
                .put("code", refusal.code())
                .put("message", refusal.message())
                .toString());
  }
}
