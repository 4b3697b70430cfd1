package dev.sluice.service.notify.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.service.notify.Golden;
import dev.sluice.service.notify.Scenes;
import dev.sluice.service.notify.Wild;
import dev.sluice.service.notify.text.RolloutPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SEEDS = 400;

  private final CloudEvents events = new CloudEvents(new RolloutPage(Scenes.PUBLIC));

  static Stream<String> scenes() {
    return Scenes.all().keySet().stream();
  }

  private String body(Outgoing outgoing) {
    return switch (outgoing) {
      case Outgoing.SetExposure command -> events.command("the-id", command);
      case Outgoing.Announce news -> events.news("the-id", news);
    };
  }

  private Outgoing.SetExposure command(String scene) {
    return Scenes.outgoing(scene).stream()
        .filter(Outgoing.SetExposure.class::isInstance)
        .map(Outgoing.SetExposure.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void everyPieceOfNewsIsAsInItsFile(String scene) {
    String body = events.news("the-id", Scenes.news(scene, "machines"));
    Golden.assertEqualsFile("webhook/news-" + scene + ".json", Golden.pretty(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"started", "promoted", "forced", "rolls-back"})
  void everyFlagCommandIsAsInItsFile(String scene) {
    String body = events.command("the-id", command(scene));
    Golden.assertEqualsFile("webhook/command-" + scene + ".json", Golden.pretty(body));
  }

  @Test
  void aBodyIsSmallAndPlainJsonWhateverIsInThePlan() throws IOException {
    boolean left = false;
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Outgoing outgoing : new Wild(seed).outgoing()) {
        String body = body(outgoing);
        String where = "seed " + seed;
        int bytes = body.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < CloudEvents.MOST_BYTES, where + ": " + bytes + " bytes");
        JsonNode event = JSON.readTree(body);
        assertEquals("1.0", event.get("specversion").asText(), where);
        assertFalse(body.contains("\"NaN\"") || body.contains("Infinity\""), where);
        left |= event.get("data").path("metricsLeftOut").asInt() > 0;
        checkMetrics(event, where);
      }
    }
    assertTrue(left, "no seed had to leave anything out");
  }

  private static void checkMetrics(JsonNode event, String where) {
    for (JsonNode metric : event.get("data").path("metrics")) {
      for (String name : new String[] {"estimate", "margin", "canary", "baseline", "limit"}) {
        JsonNode value = metric.path(name);
        assertTrue(value.isMissingNode() || value.isNull() || value.isNumber(), where);
      }
      metric.path("interval").forEach(end -> assertTrue(end.isNull() || end.isNumber(), where));
    }
  }

  @Test
  void whatIsLeftOutForLackOfRoomIsCounted() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      for (Outgoing outgoing : new Wild(seed).outgoing()) {
        JsonNode data = JSON.readTree(body(outgoing)).get("data");
        int checks =
            switch (outgoing) {
              case Outgoing.SetExposure o ->
                  o.rollout().lastAssessment().map(a -> a.checks().size()).orElse(0);
              case Outgoing.Announce o ->
                  o.rollout().lastAssessment().map(a -> a.checks().size()).orElse(0);
            };
        assertEquals(checks, data.path("metrics").size() + data.path("metricsLeftOut").asInt());
      }
    }
  }

  @Test
  void theCulpritIsToldFirst() throws IOException {
    JsonNode data = JSON.readTree(events.command("the-id", command("rolls-back"))).get("data");
    assertEquals("error-rate", data.get("metrics").get(0).get("id").asText());
    assertEquals("fail", data.get("metrics").get(0).get("verdict").asText());
  }
}
