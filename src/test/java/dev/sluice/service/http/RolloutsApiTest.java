package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RolloutsApiTest {
  private static final String ONE = "/api/v1/rollouts/checkout-1";
  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theWholeStateOfARolloutIsShown() throws Exception {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    JsonNode shown = json(server.get(ONE));

    ObjectWriter pretty = ApiJson.mapper().writerWithDefaultPrettyPrinter();
    Golden.check("http/rollout.json", pretty.writeValueAsString(shown) + "\n");
  }

  @Test
  void aNumberThatJsonCannotWriteIsNull() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> shown = server.get(ONE);

    JsonNode basket = json(shown).get("checks").get(4);
    assertEquals("basket", basket.get("id").textValue());
    assertTrue(basket.get("intervalHigh").isNull());
    assertFalse(shown.body().contains("Infinity"));
    assertFalse(shown.body().contains("NaN"));
  }

  @Test
  void theVersionIsTheTag() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> shown = server.get(ONE);
    String etag = shown.headers().firstValue("ETag").get();

    assertEquals("\"" + json(shown).get("version") + "\"", etag);
    assertEquals(304, server.get(ONE, "If-None-Match", etag).statusCode());
    server.scenes.confirmed("checkout-1");
    assertEquals(200, server.get(ONE, "If-None-Match", etag).statusCode());
  }

  @Test
  void whoWaitsIsAnsweredWhenSomethingHappens() throws Exception {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String etag = server.get(ONE).headers().firstValue("ETag").get();

    CompletableFuture<HttpResponse<String>> waiting =
        server.later(server.request(ONE + "?wait=15s").header("If-None-Match", etag));
    HttpResponse<String> paused = server.post(ONE + "/pause", "{\"reason\":\"lunch\"}");

    HttpResponse<String> news = waiting.get(15, TimeUnit.SECONDS);
    assertEquals(200, paused.statusCode());
    assertEquals(200, news.statusCode());
    assertEquals("paused", json(news).get("state").textValue());
  }

  @Test
  void whoWaitsIsAlsoAnsweredWhenSomebodyElseWroteToTheStore() throws Exception {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String etag = server.get(ONE).headers().firstValue("ETag").get();

    CompletableFuture<HttpResponse<String>> waiting =
        server.later(server.request(ONE + "?wait=15s").header("If-None-Match", etag));
    server.scenes.confirmed("checkout-1");

    assertEquals("baking", json(waiting.get(15, TimeUnit.SECONDS)).get("state").textValue());
  }

  @Test
  void waitingInVainEndsWithNothingNew() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    String etag = server.get(ONE).headers().firstValue("ETag").get();

    HttpResponse<String> nothing = server.get(ONE + "?wait=50ms", "If-None-Match", etag);

    assertEquals(304, nothing.statusCode());
    assertEquals(etag, nothing.headers().firstValue("ETag").get());
  }

  @Test
  void aRolloutThatHasEndedKeepsNobodyWaiting() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.tell("checkout-1", new Command.Abort(Scenes.ANNA, "enough"));
    String etag = server.get(ONE).headers().firstValue("ETag").get();

    // The client's own patience is shorter than this wait.
    assertEquals(304, server.get(ONE + "?wait=60s", "If-None-Match", etag).statusCode());
  }

  @Test
  void theNewestRolloutsComeFirst() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
    server.scenes.begun("basket-1", Scenes.plan("basket"));

    JsonNode all = json(server.get("/api/v1/rollouts")).get("rollouts");
    JsonNode one = json(server.get("/api/v1/rollouts?limit=1")).get("rollouts");

    assertEquals(List.of("basket-1", "checkout-1"), ids(all));
    assertEquals(List.of("basket-1"), ids(one));
  }

  private static List<String> ids(JsonNode rollouts) {
    return StreamSupport.stream(rollouts.spliterator(), false)
        .map(r -> r.get("id").textValue())
        .toList();
  }

  @Test
  void theLatestRolloutOfAPlanIsFoundByThePlansName() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> latest = server.get("/api/v1/plans/checkout/rollouts/latest");

    assertEquals("checkout-1", json(latest).get("id").textValue());
    assertEquals(404, server.get("/api/v1/plans/basket/rollouts/latest").statusCode());
  }

  @Test
  void eventsComeInPagesWithTheirNumbers() {
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> first = server.get(ONE + "/events?limit=5");
    JsonNode page = json(first);
    JsonNode second = json(server.get(ONE + "/events?limit=5&after=" + page.get("next")));

    assertEquals(5, page.get("events").size());
    assertEquals(1, page.get("events").get(0).get("version").intValue());
    assertEquals("started", page.get("events").get(0).get("type").textValue());
    assertEquals("person", page.get("events").get(0).get("actor").get("kind").textValue());
    assertEquals(6, second.get("events").get(0).get("version").intValue());
    assertEquals(
        "<" + ONE + "/events?after=5&limit=5>; rel=\"next\"",
        first.headers().firstValue("Link").get());
  }

  @Test
  void theLastPageOfEventsSaysThatItIsTheLast() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));

    HttpResponse<String> all = server.get(ONE + "/events");

    assertTrue(json(all).get("next").isNull());
    assertTrue(all.headers().firstValue("Link").isEmpty());
  }

  @Test
  void everyKindOfEventCanBeShown() {
    Scenes.await(server.store.commit(Samples.commit(new RolloutId("checkout-1"), 0, 20)));

    HttpResponse<String> all = server.get(ONE + "/events?limit=200");

    assertEquals(20, json(all).get("events").size());
    assertFalse(all.body().contains("Infinity"));
    assertTrue(all.body().contains("\"verdict\":\"noData\""));
  }

  @Test
  void deliveriesAreListedNewestFirst() {
    RolloutId id = new RolloutId("checkout-1");
    Scenes.await(
        server.store.commit(
            Samples.commit(
                id,
                0,
                3,
                new Message("checkout-1-1", id, "unleash-prod", false, Message.Kind.FLAG, "{}"))));

    JsonNode deliveries = json(server.get(ONE + "/deliveries")).get("deliveries");

    assertEquals("checkout-1-1", deliveries.get(0).get("messageId").textValue());
    assertEquals("flag", deliveries.get(0).get("kind").textValue());
    assertEquals("pending", deliveries.get(0).get("state").textValue());
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() {
    assertEquals(404, server.get(ONE).statusCode());
    assertEquals(404, server.get(ONE + "/events").statusCode());
    assertEquals(404, server.get(ONE + "/deliveries").statusCode());
    assertEquals(404, server.get("/api/v1/rollouts/" + "x".repeat(200)).statusCode());
  }

  @Test
  void limitsOutOfBoundsAreRefused() {
    for (String query :
        List.of("limit=0", "limit=201", "limit=ten", "limit=-1", "limit=1&limit=2")) {
      HttpResponse<String> refused = server.get("/api/v1/rollouts?" + query);

      assertEquals(400, refused.statusCode(), query);
      assertEquals("urn:sluice:problem:bad-query", json(refused).get("type").textValue(), query);
    }
  }
}
