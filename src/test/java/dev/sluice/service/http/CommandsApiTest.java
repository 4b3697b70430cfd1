package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RequestStore.StartRequest;
import dev.sluice.service.store.RolloutStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandsApiTest {
  private static final String ONE = "/api/v1/rollouts/checkout-1";
  private static final String PLAN = "metadata:\n  name: checkout\n";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aStoredPlanIsStarted() {
    server.put("/api/v1/plans/checkout", PLAN);

    HttpResponse<String> started = server.post("/api/v1/plans/checkout/rollouts", "");

    assertEquals(201, started.statusCode());
    assertEquals(ONE, started.headers().firstValue("Location").get());
    assertEquals("applying", json(started).get("state").textValue());
    assertEquals("somebody on loopback", json(started).get("startedBy").get("name").textValue());
    assertEquals(200, server.get(ONE).statusCode());
  }

  @Test
  void aPlanThatNobodyHandedInCannotBeStarted() {
    assertEquals(404, server.post("/api/v1/plans/checkout/rollouts", "").statusCode());
  }

  @Test
  void aPlanRunsOnceAtATime() {
    server.put("/api/v1/plans/checkout", PLAN);
    server.post("/api/v1/plans/checkout/rollouts", "");

    HttpResponse<String> second = server.post("/api/v1/plans/checkout/rollouts", "");

    assertEquals(409, second.statusCode());
    assertEquals("notNow", json(second).get("code").textValue());
    assertTrue(json(second).get("detail").textValue().contains("checkout-1"));
  }

  @Test
  void aPlanInTheBodyIsStartedAtOnceAndKept() {
    HttpResponse<String> started =
        server.send(
            server
                .request("/api/v1/rollouts")
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(PLAN)));

    assertEquals(201, started.statusCode());
    assertEquals("checkout", json(started).get("plan").textValue());
    assertEquals(PLAN, server.get("/api/v1/plans/checkout").body());
  }

  @Test
  void aPlanThatWasNotStartedIsNotKeptEither() {
    server.put("/api/v1/plans/checkout", PLAN);
    server.post("/api/v1/plans/checkout/rollouts", "");

    HttpResponse<String> refused =
        server.send(
            server
                .request("/api/v1/rollouts")
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(PLAN + "# other\n")));

    assertEquals(409, refused.statusCode());
    assertEquals(PLAN, server.get("/api/v1/plans/checkout").body());
  }

  @Test
  void theSameKeyStartsOnce() {
    server.put("/api/v1/plans/checkout", PLAN);
    String address = "/api/v1/plans/checkout/rollouts";

    HttpResponse<String> first = server.post(address, "", "Idempotency-Key", "deploy-7");
    server.post(ONE + "/abort", "{\"reason\":\"enough\"}");
    HttpResponse<String> again = server.post(address, "", "Idempotency-Key", "deploy-7");
    HttpResponse<String> other = server.post(address, "{}", "Idempotency-Key", "deploy-7");
    HttpResponse<String> next = server.post(address, "", "Idempotency-Key", "deploy-8");

    assertEquals(201, first.statusCode());
    assertEquals(201, again.statusCode());
    assertEquals(ONE, again.headers().firstValue("Location").get());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").get());
    assertEquals(422, other.statusCode());
    assertEquals("/api/v1/rollouts/checkout-2", next.headers().firstValue("Location").get());
  }

  @Test
  void aRefusedStartMayBeTriedAgainWithItsKey() {
    String address = "/api/v1/plans/checkout/rollouts";

    HttpResponse<String> refused = server.post(address, "", "Idempotency-Key", "deploy-7");
    server.put("/api/v1/plans/checkout", PLAN);
    HttpResponse<String> started = server.post(address, "", "Idempotency-Key", "deploy-7");

    assertEquals(404, refused.statusCode());
    assertEquals(201, started.statusCode());
  }

  private void deadRequest(String key) {
    StartRequest request =
        new StartRequest(
            "somebody on loopback",
            key,
            "/api/v1/plans/checkout/rollouts checkout "
                + HexFormat.of().formatHex(Tokens.sha256("")),
            server.clock.instant(),
            Optional.empty());
    Scenes.await(server.store.takeKey(request, Instant.EPOCH, 10));
  }

  /** The process died after the rollout had begun and before its key was noted. */
  @Test
  void aKeyWhoseFirstRequestWasCutOffGivesWhatItHadBegun() {
    server.put("/api/v1/plans/checkout", PLAN);
    String address = "/api/v1/plans/checkout/rollouts";
    deadRequest("deploy-7");
    server.post(address, "");

    HttpResponse<String> tooEarly = server.post(address, "", "Idempotency-Key", "deploy-7");
    server.clock.advance(Duration.ofMinutes(2));
    HttpResponse<String> again = server.post(address, "", "Idempotency-Key", "deploy-7");

    assertEquals(409, tooEarly.statusCode());
    assertEquals(201, again.statusCode());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").get());
    assertEquals(1, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void aKeyWhoseFirstRequestHadBegunNothingBeginsNow() {
    server.put("/api/v1/plans/checkout", PLAN);
    deadRequest("deploy-7");
    server.clock.advance(Duration.ofMinutes(2));
    String address = "/api/v1/plans/checkout/rollouts";

    HttpResponse<String> again = server.post(address, "", "Idempotency-Key", "deploy-7");
    HttpResponse<String> third = server.post(address, "", "Idempotency-Key", "deploy-7");

    assertEquals(201, again.statusCode());
    assertTrue(again.headers().firstValue("Idempotent-Replayed").isEmpty());
    assertEquals("true", third.headers().firstValue("Idempotent-Replayed").get());
    assertEquals(1, Scenes.await(server.store.list(10)).size());
  }

  @Test
  void aKeyWhoseFirstRequestIsUnderWayStartsNothing() {
    server.put("/api/v1/plans/checkout", PLAN);
    server.slowStore();
    HttpRequest.Builder start =
        server
            .request("/api/v1/plans/checkout/rollouts")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "deploy-7")
            .POST(HttpRequest.BodyPublishers.noBody());

    var one = server.later(start);
    var other = server.later(start);

    List<Integer> statuses =
        List.of(one.join().statusCode(), other.join().statusCode()).stream().sorted().toList();
    assertEquals(List.of(201, 409), statuses);
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    server.put("/api/v1/plans/checkout", PLAN);
    String address = "/api/v1/plans/checkout/rollouts";
    server.post(address, "", "Idempotency-Key", "deploy-7");

    server.clock.advance(Duration.ofHours(25));

    assertEquals(409, server.post(address, "", "Idempotency-Key", "deploy-7").statusCode());
  }

  @Test
  void everyVerbWorksInBothSpellings() {
    for (String separator : List.of(":", "/", "%3A")) {
      String name = "r" + Integer.toHexString(separator.hashCode());
      server.scenes.begun(name, Scenes.plan("checkout"));
      String id = "/api/v1/rollouts/" + name + separator;
      assertEquals("paused", state(server.post(id + "pause", "{\"reason\":\"lunch\"}")));
      assertEquals("applying", state(server.post(id + "resume", "{}")));
      assertEquals("aborted", state(server.post(id + "abort", "{\"reason\":\"enough\"}")));
    }
  }

  private static String state(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    return json(response).get("state").textValue();
  }

  @Test
  void aForcedPromotionNeedsAReasonAndIsMarkedAsSuch() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.confirmed("checkout-1");
    server.scenes.look("checkout-1", Scenes.well());

    HttpResponse<String> without = server.post(ONE + ":promote", "{}");
    HttpResponse<String> with = server.post(ONE + ":promote", "{\"reason\":\"tested by hand\"}");

    assertEquals(409, without.statusCode());
    assertEquals("reasonMissing", json(without).get("code").textValue());
    assertEquals("users-10", json(with).get("step").get("id").textValue());
    assertTrue(json(with).get("lastDecision").get("forced").booleanValue());
  }

  @Test
  void approvingWithoutAQuestionIsRefusedWithTheRemedy() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.confirmed("checkout-1");

    HttpResponse<String> refused = server.post(ONE + ":approve", "{}");

    assertEquals(409, refused.statusCode());
    assertEquals("notNow", json(refused).get("code").textValue());
    assertTrue(json(refused).get("detail").textValue().contains("promote"));
  }

  @Test
  void whoDecidesOnAnOldVersionIsRefused() {
    long seen = server.scenes.begun("checkout-1", Scenes.plan("checkout")).version();
    server.scenes.confirmed("checkout-1");

    String body = "{\"reason\":\"x\",\"expectedVersion\":" + seen + "}";
    HttpResponse<String> stale = server.post(ONE + ":pause", body);

    assertEquals(409, stale.statusCode());
    assertEquals("stale", json(stale).get("code").textValue());
    assertEquals(List.of(), commandsOf(Command.Pause.class));
  }

  private List<Command> commandsOf(Class<? extends Command> type) {
    return server.rollouts.told().stream().filter(type::isInstance).toList();
  }

  @Test
  void ofTwoWhoPromoteTheSameVersionOneIsTooLate() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.confirmed("checkout-1");
    long seen = server.scenes.look("checkout-1", Scenes.well()).version();
    String body = "{\"reason\":\"go\",\"expectedVersion\":" + seen + "}";
    server.slowStore();

    var one = server.later(promote(body));
    var other = server.later(promote(body));

    List<Integer> statuses =
        List.of(one.join().statusCode(), other.join().statusCode()).stream().sorted().toList();
    assertEquals(List.of(200, 409), statuses);
    assertEquals(1, commandsOf(Command.Promote.class).size());
  }

  private HttpRequest.Builder promote(String body) {
    return server
        .request(ONE + ":promote")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  @Test
  void aConflictInTheStoreIsSaidToBeOne() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.rollouts.failNext(conflict());

    HttpResponse<String> refused = server.post(ONE + ":pause", "{}");

    assertEquals(409, refused.statusCode());
    assertEquals("stale", json(refused).get("code").textValue());
  }

  private static RolloutStore.VersionConflict conflict() {
    return new RolloutStore.VersionConflict(new RolloutId("checkout-1"), 3);
  }

  @Test
  void aRollbackNeedsNothing() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> bare =
        server.send(server.request(ONE + ":rollback").POST(HttpRequest.BodyPublishers.noBody()));

    assertEquals("rollingBack", state(bare));
  }

  @Test
  void aRollbackWorksWhateverTheBodyAndTheState() {
    for (String body :
        List.of("{\"reason\":7}", "{\"expectedVersion\":1}", "not json", "a=b", "[1", "\u0000")) {
      String id = "r" + Integer.toHexString(body.hashCode());
      server.scenes.begun(id, Scenes.plan("checkout"));
      server.scenes.tell(id, new Command.Pause(Scenes.ANNA, "lunch"));
      assertEquals(
          "rollingBack", state(server.post("/api/v1/rollouts/" + id + "/rollback", body)), body);
    }
  }

  @Test
  void aRollbackKeepsTheReasonItCanRead() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    server.post(ONE + ":rollback", "{\"reason\":\"errors\",\"alert\":\"p99\"}");

    Command.RollBack told =
        assertInstanceOf(Command.RollBack.class, server.rollouts.told().getLast());
    assertEquals("errors", told.reason());
    assertEquals("somebody on loopback", told.actor().name());
  }

  @Test
  void aRollbackOvertakesWhoeverWroteAtTheSameMoment() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.rollouts.failNext(conflict());
    server.rollouts.failNext(conflict());

    assertEquals("rollingBack", state(server.post(ONE + ":rollback", "{}")));
  }

  @Test
  void aRollbackThatCannotBeWrittenSaysWhatToDo() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.rollouts.failNext(new IllegalStateException("disk full"));

    HttpResponse<String> failed = server.post(ONE + ":rollback", "{}");

    assertEquals(503, failed.statusCode());
    assertTrue(json(failed).get("detail").textValue().contains("its own system"));
    assertFalse(failed.body().contains("disk full"));
  }

  @Test
  void rollingBackTwiceIsNoMistake() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.post(ONE + ":rollback", "{}");

    assertEquals("rollingBack", state(server.post(ONE + ":rollback", "{}")));
    server.scenes.confirmed("checkout-1");
    assertEquals("rolledBack", state(server.post(ONE + ":rollback", "{}")));
  }

  @Test
  void whatHasEndedTakesNoCommands() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.post(ONE + ":abort", "{\"reason\":\"enough\"}");

    HttpResponse<String> refused = server.post(ONE + ":rollback", "{}");

    assertEquals(409, refused.statusCode());
    assertEquals("ended", json(refused).get("code").textValue());
  }

  @Test
  void everyMistakeInABodyIsSaidAtOnce() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> refused =
        server.post(ONE + ":pause", "{\"reson\":\"x\",\"reason\":3,\"expectedVersion\":1.5}");

    JsonNode errors = json(refused).get("errors");
    assertEquals(400, refused.statusCode());
    assertEquals(3, errors.size());
    assertEquals("/reson", errors.get(0).get("pointer").textValue());
    assertEquals("did you mean 'reason'?", errors.get(0).get("hint").textValue());
    assertEquals("/reason", errors.get(1).get("pointer").textValue());
    assertEquals("/expectedVersion", errors.get(2).get("pointer").textValue());
    assertEquals(List.of(), commandsOf(Command.Pause.class));
  }

  @Test
  void whatIsNoJsonIsSaidWithItsPlace() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    for (String body :
        List.of(
            "{\n \"reason\": oops}",
            "{\"reason\":\"a\",\"reason\":\"b\"}",
            "{} {}",
            "[]",
            "\"pause\"",
            "{\"reason\":null}",
            "{\"expectedVersion\":1e400}",
            "[".repeat(5000))) {
      assertEquals(400, server.post(ONE + ":pause", body).statusCode(), body);
    }
    JsonNode error =
        json(server.post(ONE + ":pause", "{\n \"reason\": oops}")).get("errors").get(0);
    assertEquals(2, error.get("line").intValue());
  }

  @Test
  void aReasonIsCarriedAsItIs() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String reason = "\"quoted\"\\n<b>bold</b> größer \uD83D\uDEA6";

    server.post(
        ONE + ":pause", ApiJson.mapper().createObjectNode().put("reason", reason).toString());

    assertEquals(reason, json(server.get(ONE)).get("why").get("sentence").textValue());
  }

  @Test
  void aReasonHasAnEnd() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    String body = "{\"reason\":\"" + "x".repeat(2001) + "\"}";

    assertEquals(400, server.post(ONE + ":pause", body).statusCode());
    assertEquals(200, server.post(ONE + ":rollback", body).statusCode());
  }
}
