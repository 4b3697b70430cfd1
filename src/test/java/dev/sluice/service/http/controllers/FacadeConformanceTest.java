package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that asks a Prometheus, each reading the answer as it does. */
class FacadeConformanceTest {
  private static final String QUERY = "/prometheus/api/v1/query";
  private static final String GATE = "sluice_gate{plan=\"checkout\"}";
  private static final String GO_ON = "sluice_keep_going{plan=\"checkout\"}";
  private final TestServer server = new TestServer();

  @BeforeEach
  void begin() {
    server.plan("checkout", "10,50");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> ask(String query) {
    return server.get(QUERY + "?query=" + encoded(query));
  }

  private JsonNode range(String query, Instant from, Instant to) {
    return TestServer.json(
        server.get(
            QUERY
                + "_range?query="
                + encoded(query)
                + "&start="
                + from.getEpochSecond()
                + "&end="
                + to
                + "&step=1m"));
  }

  /** Flagger: the last series counts, NaN is no value, a range is an error. */
  private static OptionalDouble flagger(int status, JsonNode body) {
    if (status != 200 || !body.at("/data/resultType").asText().equals("vector")) {
      return OptionalDouble.empty();
    }
    OptionalDouble value = OptionalDouble.empty();
    for (JsonNode series : body.at("/data/result")) {
      JsonNode sample = series.get("value").get(1);
      if (sample.isTextual() && !sample.textValue().equals("NaN")) {
        value = OptionalDouble.of(Double.parseDouble(sample.textValue()));
      }
    }
    return value;
  }

  private OptionalDouble flagger(String query) {
    HttpResponse<String> answer = ask(query);
    return flagger(answer.statusCode(), TestServer.json(answer));
  }

  /** Keptn: exactly one series; of a range the first sample. */
  private static double keptn(JsonNode body) {
    JsonNode result = body.at("/data/result");
    assertEquals(1, result.size());
    JsonNode sample =
        result.get(0).has("values")
            ? result.get(0).get("values").get(0)
            : result.get(0).get("value");
    return Double.parseDouble(sample.get(1).textValue());
  }

  @Test
  void flaggersClientIsAsTheFixtureSays() {
    for (JsonNode c : Fixtures.read("flagger-metric-provider-prometheus").get("responses")) {
      OptionalDouble seen = flagger(c.path("status").asInt(200), c.path("body"));
      assertEquals(c.get("gives").isNumber(), seen.isPresent(), c.toString());
      seen.ifPresent(v -> assertEquals(c.get("gives").doubleValue(), v));
    }
  }

  @Test
  void theProbesOfFlaggerAndGrafanaAreAnswered() {
    assertEquals(OptionalDouble.of(1), flagger("vector(1)"));
    assertEquals("scalar", TestServer.json(ask("1+1")).at("/data/resultType").textValue());
    assertEquals("2", TestServer.json(ask("1+1")).at("/data/result/1").textValue());
  }

  private String started() {
    String id = TestServer.json(server.get("/argo/checkout?run=x")).get("rollout").textValue();
    server.scenes.looks(id, 2, Scenes.well());
    return id;
  }

  @Test
  void beforeAnythingBeganNothingIsOpenAndNobodyWatches() {
    for (String series : List.of("gate", "decision", "keep_going", "open_percent")) {
      assertEquals(
          OptionalDouble.of(0), flagger("sluice_" + series + "{plan=\"checkout\"}"), series);
    }
  }

  @Test
  void notYetIsNoOpenGateAndNoReasonToStop() {
    started();

    assertEquals(OptionalDouble.of(0), flagger(GATE));
    assertEquals(OptionalDouble.of(1), flagger(GO_ON));
    assertEquals(OptionalDouble.of(0), flagger("sluice_decision{plan='checkout'}"));
    assertEquals(OptionalDouble.of(10), flagger("sluice_open_percent{plan=`checkout`,}"));
  }

  @Test
  void anOpenGateAndARollbackAreTold() {
    String id = started();
    server.scenes.tell(id, new Command.Promote(Scenes.ANNA, "good"));
    assertEquals(
        OptionalDouble.of(1), flagger("sluice_gate{plan=\"checkout\", step=\"users-10\"}"));
    assertEquals(OptionalDouble.of(0), flagger(GATE));

    server.scenes.tell(id, new Command.RollBack(Scenes.ANNA, "broken"));

    assertEquals(OptionalDouble.of(0), flagger(GO_ON));
    assertEquals(OptionalDouble.of(-1), flagger("sluice_decision{plan=\"checkout\"}"));
    assertEquals(
        OptionalDouble.of(0), flagger("sluice_gate{plan=\"checkout\", step=\"users-10\"}"));
  }

  @Test
  void blindnessIsNoOpenGate() {
    String id = started();
    server.scenes.tell(id, new Command.LoseSource("no route", 1));

    assertEquals(OptionalDouble.of(0), flagger(GATE));
  }

  @Test
  void aRangeHasOneSeriesWithOneSampleAndOnlyWhereNowCounts() {
    started();
    Instant now = server.clock.instant();

    JsonNode recent = range(GO_ON, now.minusSeconds(3600), now);
    JsonNode ahead = range(GO_ON, now.minusSeconds(3600), now.plusSeconds(3600));
    JsonNode old = range(GO_ON, now.minusSeconds(7200), now.minusSeconds(3600));

    assertEquals("matrix", recent.at("/data/resultType").textValue());
    assertEquals(1.0, keptn(recent));
    assertEquals(1.0, keptn(ahead));
    assertEquals(1, recent.at("/data/result/0/values").size());
    assertEquals(0, old.at("/data/result").size());
    assertEquals(
        0,
        TestServer.json(server.get(QUERY + "?query=vector(1)&time=1")).at("/data/result").size());
  }

  @Test
  void theOfficialClientPostsAForm() {
    started();
    HttpResponse<String> answer =
        server.send(
            server
                .request(QUERY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "query=" + encoded(GO_ON) + "&time=" + server.clock.instant())));

    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(1.0, keptn(TestServer.json(answer)));
    assertTrue(TestServer.json(answer).at("/data/result/0/value/0").isNumber());
  }

