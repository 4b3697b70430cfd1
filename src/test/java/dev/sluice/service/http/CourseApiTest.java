package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.http.view.Thinned;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourseApiTest {
  private static final String COURSE = "/api/v1/rollouts/checkout-1/course";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode line(JsonNode course, String id) {
    for (JsonNode check : course.get("checks")) {
      if (check.get("id").textValue().equals(id)) {
        return check;
      }
    }
    throw new AssertionError("no " + id);
  }

  @Test
  void theCourseOfEveryCheckIsThereFromTheFirstLookOn() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.confirmed("checkout-1");
    server.scenes.looks("checkout-1", 3, Scenes.well());

    JsonNode course = json(server.get(COURSE));

    assertEquals(3, course.get("at").size());
    assertEquals("2026-03-02T10:00:30Z", course.get("at").get(0).textValue());
    JsonNode p99 = line(course, "p99");
    assertEquals("[1.041,1.041,1.041]", p99.get("estimate").toString());
    assertEquals("[0.98,0.98,0.98]", p99.get("intervalLow").toString());
    assertEquals("[0.312,0.312,0.312]", p99.get("baseline").toString());
    assertEquals("inconclusive", p99.get("verdict").get(2).textValue());
    assertTrue(line(course, "basket").get("intervalHigh").get(0).isNull());
    assertEquals(1.0, course.get("exposures").get(0).get("percent").doubleValue());
  }

  @Test
  void aLongRolloutHasNoMorePointsThanAScreenShows() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    JsonNode course = json(server.get(COURSE));

    int points = course.get("at").size();
    assertTrue(points <= Thinned.MOST + 1, "points: " + points);
    assertEquals(2, course.get("stride").intValue());
    long looks = server.scenes.load("checkout-1").looks();
    assertEquals(
        Scenes.START.plusSeconds(30 * looks + 0).toString().substring(0, 16),
        course.get("at").get(points - 1).textValue().substring(0, 16));
  }

  @Test
  void whatIsThinnedDependsOnNothingButTheLooks() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
    server.get(COURSE);
    server.scenes.looks("checkout-1", 7, Scenes.harmful().subList(1, 3));
    String grown = server.get(COURSE).body();

    try (TestServer fresh = new TestServer()) {
      fresh.scenes.baking("checkout-1", Scenes.plan("checkout"));
      fresh.scenes.looks("checkout-1", 7, Scenes.harmful().subList(1, 3));
      assertEquals(fresh.get(COURSE).body(), grown);
    }
  }

  @Test
  void itIsSentAgainOnlyAfterAnotherLook() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    HttpResponse<String> first = server.get(COURSE);
    String etag = first.headers().firstValue("ETag").get();

    assertEquals("[]", json(first).get("at").toString());
    assertEquals(304, server.get(COURSE, "If-None-Match", etag).statusCode());
  }
}
