package dev.sluice.service.http.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Flagger as far as its hooks go: the tick of the canary strategy, the request, what counts as yes.
 * It follows redirects, reads 200, 201 and 202 as yes and everything else as no, a refused
 * connection included.
 */
final class FlaggerClient {
  /** A canary as it is written down. */
  record Canary(int stepWeight, int maxWeight, int promotionStep, int threshold) {}

  record Asked(int tick, String hook, String phase, boolean yes) {}

  record State(int tick, String phase, int weight, int failedChecks) {}

  private static final Set<Integer> YES = Set.of(200, 201, 202);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Canary canary;
  private final URI service;
  private final Set<String> down;
  private final boolean events;
  private final Supplier<Boolean> metricsAreGood;
  private final List<Asked> asked = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private String phase = "Initialized";
  private String checksum = "revision-1";
  private final String next;
  private int tick = -1;
  private int weight;
  private int failed;

  /**
   * @param down hooks whose address does not answer
   * @param events whether its events are sent to the service too
   */
  FlaggerClient(
      Canary canary,
      URI service,
      Set<String> down,
      boolean events,
      String next,
      Supplier<Boolean> metricsAreGood) {
    this.canary = canary;
    this.service = service;
    this.down = down;
    this.events = events;
    this.next = next;
    this.metricsAreGood = metricsAreGood;
  }

  List<Asked> asked() {
    return asked;
  }

  List<State> states() {
    return states;
  }

  String lastBody() {
    return bodies.getLast();
  }

  boolean over() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** One interval. */
  State tick() {
    tick++;
    switch (phase) {
      case "Initialized", "Waiting" -> begin();
      case "Progressing", "WaitingPromotion" -> advance();
      case "Promoting" -> promote();
      case "Finalising" -> finish("Succeeded");
      default -> throw new IllegalStateException(phase);
    }
    State state = new State(tick, phase, weight, failed);
    states.add(state);
    return state;
  }

  /** A new revision was pushed after the end. */
  void anotherRevision() {
    weight = 0;
    failed = 0;
    if (hook("confirm-rollout", phase)) {
      phase = "Progressing";
      checksum = next + "-again";
    }
  }

  private void begin() {
    if (hook("confirm-rollout", phase)) {
      phase = "Progressing";
      checksum = next;
    } else {
      phase = "Waiting";
    }
  }

  private void advance() {
    if (hook("rollback", phase) || failed >= canary.threshold()) {
      weight = 0;
      finish("Failed");
      return;
    }
    boolean fine =
        weight == 0
            ? hook("pre-rollout", "Progressing")
            : hook("rollout", "Progressing") && metricsAreGood.get();
    if (!fine) {
      failed++;
      return;
    }
    boolean waiting = phase.equals("WaitingPromotion");
    if (!waiting && !hook("confirm-traffic-increase", "Progressing")) {
      return;
    }
    if (weight < canary.maxWeight()) {
      weight = Math.min(canary.maxWeight(), weight + canary.stepWeight());
      event("Advance podinfo.test canary weight " + weight);
    } else {
      phase = hook("confirm-promotion", "Progressing") ? "Promoting" : "WaitingPromotion";
    }
  }

  private void promote() {
    weight = canary.promotionStep() > 0 ? weight - canary.promotionStep() : 0;
    if (weight <= 0) {
      weight = 0;
      phase = "Finalising";
    }
  }

  private void finish(String end) {
    phase = end;
    hook("post-rollout", end);
  }

  private void event(String message) {
    if (events) {
      send("event", body("Progressing").set("metadata", metadata(message)));
    }
  }

  private static ObjectNode metadata(String message) {
    return Fixtures.JSON
        .createObjectNode()
        .put("eventMessage", message)
        .put("eventType", "Normal")
        .put("timestamp", "1578607635167");
  }

  private ObjectNode body(String said) {
    return Fixtures.JSON
        .createObjectNode()
        .put("name", "podinfo")
        .put("namespace", "test")
        .put("phase", said)
        .put("checksum", checksum);
  }

  /** Answers whether it was a yes. */
  boolean hook(String hook, String said) {
    boolean yes = !down.contains(hook) && YES.contains(send(hook, body(said)));
    asked.add(new Asked(tick, hook, said, yes));
    return yes;
  }

  private int send(String hook, com.fasterxml.jackson.databind.JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service + "/" + hook))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("User-Agent", "Go-http-client/1.1")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      bodies.add(answer.body());
      return answer.statusCode();
    } catch (IOException refused) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
