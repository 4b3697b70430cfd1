package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two clients of Kayenta, which read the same answer differently. */
class KayentaConformanceTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Rollout rollout() {
    return Scenes.await(server.store.latestOf("checkout")).orElseThrow();
  }

  private String id() {
    return rollout().id().value();
  }

  private static JsonNode startOfArgo() {
    return Fixtures.read("argo-kayenta-provider").get("calls").get(1).get("body");
  }

  private static JsonNode startOfOrca() {
    return Fixtures.read("spinnaker-kayenta-client").get("calls").get(1).get("body");
  }

  private String start(String base, String config, JsonNode body) {
    HttpResponse<String> answer =
        server.post(
            base
                + "/canary/"
                + config
                + "?application=guestbook&metricsAccountName=prod&configurationAccountName=c"
                + "&storageAccountName=s",
            body.toString());
    assertEquals(200, answer.statusCode(), answer.body());
    return TestServer.json(answer).get("canaryExecutionId").textValue();
  }

  private JsonNode poll(String execution) {
    HttpResponse<String> answer = server.get("/canary/" + execution + "?storageAccountName=s");
    assertEquals(200, answer.statusCode(), answer.body());
    return TestServer.json(answer);
  }

  /** As Argo reads it. */
  private static String argo(JsonNode answer, int pass, int marginal) {
    if (!answer.path("complete").isBoolean()) {
      return "Error";
    }
    if (!answer.get("complete").booleanValue()) {
      return "Running";
    }
    JsonNode score = answer.at("/result/judgeResult/score/score");
    if (!score.isNumber()) {
      return "Error";
    }
    int cut = (int) score.doubleValue();
    return cut >= pass ? "Successful" : cut >= marginal ? "Inconclusive" : "Failed";
  }

  /** As Spinnaker reads one judgement: at the marginal score it fails already. */
  private static String orca(JsonNode answer, int pass, int marginal) {
    String status = answer.get("status").textValue();
    if (!answer.get("complete").booleanValue()) {
      assertEquals("running", status);
      return "RUNNING";
    }
    if (!status.equals("succeeded")) {
      return status.equals("canceled") ? "CANCELED" : "TERMINAL";
    }
    JsonNode judged = answer.at("/result/judgeResult");
    JsonNode score = judged.at("/score/score");
    assertTrue(score.isIntegralNumber(), score.toString());
    assertTrue(judged.at("/score/classification").isTextual());
    assertTrue(judged.at("/score/classificationReason").isTextual());
    assertTrue(answer.at("/result/canaryDuration").isTextual());
    Duration.parse(answer.at("/result/canaryDuration").textValue());
    for (JsonNode result : judged.get("results")) {
      assertTrue(result.at("/controlMetadata/stats/count").isIntegralNumber());
    }
    return score.intValue() <= marginal
        ? "TERMINAL"
        : score.intValue() < pass ? "MARGINAL" : "SUCCEEDED";
  }

  @Test
  void theConfigurationIsFoundByItsName() {
    server.plan("checkout", "10,50");

    JsonNode all =
        TestServer.json(
            server.get("/canaryConfig?application=guestbook&configurationAccountName=s"));

    assertEquals("checkout", all.get(0).get("name").textValue());
    assertEquals("checkout,users-10", all.get(1).get("id").textValue());
    JsonNode shape = Fixtures.read("argo-kayenta-provider").get("calls").get(0).get("response");
    shape.get(0).fieldNames().forEachRemaining(f -> assertTrue(all.get(0).has(f), f));
    assertEquals("guestbook", all.get(0).at("/applications/0").textValue());
  }

  @Test
  void notYetIsNotComplete() {
    server.plan("checkout", "10,50");
    String execution = start("", "checkout", startOfArgo());
    server.scenes.looks(id(), 3, Scenes.well());

    assertEquals("Running", argo(poll(execution), 90, 75));
    server.scenes.tell(id(), new Command.Pause(Scenes.ANNA, "lunch"));
    assertEquals("Running", argo(poll(execution), 90, 75));
    server.scenes.tell(id(), new Command.LoseSource("no route", 1));
    assertEquals("Running", argo(poll(execution), 90, 75));
    assertEquals("RUNNING", orca(poll(execution), 90, 75));
  }

  @Test
  void anOpenGatePassesWithBothClients() {
    server.plan("checkout", "10,50");
    String whole = start("/kayenta", "checkout", startOfOrca());
    String step = start("", "checkout,users-10", startOfOrca());
    server.scenes.looks(id(), 3, Scenes.well());

    server.scenes.tell(id(), new Command.Promote(Scenes.ANNA, "good"));
    assertEquals("Successful", argo(poll(step), 75, 50));
    assertEquals("Running", argo(poll(whole), 75, 50));

    server.scenes.tell(id(), new Command.Promote(Scenes.ANNA, "good"));
    assertEquals("Successful", argo(poll(whole), 75, 50));
    assertEquals("SUCCEEDED", orca(poll(whole), 75, 50));
  }

  @Test
  void aRollbackFailsWithBothClients() {
    server.plan("checkout", "10,50");
    String execution = start("", "checkout", startOfOrca());
    server.scenes.looks(id(), 3, Scenes.well());
    server.scenes.tell(id(), new Command.RollBack(Scenes.ANNA, "It is broken."));

    assertEquals("Failed", argo(poll(execution), 75, 50));
    assertEquals("TERMINAL", orca(poll(execution), 75, 50));
    assertTrue(
        poll(execution)
            .at("/result/judgeResult/score/classificationReason")
            .textValue()
            .contains("It is broken."));
  }

  @Test
  void whatAPersonEndedPausesArgoAndCancelsTheStage() {
    server.plan("checkout", "10,50");
    String execution = start("", "checkout", startOfOrca());
    server.scenes.tell(id(), new Command.Abort(Scenes.ANNA, "wrong plan"));

    assertEquals("Inconclusive", argo(poll(execution), 75, 50));
    assertEquals("CANCELED", orca(poll(execution), 75, 50));
  }

  @Test
  void startingAgainIsTheSameRunThoughTheTimesHaveMoved() {
    server.plan("checkout", "10,50");
    JsonNode first = startOfArgo();
    ObjectNode later = first.deepCopy();
    ((ObjectNode) later.at("/scopes/default/controlScope")).put("start", "2019-03-29T02:00:00Z");
    ((ObjectNode) later.at("/scopes/default/experimentScope")).put("end", "2019-03-29T03:00:00Z");

    assertEquals(start("", "checkout", first), start("", "checkout", later));
    assertEquals(1, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void otherScopesEndTheRunBeforeAndAreNotEndedByItsLastQuestions() {
    server.plan("checkout", "10,50");
    JsonNode first = startOfArgo();
    ObjectNode next = first.deepCopy();
    ((ObjectNode) next.at("/scopes/default/experimentScope")).put("scope", "hash=zzzz");
    String one = start("", "checkout", first);
    String two = start("", "checkout", next);

    HttpResponse<String> late =
        server.post("/canary/checkout?application=guestbook", first.toString());

    assertFalse(one.equals(two));
    assertEquals(409, late.statusCode());
    assertEquals("Running", argo(poll(two), 90, 75));
  }

  @Test
  void aVerdictIsNotGivenAgainWhenTheSameScopesComeMuchLater() {
    server.plan("checkout", "10");
    String old = start("", "checkout", startOfOrca());
    server.scenes.looks(id(), 2, Scenes.well());
    server.scenes.tell(id(), new Command.Promote(Scenes.ANNA, "good"));
    assertEquals(old, start("", "checkout", startOfOrca()));

    server.clock.advance(Duration.ofHours(3));
    String fresh = start("", "checkout", startOfOrca());

    assertFalse(old.equals(fresh));
    assertEquals("Running", argo(poll(fresh), 75, 50));
  }

  @Test
  void cancellingEndsItAndFreesTheScopes() {
    server.plan("checkout", "10");
    String execution = start("", "checkout", startOfOrca());
    String first = id();

    int status =
        server
            .send(
                server
                    .request("/pipelines/" + execution + "/cancel")
                    .PUT(HttpRequest.BodyPublishers.noBody()))
            .statusCode();

    assertEquals(200, status);
    assertTrue(server.scenes.load(first).ended());
    assertFalse(execution.equals(start("", "checkout", startOfOrca())));
  }

  @Test
  void theAccountsAreTheMetricsSystems() {
    JsonNode all = TestServer.json(server.get("/credentials"));

    assertEquals("prod", all.get(0).get("name").textValue());
    assertEquals("prometheus", all.get(0).get("type").textValue());
  }

  /** A rollback is told with the score 0, and both clients pass what reaches the threshold. */
  @Test
  void aThresholdThatARollbackWouldReachIsRefused() {
    server.plan("checkout", "10");
    String scopes = startOfOrca().get("scopes").toString();

    HttpResponse<String> refused =
        server.post(
            "/canary/checkout",
            "{\"scopes\":" + scopes + ",\"thresholds\":{\"pass\":0,\"marginal\":0}}");

    assertEquals(400, refused.statusCode());
    assertTrue(refused.body().contains("a rollback has the score 0"), refused.body());
    assertEquals(0, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void whatIsWrongWithAStartIsSaidAtOnce() {
    server.plan("checkout", "10");

    HttpResponse<String> refused =
        server.post("/canary/checkout", "{\"scopes\":{},\"thresholds\":{\"pass\":\"x\"}}");

    assertEquals(400, refused.statusCode());
    assertEquals(3, TestServer.json(refused).get("errors").size());
    assertEquals(404, server.post("/canary/nothing", startOfOrca().toString()).statusCode());
    for (String wrong : List.of("x", "a~b~c~d", "a~~1.2.3~5", "checkout-1~~90~75")) {
      assertEquals(404, server.get("/canary/" + wrong).statusCode(), wrong);
    }
  }
}
