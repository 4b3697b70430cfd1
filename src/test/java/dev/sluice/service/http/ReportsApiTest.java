package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.store.Samples;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others tell of the world, and deadlines that people move. */
class ReportsApiTest {
  private static final String ONE = "/api/v1/rollouts/checkout-1";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private void baking() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
  }

  /** Of a plan with a metric that "auditor" pushes. */
  private void begun() {
    server.scenes.begun("checkout-1", Samples.plan("checkout"));
  }

  private static String observation(String source, long sequence, String value) {
    return """
        {"source": "%s", "sequence": %d, "at": "2026-03-02T10:00:00Z", "values": {"mismatches": %s}}
        """
        .formatted(source, sequence, value);
  }

  private HttpResponse<String> push(String... observations) {
    return server.post(
        ONE + "/observations", "{\"observations\": [" + String.join(",", observations) + "]}");
  }

  private static List<String> mistakes(HttpResponse<String> answer) {
    assertEquals(400, answer.statusCode(), answer.body());
    List<String> mistakes = new ArrayList<>();
    for (JsonNode error : json(answer).get("errors")) {
      mistakes.add(error.get("pointer").textValue() + " " + error.get("detail").textValue());
    }
    return mistakes;
  }

  @Test
  void whatIsPushedIsKnownAndToldAgainItChangesNothing() {
    begun();

    HttpResponse<String> first =
        push(observation("auditor", 7, "0"), observation("auditor", 8, "1"));
    HttpResponse<String> again = push(observation("auditor", 8, "1"));

    assertEquals(200, first.statusCode(), first.body());
    assertEquals(8, json(first).get("latest").get("auditor").longValue());
    assertEquals(json(first), json(again));
  }

  @Test
  void whatNoMetricAsksForIsRefused() {
    begun();

    HttpResponse<String> refused = push(observation("stranger", 1, "0"));

    assertEquals(409, refused.statusCode());
    assertEquals("notExpected", json(refused).get("code").textValue());
  }

  @Test
  void everyMistakeInABatchIsSaidWithItsPlace() {
    begun();

    List<String> mistakes =
        mistakes(
            push(
                observation("auditor", 1, "\"none\""),
                "{\"sequence\": -1, \"at\": \"yesterday\", \"values\": {}, \"vaildFor\": \"5m\"}"));

    assertTrue(
        mistakes.containsAll(
            List.of(
                "/observations/0/values 'values' has 'mismatches', which is no finite number.",
                "/observations/1/source 'source' is missing.",
                "/observations/1/sequence 'sequence' must be a whole number, at least 0.",
                "/observations/1/at 'at' must be an instant like 2026-03-02T10:00:00Z.",
                "/observations/1/values 'values' must be an object of 1 to 50 numbers.",
                "/observations/1/vaildFor Unknown field 'vaildFor'.")),
        mistakes.toString());
  }

  @Test
  void aBatchIsBounded() {
    begun();

    List<String> many = Collections.nCopies(101, observation("auditor", 1, "0"));

    assertEquals(
        List.of("/observations 'observations' must be a list of 1 to 100 objects."),
        mistakes(push(many.toArray(String[]::new))));
    assertEquals(
        List.of("/observations 'observations' must be a list of 1 to 100 objects."),
        mistakes(server.post(ONE + "/observations", "{\"observations\": 3}")));
  }

  @Test
  void thatTheOldSystemIsGoneIsShownToEverybody() {
    baking();

    HttpResponse<String> told =
        server.post(ONE + "/readiness", "{\"ready\": false, \"reason\": \"it lags 4 h\"}");

    assertEquals(200, told.statusCode(), told.body());
    assertFalse(json(told).get("rollbackReady").booleanValue());
    JsonNode rollout = json(server.get(ONE));
    assertFalse(rollout.get("rollbackReady").booleanValue());
    assertEquals("it lags 4 h", rollout.get("readiness").get("reason").textValue());
    assertTrue(
        rollout.get("sentence").textValue().contains("The old system is NOT ready"),
        rollout.get("sentence").textValue());
  }

  @Test
  void thatItIsGoneNeedsAReasonAndAWordThatIsOne() {
    baking();

    HttpResponse<String> silent = server.post(ONE + "/readiness", "{\"ready\": false}");
    assertEquals("reasonMissing", json(silent).get("code").textValue());
    assertEquals(
        List.of(
            "/ready 'ready' must be true or false.",
            "/validFor 'validFor' must be a duration like 30m or 24h, of 7d at most."),
        mistakes(server.post(ONE + "/readiness", "{\"ready\": 1, \"validFor\": \"8d\"}")));
  }

  @Test
  void aDeadlineIsMovedWithAReasonAndADuration() {
    baking();
    String before = json(server.get(ONE)).get("step").get("deadline").textValue();

    HttpResponse<String> moved =
        server.post(ONE + ":extend", "{\"by\": \"6h\", \"reason\": \"little traffic\"}");

    assertEquals(200, moved.statusCode(), moved.body());
    assertEquals(
        java.time.Instant.parse(before).plusSeconds(21_600),
        java.time.Instant.parse(json(moved).get("step").get("deadline").textValue()));
    assertEquals(
        List.of("/by 'by' is missing: a duration like 24h."),
        mistakes(server.post(ONE + ":extend", "{\"reason\": \"more\"}")));
    HttpResponse<String> silent = server.post(ONE + ":extend", "{\"by\": \"6h\"}");
    assertEquals("reasonMissing", json(silent).get("code").textValue());
  }
}
