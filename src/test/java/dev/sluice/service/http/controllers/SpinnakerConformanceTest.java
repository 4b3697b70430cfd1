package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spinnaker's webhook stage: one start, many polls, perhaps a cancel. */
class SpinnakerConformanceTest {
  private static final List<String> SUCCESS = List.of("SUCCEEDED");
  private static final List<String> CANCELED = List.of("CANCELED");
  private static final List<String> TERMINAL = List.of("TERMINAL");
  private static final String START = "/spinnaker/checkout?run=01ABC";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  /** What the stage does with the answer to a poll. */
  private static String monitor(int status, JsonNode body) {
    if (status == 429 || status >= 500) {
      return "retry";
    }
    if (status < 200 || status > 299) {
      return "TERMINAL";
    }
    JsonNode value = body.path("status");
    if (value.isIntegralNumber()) {
      return value.intValue() == 100 ? "SUCCEEDED" : "RUNNING";
    }
    if (!value.isTextual()) {
      return "TERMINAL";
    }
    String word = value.textValue().toUpperCase(Locale.ROOT);
    return SUCCESS.contains(word) || word.equals("SUCCESS")
        ? "SUCCEEDED"
        : CANCELED.contains(word) ? "CANCELED" : TERMINAL.contains(word) ? "TERMINAL" : "RUNNING";
  }

  static Stream<Named<JsonNode>> polls() {
    return StreamSupport.stream(
            Fixtures.read("spinnaker-webhook-stage").at("/monitor/outcomes").spliterator(), false)
        .filter(o -> o.has("body") || o.path("status").isIntegralNumber())
        .map(o -> Named.of(o.toString(), o));
  }

  @ParameterizedTest
  @MethodSource("polls")
  void theStageIsAsTheFixtureSays(JsonNode outcome) {
    String seen = monitor(outcome.path("status").asInt(200), outcome.path("body"));

    assertTrue(outcome.get("stage").textValue().startsWith(seen), seen);
  }

  private String poll(String url) {
    HttpResponse<String> answer = server.send(HttpRequest.newBuilder(URI.create(url)).GET());
    JsonNode body = TestServer.json(answer);
    if (answer.statusCode() == 200) {
      assertTrue(body.get("progress").isTextual(), "a missing progress would end the stage");
      assertTrue(answer.headers().firstValue("Content-Type").get().startsWith("application/json"));
    }
    return monitor(answer.statusCode(), body);
  }

  private String start() {
    server.plan("checkout", "10,50");
    HttpResponse<String> answer = server.post(START, "");
    assertEquals(201, answer.statusCode(), answer.body());
    String location = answer.headers().firstValue("Location").get();
    assertTrue(URI.create(location).isAbsolute(), location);
    assertEquals(location, TestServer.json(answer).get("statusUrl").textValue());
    assertEquals("RUNNING", TestServer.json(answer).get("status").textValue());
    return location;
  }

  private Rollout rollout() {
    return Scenes.await(server.store.latestOf("checkout")).orElseThrow();
  }

  private void tell(Command command) {
    server.scenes.tell(rollout().id().value(), command);
  }

  @Test
  void aStartThatIsRepeatedIsOneRollout() {
    String url = start();
    server.post(START, "");
    server.post("/spinnaker/checkout", "{\"run\":\"01ABC\"}");

    assertEquals(1, Scenes.await(server.store.list(10)).size());
    assertEquals("RUNNING", poll(url));
    assertEquals("RUNNING", poll(server.uri(START).toString()));
  }

  @Test
  void theStageSucceedsOnlyWhenTheGateIsOpen() {
    String url = start();
    server.scenes.looks(rollout().id().value(), 2, Scenes.well());
    assertEquals("RUNNING", poll(url));
    tell(new Command.Pause(Scenes.ANNA, "lunch"));
    assertEquals("RUNNING", poll(url));
    tell(new Command.Resume(Scenes.ANNA, ""));
    tell(new Command.LoseSource("no route", 1));
    assertEquals("RUNNING", poll(url));
    tell(new Command.Promote(Scenes.ANNA, "good"));
    assertEquals("SUCCEEDED", poll(url + "&step=users-10"));
    tell(new Command.Promote(Scenes.ANNA, "good"));
    assertEquals("SUCCEEDED", poll(url));
  }

  @Test
  void aRollbackEndsTheStage() {
    String url = start();
    tell(new Command.RollBack(Scenes.ANNA, "It is broken."));

    assertEquals("TERMINAL", poll(url));
  }

  @Test
  void cancellingWorksByThePipelinesOwnKeyAndCanBeRepeated() {
    String url = start();
    for (int i = 0; i < 2; i++) {
      assertEquals(
          200, server.post("/spinnaker/checkout/cancel", "{\"run\":\"01ABC\"}").statusCode());
    }
    assertEquals(204, server.post("/spinnaker/checkout/cancel?run=unknown", "").statusCode());

    assertTrue(rollout().ended());
    assertEquals("CANCELED", poll(url));
  }

  @Test
  void troubleOfOursIsAskedAgain() {
    String url = start();
    server.breakStore();

    assertEquals("retry", poll(url));
  }

  @Test
  void aStartThatIsRefusedIsFinalAndSaysWhy() {
    start();
    HttpResponse<String> busy = server.post("/spinnaker/checkout?run=02DEF", "");
    HttpResponse<String> misspelt = server.post("/spinnaker/checkout", "{\"execution\":\"1\"}");

    assertEquals(409, busy.statusCode());
    assertEquals(400, misspelt.statusCode());
    assertEquals("TERMINAL", monitor(409, TestServer.json(busy)));
  }
}
