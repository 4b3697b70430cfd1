package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.loop.Rejudged;
import dev.sluice.service.loop.Rejudged.Outcome;
import dev.sluice.service.loop.Rollouts;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayApiTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  public static Rejudged look(long number, Outcome outcome, String sentence) {
    return new Rejudged(
        number,
        Scenes.START.plusSeconds(60 * (number - 1)),
        Scenes.START.plusSeconds(60 * number),
        outcome,
        sentence);
  }

  @Test
  void everyLookIsALineAndTheLastOneSaysWhichDiffers() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.rollouts.rejudgeAs(
        List.of(
            look(1, Outcome.SAME, "The same data, the same verdict."),
            look(2, Outcome.DATA_CHANGED, "Something else.")));

    HttpResponse<String> answer = server.get("/api/v1/rollouts/checkout-1/replay");

    assertEquals(200, answer.statusCode());
    assertEquals(
        "application/x-ndjson; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
    List<String> lines = answer.body().lines().toList();
    assertEquals(3, lines.size(), answer.body());
    assertTrue(lines.get(1).contains("\"outcome\":\"dataChanged\""), lines.get(1));
    assertEquals("{\"end\":true,\"looks\":2,\"differs\":2}", lines.get(2));
  }

  @Test
  void aRolloutThatIsNotThereAndAServerThatIsBusyAreProblems() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    assertEquals(404, server.get("/api/v1/rollouts/nope/replay").statusCode());
    server.rollouts.failNext(new Rollouts.Busy());
    HttpResponse<String> busy = server.get("/api/v1/rollouts/checkout-1/replay");
    assertEquals(429, busy.statusCode());
    assertEquals("10", busy.headers().firstValue("Retry-After").orElse(""));
    assertEquals(429, json(busy).get("status").intValue());
  }
}