  @Test
  void whatCannotBeToldIsAnErrorOfPrometheus() {
    for (String query :
        List.of(
            "sluice_gate",
            "sluice_gate{plan=\"nothing\"}",
            "sluice_gate{plan=\"a\\\"b\\nc\"}",
            "sluice_gate{plan=\"checkout\", job=\"x\"}",
            "sluice_gate{plan=~\"checkout\"}",
            "sluice_gate{plan=\"checkout\"} == 1",
            "sluice_gat{plan=\"checkout\"}",
            "up",
            "vector(",
            "vector(NaN)",
            "{",
            "")) {
      HttpResponse<String> answer = ask(query);
      assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, query);
      assertEquals("error", TestServer.json(answer).get("status").textValue(), query);
      assertFalse(TestServer.json(answer).has("data"), query);
      assertEquals(OptionalDouble.empty(), flagger(query), query);
    }
    server.breakStore();
    assertEquals(500, ask(GATE).statusCode());
    assertEquals("error", TestServer.json(ask(GATE)).get("status").textValue());
  }

  @Test
  void noQueryBreaksTheReader() {
    Random random = new Random(20260302);
    String alphabet = "sluice_gate{plan=\"checkout\"},'`\\ \n\t+().0123456789ü=~!";
    for (int i = 0; i < 400; i++) {
      StringBuilder query = new StringBuilder(random.nextBoolean() ? "sluice_gate{plan=" : "");
      int length = random.nextInt(60);
      for (int c = 0; c < length; c++) {
        query.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      int status = ask(query.toString()).statusCode();
      assertTrue(status == 200 || status == 400 || status == 404, status + " " + query);
    }
    assertEquals(200, ask("vector(1)").statusCode());
  }
}
