package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Command;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatesApiTest {
  private static final String GATE = "/api/v1/gates/checkout";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private void assertGate(int status, String word, String query) {
    HttpResponse<String> check = server.get(GATE + "/check" + query);
    HttpResponse<String> gate = server.get(GATE + query);
    assertEquals(status, check.statusCode(), check.body());
    assertEquals(word, check.headers().firstValue("Gate-State").orElse(""));
    assertTrue(check.body().startsWith(word + ": "), check.body());
    assertEquals(1, check.body().lines().count());
    assertEquals(word, json(gate).get("gate").textValue());
    assertEquals(200, gate.statusCode());
  }

  @Test
  void whatIsStillBakingIsNotYet() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertGate(403, "unclear", "");
    assertGate(403, "unclear", "?step=users-10");
    assertTrue(server.get(GATE + "/check").body().contains("Observed for"));
  }

  @Test
  void aStepThatWasLeftIsOpen() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertGate(200, "open", "?step=users-1");
  }

  @Test
  void aStepThatIsNotReachedIsNotYet() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertGate(403, "unclear", "?step=users-50");
  }

  @Test
  void whatWasRolledBackIsClosedAtEveryStep() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.look("checkout-1", Scenes.harmful());

    assertGate(403, "closed", "");
    assertGate(403, "closed", "?step=users-1");
    server.scenes.confirmed("checkout-1");
    assertGate(403, "closed", "?step=users-1");
    assertEquals("rollBack", json(server.get(GATE)).get("decision").textValue());
  }

  @Test
  void whatWasAbortedIsClosed() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Abort(Scenes.ANNA, "enough"));

    assertGate(403, "closed", "?step=users-1");
  }

  @Test
  void aRegressionClosesThePassedStepsTooWhereThePlanOnlyHolds() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout", "7", Step.OnRegression.HOLD));
    server.scenes.look("checkout-1", Scenes.harmful());

    assertEquals("held", json(server.get("/api/v1/rollouts/checkout-1")).get("state").textValue());
    assertGate(403, "closed", "?step=users-1");
    assertGate(403, "closed", "?step=users-10");
  }

  @Test
  void whatAPersonForcedIsOpen() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Promote(Scenes.ANNA, "tested by hand"));

    assertGate(200, "open", "?step=users-10");
    assertGate(403, "unclear", "?step=users-50");
  }

  @Test
  void whatIsPausedIsNotYet() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Pause(Scenes.ANNA, "lunch"));

    assertGate(403, "unclear", "?step=users-10");
  }

  @Test
  void withoutDataItCannotTell() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.looks("checkout-1", 3, Scenes.blindOnLatency());

    assertGate(503, "error", "?step=users-10");
  }

  @Test
  void whileTheMetricsSystemIsLostItCannotTell() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.LoseSource("connection refused", 1));

    assertGate(503, "error", "?step=users-10");
    assertGate(200, "open", "?step=users-1");
  }

  @Test
  void whenNobodyLooksAnyMoreItCannotTell() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    JsonNode fresh = json(server.get(GATE));

    server.clock.set(Instant.parse(fresh.get("validUntil").textValue()));
    assertGate(403, "unclear", "?step=users-10");
    server.clock.advance(Duration.ofMillis(1));
    assertGate(503, "error", "?step=users-10");
  }

  @Test
  void beforeTheBeginningNothingIsOverdue() {
    server.clock.set(Instant.parse("2026-03-07T10:00:00Z"));
    server.scenes.begun("checkout-1", Scenes.inOfficeHours("checkout"));
    server.clock.advance(Duration.ofHours(20));

    assertEquals(
        "pending", json(server.get("/api/v1/rollouts/checkout-1")).get("state").textValue());
    assertGate(403, "unclear", "?step=users-1");
    assertTrue(json(server.get(GATE)).get("validUntil").isNull());
  }

  @Test
  void aStoreThatCannotBeReadIsNoYes() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.breakStore();

    HttpResponse<String> check = server.get(GATE + "/check?step=users-1");
    HttpResponse<String> gate = server.get(GATE + "?step=users-1");

    assertEquals(503, check.statusCode());
    assertEquals("error", check.headers().firstValue("Gate-State").get());
    assertEquals(503, gate.statusCode());
    assertEquals("error", json(gate).get("gate").textValue());
  }

  @Test
  void aPlanThatWasNeverStartedIsNotYet() {
    server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n");

    assertGate(403, "unclear", "?step=users-1");
  }

  @Test
  void aPlanNobodyKnowsIsNoYes() {
    HttpResponse<String> check = server.get(GATE + "/check");

    assertEquals(404, check.statusCode());
    assertEquals("urn:sluice:problem:unknown-plan", json(check).get("type").textValue());
  }

  @Test
  void aStepThatIsNotInThePlanIsNoYesAndTheKnownOnesAreNamed() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> check = server.get(GATE + "/check?step=users-2");

    assertEquals(404, check.statusCode());
    assertTrue(json(check).get("detail").textValue().contains("users-1, users-10"));
  }

  @Test
  void aCompleteRolloutIsOpenUntilThePlanIsChanged() {
    server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n");
    server.post("/api/v1/plans/checkout/rollouts", "");
    for (int step = 0; step < 5; step++) {
      server.scenes.confirmed("checkout-1");
      server.scenes.look("checkout-1", Scenes.well());
      boolean last = step == 4;
      server.scenes.tell(
          "checkout-1",
          last ? new Command.Retire(Scenes.ANNA, "go") : new Command.Promote(Scenes.ANNA, "go"));
    }

    assertGate(200, "open", "?step=keep-old");
    assertGate(200, "open", "");
    server.put("/api/v1/plans/checkout", "metadata:\n  name: checkout\n# next version\n");
    assertGate(403, "unclear", "?step=keep-old");
    assertGate(200, "open", "?step=keep-old&rollout=checkout-1");
  }

  @Test
  void whoAsksSinceWhenIsNotAnsweredWithAnOldYes() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertGate(200, "open", "?step=users-1&since=2026-03-02T10:00:00Z");
    assertGate(403, "unclear", "?step=users-1&since=2026-03-02T10:00:01Z");
    assertEquals(400, server.get(GATE + "/check?since=yesterday").statusCode());
  }

  @Test
  void whoNamesARolloutIsAnsweredForThatOne() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.begun("checkout-2", Scenes.plan("checkout"));
    server.scenes.begun("basket-1", Scenes.plan("basket"));

    assertGate(403, "unclear", "?step=users-1");
    assertGate(200, "open", "?step=users-1&rollout=checkout-1");
    assertEquals(404, server.get(GATE + "/check?rollout=basket-1").statusCode());
    assertEquals(404, server.get(GATE + "/check?rollout=nope").statusCode());
  }

  @Test
  void aLookOfTheStepBeforeSaysNothingOfThisOne() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Promote(Scenes.ANNA, "go"));
    server.scenes.confirmed("checkout-1");

    assertGate(403, "unclear", "?step=users-50");
  }

  @Test
  void theAnswerAsJsonHasTheNumbersOfTheStep() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> check = server.get(GATE + "/check", "Accept", "application/json");

    JsonNode body = json(check);
    assertEquals(403, check.statusCode());
    assertEquals(10.0, body.get("percent").doubleValue(), 0);
    assertEquals("hold", body.get("decision").textValue());
    assertEquals("checkout-1", body.get("rollout").textValue());
    assertEquals("users-10", body.get("step").textValue());
    assertEquals("pass", body.get("metrics").get(0).get("verdict").textValue());
    assertEquals("2026-03-02T13:43:00Z", body.get("evaluatedAt").textValue());
    assertEquals("2026-03-02T13:44:45Z", body.get("validUntil").textValue());
  }

  @Test
  void callersThatSendOnlyHeadAreAnsweredTheSame() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> head =
        server.send(
            server
                .request(GATE + "/check?step=users-1")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertEquals(200, head.statusCode());
    assertEquals("open", head.headers().firstValue("Gate-State").get());
  }
}
