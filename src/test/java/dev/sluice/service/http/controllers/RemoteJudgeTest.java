package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.http.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Samples of others, judged over HTTP. */
class RemoteJudgeTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ObjectNode request(ObjectNode canary, ObjectNode judge) {
    ObjectNode body = Fixtures.JSON.createObjectNode();
    ObjectNode config = body.putObject("canaryConfig");
    config.putObject("judge").put("name", "remote").set("judgeConfigurations", judge);
    ObjectNode metric = config.putArray("metrics").addObject();
    metric.put("name", "latency");
    metric.putArray("groups").add("group");
    metric.putObject("analysisConfigurations").set("canary", canary);
    config.putObject("classifier").putObject("groupWeights").put("group", 100);
    body.putObject("scoreThresholds").put("pass", 90).put("marginal", 50);
    return body;
  }

  private static void pair(ObjectNode body, JsonNode control, JsonNode experiment) {
    ObjectNode pair = body.putArray("metricSetPairList").addObject();
    pair.put("name", "latency").put("id", "1");
    pair.putObject("tags");
    pair.putObject("values").<ObjectNode>set("control", control).set("experiment", experiment);
  }

  private static JsonNode judged(ObjectNode body, String query) {
    var answer = server.post("/judge" + query, body.toString());
    assertEquals(200, answer.statusCode(), answer.body());
    return TestServer.json(answer);
  }

  private static JsonNode cases() throws IOException {
    return Fixtures.JSON.readTree(
        Path.of("../analyzer/src/test/resources/kayenta-cases.json").toFile());
  }

  @Test
  void kayentasOwnCasesAreClassifiedAsThere() throws IOException {
    int checked = 0;
    for (JsonNode c : cases().get("classify")) {
      ObjectNode canary = c.get("options").deepCopy();
      ObjectNode judge = Fixtures.JSON.createObjectNode();
      judge.set("tolerance", canary.remove("tolerance"));
      judge.set("confLevel", canary.remove("confLevel"));
      ObjectNode body = request(canary, judge);
      pair(body, c.get("baseline"), c.get("canary"));

      JsonNode result = judged(body, "?mode=kayenta").get("results").get(0);

      JsonNode expect = c.get("expect");
      String id = c.get("id").textValue();
      if (expect.has("classification")) {
        assertEquals(expect.get("classification"), result.get("classification"), id);
      }
      if (expect.has("critical")) {
        assertEquals(expect.get("critical"), result.get("critical"), id);
      }
      if (expect.has("reason")) {
        assertTrue(!result.get("classificationReason").textValue().isEmpty(), id);
      }
      checked++;
    }
    assertEquals(34, checked);
  }

  private static ArrayNode series(long seed, double mean, int length) {
    Random random = new Random(seed);
    ArrayNode series = Fixtures.JSON.createArrayNode();
    for (int i = 0; i < length; i++) {
      series.add(mean * (1 + 0.05 * random.nextGaussian()));
    }
    return series;
  }

  private static JsonNode ours(ArrayNode control, ArrayNode experiment) {
    ObjectNode canary = Fixtures.JSON.createObjectNode().put("direction", "increase");
    ObjectNode body = request(canary, Fixtures.JSON.createObjectNode());
    pair(body, control, experiment);
    return judged(body, "");
  }

  @Test
  void ourOwnWayFailsHarmPassesWhatIsTheSameAndKnowsNothingOfTooFew() {
    assertEquals(
        "Fail",
        ours(series(1, 100, 288), series(2, 150, 288)).at("/score/classification").textValue());
    assertEquals(
        "Pass",
        ours(series(1, 100, 288), series(2, 100, 288)).at("/score/classification").textValue());
    assertEquals(
        "Marginal",
        ours(series(1, 100, 2), series(2, 100, 2)).at("/score/classification").textValue());
    assertEquals(
        "Marginal",
        ours(series(1, 100, 0), series(2, 100, 0)).at("/score/classification").textValue());
  }

  @Test
  void moreHarmIsNeverABetterVerdict() {
    for (double share : new double[] {0.3, 0.55, 0.8}) {
      ArrayNode canary = Fixtures.JSON.createArrayNode();
      Random random = new Random(7);
      for (JsonNode value : series(2, 100, 288)) {
        canary.add(random.nextDouble() < share ? value.doubleValue() * 10 : value.doubleValue());
      }
      assertEquals(
          0, ours(series(1, 100, 288), canary).at("/score/score").intValue(), "share " + share);
    }
  }

  @Test
  void wordsThatMeanNothingAreMistakes() {
    ObjectNode canary =
        Fixtures.JSON.createObjectNode().put("direction", "up").put("critical", "true");
    ObjectNode body = request(canary, Fixtures.JSON.createObjectNode().put("mode", "best"));
    pair(body, series(1, 1, 3), Fixtures.JSON.createArrayNode().add("many"));

    var answer = server.post("/kayenta/judge", body.toString());

    assertEquals(400, answer.statusCode());
    assertEquals(4, TestServer.json(answer).get("errors").size(), answer.body());
  }

  @Test
  void whatIsTooMuchIsRefused() {
    ObjectNode body =
        request(
            Fixtures.JSON.createObjectNode(),
            Fixtures.JSON.createObjectNode().put("mode", "kayenta"));
    pair(body, series(1, 1, 10_001), series(1, 1, 3));
    assertEquals(400, server.post("/judge", body.toString()).statusCode());
  }
}
