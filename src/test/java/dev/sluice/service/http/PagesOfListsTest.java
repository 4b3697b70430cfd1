package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists are read to their end in pages, and nothing is shown twice or left out. */
class PagesOfListsTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  /** Follows the header Link, as a client does that knows nothing of us. */
  private List<String> all(String path, String list, String key) {
    List<String> found = new ArrayList<>();
    Optional<String> next = Optional.of(path);
    for (int page = 0; next.isPresent() && page < 20; page++) {
      HttpResponse<String> answer = server.get(next.get());
      assertEquals(200, answer.statusCode(), answer.body());
      json(answer).get(list).forEach(item -> found.add(item.get(key).asText()));
      next = answer.headers().firstValue("Link").map(l -> l.substring(1, l.indexOf('>')));
      JsonNode told = json(answer).get("next");
      assertEquals(next.isPresent(), !told.isNull());
    }
    return found;
  }

  @Test
  void rolloutsGoBackToTheFirstAlsoWhileNewOnesBegin() {
    for (int i = 1; i <= 5; i++) {
      server.scenes.begun("r" + i, Scenes.plan("plan-" + i));
    }
    HttpResponse<String> first = server.get("/api/v1/rollouts?limit=2");
    server.scenes.begun("r6", Scenes.plan("plan-6"));
    String next = json(first).get("next").textValue();

    JsonNode second = json(server.get("/api/v1/rollouts?limit=2&after=" + next));

    assertEquals("r3", second.get("rollouts").get(0).get("id").textValue());
    assertEquals(
        List.of("r6", "r5", "r4", "r3", "r2", "r1"),
        all("/api/v1/rollouts?limit=2", "rollouts", "id"));
  }

  @Test
  void plansComeByName() {
    for (String name : List.of("b", "c", "a")) {
      server.plan(name, "10");
    }

    assertEquals(List.of("a", "b", "c"), all("/api/v1/plans?limit=1", "plans", "name"));
    assertEquals(List.of("a", "b", "c"), all("/api/v1/plans", "plans", "name"));
  }

  @Test
  void everyTextAPlanHasHadCanBeReadAgain() {
    for (String percents : List.of("10", "20", "30")) {
      server.plan("checkout", percents);
    }

    assertEquals(
        List.of("3", "2", "1"),
        all("/api/v1/plans/checkout/revisions?limit=1", "revisions", "revision"));
    HttpResponse<String> second = server.get("/api/v1/plans/checkout/revisions/2");
    assertTrue(second.body().endsWith("steps: 20\n"), second.body());
    String etag = second.headers().firstValue("ETag").get();
    assertEquals(
        304, server.get("/api/v1/plans/checkout/revisions/2", "If-None-Match", etag).statusCode());
    for (String none : List.of("0", "4", "x", "99999999999999999999", "-1")) {
      assertEquals(404, server.get("/api/v1/plans/checkout/revisions/" + none).statusCode(), none);
    }
    assertEquals(404, server.get("/api/v1/plans/unknown/revisions").statusCode());
  }

  @Test
  void aCursorOfAnotherListAndOneThatIsNoneAreRefused() {
    server.plan("checkout", "10");
    server.plan("other", "10");
    String plans = json(server.get("/api/v1/plans?limit=1")).get("next").textValue();

    for (String after : List.of(plans, "x", "%00", "", "AAAA", "a".repeat(2000), "%2e%2e%2f")) {
      HttpResponse<String> refused = server.get("/api/v1/rollouts?after=" + after);
      assertEquals(400, refused.statusCode(), after);
      assertEquals("urn:sluice:problem:bad-query", json(refused).get("type").textValue());
    }
  }

  @Test
  void aBadgeSaysWithWordsHowFarItIs() {
    server.plan("other", "10");
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> badge = server.get("/api/v1/plans/checkout/badge.svg");
    String etag = badge.headers().firstValue("ETag").get();

    assertEquals("image/svg+xml", badge.headers().firstValue("Content-Type").get());
    assertEquals("private, max-age=30", badge.headers().firstValue("Cache-Control").get());
    assertTrue(badge.body().contains("<title>checkout: 10 %, baking</title>"), badge.body());
    assertEquals(
        304, server.get("/api/v1/plans/checkout/badge.svg", "If-None-Match", etag).statusCode());
    assertTrue(server.get("/api/v1/plans/other/badge.svg").body().contains("other: not started"));
    assertEquals(404, server.get("/api/v1/plans/unknown/badge.svg").statusCode());
  }

  @Test
  void aGateTakesItsStepInThePathToo() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    String step = json(server.get("/api/v1/gates/checkout")).get("step").textValue();

    assertEquals(
        server.get("/api/v1/gates/checkout?step=" + step).body(),
        server.get("/api/v1/gates/checkout/" + step).body());
    assertEquals(404, server.get("/api/v1/gates/checkout/unknown").statusCode());
  }
}
