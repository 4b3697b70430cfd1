package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.http.controllers.ArgoMetric.Outcome;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The web provider of Argo Rollouts, in the wirings that the how-to page shows. */
class ArgoConformanceTest {
  private static final String ASK = "/argo/checkout?run=default/checkout&revision=7d8f9c";
  private static final ArgoMetric A = new ArgoMetric(30, 0, 0, 100_000, 120, 1);
  private static final ArgoWeb PROMOTE_OR_ROLLBACK =
      new ArgoWeb("{$.decision}", Set.of("promote"), Set.of("rollback"));
  private static final ArgoMetric B = new ArgoMetric(60, 10, 0, 0, 4, 0);
  private static final ArgoWeb NO_REASON_TO_STOP =
      new ArgoWeb("{$.decision}", Set.of("promote", "continue"), Set.of("rollback"));
  private static final ArgoMetric C_PAUSE = new ArgoMetric(30, 0, -1, 0, 120, 1);
  private static final ArgoWeb PROMOTE_OR_PAUSE =
      new ArgoWeb("{$.decision}", Set.of("promote"), Set.of("continue", "rollback"));

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  // The clients are as the fixtures say.

  static Stream<Named<JsonNode>> vectors() {
    return StreamSupport.stream(
            Fixtures.read("argo-metric-assessment").get("vectors").spliterator(), false)
        .map(v -> Named.of(v.get("name").textValue(), v));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theAssessmentIsArgos(JsonNode vector) {
    JsonNode m = vector.get("metric");
    ArgoMetric metric =
        new ArgoMetric(
            m.get("interval").intValue(),
            m.get("count").asInt(0),
            m.get("failureLimit").intValue(),
            m.get("inconclusiveLimit").intValue(),
            m.get("consecutiveErrorLimit").intValue(),
            m.get("consecutiveSuccessLimit").intValue());
    String outcomes = outcomes(vector);

    ArgoMetric.End end =
        metric.run(
            n -> outcome(outcomes.charAt(n)),
            vector.get("measurementSeconds").intValue(),
            outcomes.length());

    assertEquals(
        new ArgoMetric.End(
            vector.get("metricPhase").textValue(),
            vector.get("afterSeconds").intValue(),
            vector.get("measurements").intValue()),
        end);
  }

  /** "III... (101 given)" continues to "gate wiring A: 100 times continue, then promote". */
  private static String outcomes(JsonNode vector) {
    String text = vector.get("outcomes").textValue();
    if (text.equals("ES...")) {
      return "ES".repeat(20);
    }
    if (text.startsWith("III...")) {
      return "I".repeat(100) + "S";
    }
    return text.startsWith("EEE...") ? "E".repeat(500) : text;
  }

  private static Outcome outcome(char letter) {
    return switch (letter) {
      case 'S' -> Outcome.SUCCESS;
      case 'F' -> Outcome.FAILURE;
      case 'I' -> Outcome.INCONCLUSIVE;
      default -> Outcome.ERROR;
    };
  }

  @Test
  void theAnswerIsReadAsTheWebProviderReadsIt() {
    for (JsonNode c : Fixtures.read("argo-web-provider").get("cases")) {
      JsonNode response = c.get("response");
      var value =
          ArgoWeb.value(
              response.get("status").intValue(),
              response.get("body").textValue(),
              c.get("jsonPath").asText("").replace("null", ""));
      assertEquals(
          c.get("measurementPhase").textValue().equals("Error"),
          value.isEmpty(),
          c.get("name").textValue());
      if (c.has("measurementValue") && !c.get("name").textValue().contains("sorted")) {
        assertEquals(c.get("measurementValue").textValue(), value.get(), c.get("name").textValue());
      }
    }
  }

  // The service.

  private HttpResponse<String> ask() {
    return server.get(ASK);
  }

  private Outcome measure(ArgoWeb web) {
    HttpResponse<String> answer = ask();
    return web.measure(answer.statusCode(), answer.body());
  }

  private Rollout rollout() {
    return Scenes.await(server.store.latestOf("checkout")).orElseThrow();
  }

  private String id() {
    return rollout().id().value();
  }

  private void complete() {
    while (!rollout().ended()) {
      server.scenes.tell(id(), new Command.Promote(Scenes.ANNA, "The test goes on."));
    }
  }

  private void watched() {
    server.plan("checkout", "10,50");
    assertEquals(200, ask().statusCode());
    server.scenes.looks(id(), 3, Scenes.well());
  }

  @Test
  void wiringAWaitsForThePromotion() {
    watched();

    ArgoMetric.End end =
        A.run(
            n -> {
              if (n == 5) {
                complete();
              }
              return measure(PROMOTE_OR_ROLLBACK);
            },
            0,
            100);

    assertEquals("Successful", end.phase());
    assertEquals(6, end.measurements());
  }

  @Test
  void wiringAFailsAtTheRollback() {
    watched();

    ArgoMetric.End end =
        A.run(
            n -> {
              if (n == 3) {
                server.scenes.tell(id(), new Command.RollBack(Scenes.ANNA, "broken"));
              }
              return measure(PROMOTE_OR_ROLLBACK);
            },
            0,
            100);

    assertEquals("Failed", end.phase());
    assertEquals(4, end.measurements());
  }

  @Test
  void wiringBEndsTheStepWhileNothingSpeaksAgainstIt() {
    watched();

    assertEquals("Successful", B.run(n -> measure(NO_REASON_TO_STOP), 0, 20).phase());
  }

  @Test
  void wiringBPausesAsSoonAsAPersonPauses() {
    watched();

    ArgoMetric.End end =
        B.run(
            n -> {
              if (n == 3) {
                server.scenes.tell(id(), new Command.Pause(Scenes.ANNA, "lunch"));
              }
              return measure(NO_REASON_TO_STOP);
            },
            0,
            20);

    assertEquals("Inconclusive", end.phase());
    assertEquals(4, end.measurements());
  }

  @Test
  void wiringCPromotesPausesAndGoesOn() {
    watched();
    assertEquals("Running", C_PAUSE.run(n -> measure(PROMOTE_OR_PAUSE), 0, 10).phase());

    server.scenes.tell(id(), new Command.Pause(Scenes.ANNA, "lunch"));
    assertEquals("Inconclusive", C_PAUSE.run(n -> measure(PROMOTE_OR_PAUSE), 0, 10).phase());

    server.scenes.tell(id(), new Command.Resume(Scenes.ANNA, ""));
    complete();
    assertEquals("Successful", C_PAUSE.run(n -> measure(PROMOTE_OR_PAUSE), 0, 10).phase());
  }

  @Test
  void blindnessIsNeitherAYesNorARollback() {
    watched();
    server.scenes.tell(id(), new Command.LoseSource("no route", 1));

    assertEquals(Outcome.INCONCLUSIVE, measure(PROMOTE_OR_ROLLBACK));
    assertEquals(Outcome.INCONCLUSIVE, measure(NO_REASON_TO_STOP));
  }

  @Test
  void whereTheStateCannotBeReadArgoMeasuresAnError() {
    watched();
    server.breakStore();

    assertEquals(Outcome.ERROR, measure(NO_REASON_TO_STOP));
  }

  @Test
  void everyMethodGetsTheSameRun() {
    server.plan("checkout", "10,50");
    String first = ask().body();
    String posted =
        server.send(server.request(ASK).POST(HttpRequest.BodyPublishers.noBody())).body();
    String withBody = server.post(ASK, "{\"any\": [1, \"thing\"]}").body();
    String put = server.put(ASK, "").body();

    assertEquals(List.of(first, first, first), List.of(posted, withBody, put));
    assertEquals(1, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void aNewRevisionEndsTheOldOneWhichThenBringsNothingBack() {
    watched();
    String old = id();

    server.get("/argo/checkout?run=default/checkout&revision=next");
    String late = ask().body();

    assertTrue(server.scenes.load(old).stage() instanceof Stage.Aborted);
    assertFalse(id().equals(old));
    assertTrue(late.contains("\"decision\":\"pause\""), late);
    assertTrue(late.contains("superseded"), late);
    assertFalse(rollout().ended());
  }

  @Test
  void afterAnAbortTheSameHashGetsARolloutOfItsOwn() {
    watched();
    String first = id();

    int status =
        server
            .post("/argo/checkout/ended", "{\"run\":\"default/checkout\",\"outcome\":\"aborted\"}")
            .statusCode();
    ask();

    assertEquals(204, status);
    assertTrue(server.scenes.load(first).ended());
    assertFalse(id().equals(first));
  }

  @Test
  void aRunThatCannotBeginWaits() {
    server.plan("checkout", "10,50");
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> answer = server.get("/argo/checkout?run=other");

    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().contains("\"decision\":\"pause\""), answer.body());
    assertEquals(1, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void aPlanOrStepThatIsNotThereAndATemplateThatWasNotFilledInAreErrors() {
    assertEquals(404, server.get("/argo/nothing?run=x").statusCode());
    watched();
    assertEquals(404, server.get(ASK + "&step=nope").statusCode());
    assertEquals(400, server.get("/argo/checkout?run=%7B%7Bargs.hash%7D%7D").statusCode());
    assertEquals(400, server.get("/argo/checkout?run=a%0Ab").statusCode());
    assertEquals(400, server.get("/argo/checkout?run=x&lease=1s").statusCode());
  }

  @Test
  void withoutARunThePlansNewestRolloutAnswersAndNothingBegins() {
    server.plan("checkout", "10,50");

    String none = server.get("/argo/checkout").body();

    assertTrue(none.contains("\"decision\":\"pause\""), none);
    assertEquals(0, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void kargoReadsTheSameWords() {
    JsonNode example = Fixtures.read("kargo-http-step").get("gateExample");
    assertTrue(example.get("successExpression").textValue().contains("decision == 'promote'"));
    server.plan("checkout", "10");

    String ask = "/kargo/checkout?run=promotion-1";
    String running = server.get(ask).body();
    server.scenes.looks(id(), 2, Scenes.well());
    server.scenes.tell(id(), new Command.RollBack(Scenes.ANNA, "It is broken."));
    String failed = server.get(ask).body();

    assertTrue(running.contains("\"decision\":\"continue\""), running);
    assertTrue(failed.contains("\"decision\":\"rollback\""), failed);
    assertTrue(failed.contains("It is broken."), failed);
  }
}
