package dev.sluice.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Made-up requests to every address: the answer is a clear no or a valid yes, in time, and never a
 * mistake of ours. The seed is fixed, so that what fails once fails again.
 */
class HttpFuzzTest {
  private static final long SEED = 20_260_302L;
  private static final int BODIES = 60;
  private static final int QUERIES = 40;
  private static final List<String> BODY_SEEDS =
      List.of(
          "{\"reason\":\"lunch\",\"expectedVersion\":3}",
          "{\"by\":\"24h\",\"reason\":\"slow week\"}",
          "{\"ready\":false,\"reason\":\"lag\",\"validFor\":\"5m\"}",
          "{\"observations\":[{\"source\":\"db\",\"sequence\":17,\"at\":\"2026-03-02T10:00:00Z\","
              + "\"validFor\":\"6h\",\"values\":{\"rows\":0}}]}",
          "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\",\"checksum\":\"85d5\","
              + "\"metadata\":{\"eventMessage\":\"Advance podinfo.test canary weight 20\"}}",
          "{\"run\":\"01H\",\"revision\":\"7b\",\"outcome\":\"aborted\",\"step\":\"users-1\"}",
          "{\"scopes\":{\"default\":{\"controlScope\":{\"scope\":\"a\",\"location\":\"l\",\"start\":"
              + "\"2026-03-02T10:00:00Z\",\"extendedScopeParams\":{\"k\":\"v\"}},\"experimentScope\":{\"scope\":"
              + "\"b\"}}},\"thresholds\":{\"pass\":90,\"marginal\":75}}",
          "{\"canaryConfig\":{\"name\":\"c\",\"metrics\":[{\"name\":\"m\",\"groups\":[\"g\"],"
              + "\"analysisConfigurations\":{\"canary\":{\"direction\":\"increase\",\"nanStrategy\":\"remove\"}}}],"
              + "\"classifier\":{\"groupWeights\":{\"g\":100}}},\"scoreThresholds\":{\"pass\":90,\"marginal\":70},"
              + "\"metricSetPairList\":[{\"name\":\"m\",\"id\":\"1\",\"tags\":{},\"values\":{\"control\":"
              + "[1,2,3,4,5,6,7,8],\"experiment\":[1,2,\"NaN\",4,5,6,7,8]}}]}",
          "query=sluice_gate%7Bplan%3D%22checkout%22%7D&start=0&end=60&step=15",
          "metadata:\n  name: checkout\n");
  private static final List<String> PIECES =
      List.of(
          "null",
          "true",
          "-1",
          "1e999",
          "NaN",
          "9223372036854775808",
          "0.1",
          "\"\"",
          "[]",
          "{}",
          "[[[[[[",
          "\\u0000",
          "\\",
          "\"",
          "'",
          "\n",
          "\u0000",
          "\ud800",
          "%00",
          "{{x}}",
          "${y}",
          "999999999y",
          "+999999999-12-31T23:59:59Z",
          "-999999999-01-01T00:00:00Z",
          "P99999999D",
          "\"a\":1,",
          "é\u202e",
          "\u00ff",
          "..",
          "/",
          "~",
          ",",
          ":");
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "-1",
          "1",
          "true",
          "yes",
          "checkout",
          "users-1",
          "checkout-1",
          "1m",
          "7d",
          "999999d",
          "30s",
          "60",
          "0.000000000001",
          "999999999999",
          "999999999y",
          "1e5",
          "NaN",
          "2026-03-02T10:00:00Z",
          "+999999999-12-31T23:59:59.999999999Z",
          "-999999999-01-01T00:00:00Z",
          "+1000000000-12-31T23:59:59.999999999Z",
          "vector(1)",
          "1+1",
          "sluice_gate{plan=\"checkout\"}",
          "sluice_gate{plan=\"che\\\"c\nkout\"}",
          "sluice_keep_going{plan='checkout',step=`users-1`}",
          "sluice_decision{plan=\"checkout\",",
          "\u0000",
          "\n\r\nSet-Cookie: a=b",
          "\"quoted\"",
          "{{args.run}}",
          "é\u202e\ud83d\ude00",
          "cm9sbG91dHMg",
          "cm9sbG91dHMgeA",
          "cGxhbnMgYQ",
          "....",
          "eyJhbGciOiJub25lIn0.e30.");

  private final Random random = new Random(SEED);
  private final List<String> wrong = new ArrayList<>();
  private final TestServer server = new TestServer();

  @BeforeEach
  void begin() {
    server.plan("checkout", "10,20");
    server.scenes.baking("checkout-1", Scenes.plan("checkout"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String mutated(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = text.isEmpty() ? 0 : random.nextInt(text.length());
      int to = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, one(PIECES));
        case 2 -> text.replace(at, to, one(PIECES));
        default -> text.insert(at, text.substring(at, to));
      }
    }
    return text.toString();
  }

  private void ask(Endpoint endpoint, String query, String body) {
    String path =
        endpoint
            .path()
            .replace("{name}", random.nextInt(9) == 0 ? encoded(one(VALUES)) : "checkout")
            .replace("{id}", random.nextInt(3) == 0 ? "checkout" : "checkout-1")
            .replace("{step}", "users-1")
            .replace("{revision}", "1")
            .replace("{file}", "page.css");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + path + query))
            .timeout(Duration.ofSeconds(20))
            .header("X-Sluice-Request", "1")
            .method(
                endpoint.method().name(),
                endpoint.body() == Endpoint.Body.NONE
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!endpoint.body().contentType().isEmpty()) {
      request.header("Content-Type", endpoint.body().contentType());
    }
    HttpResponse<String> answer = server.send(request);
    if (answer.statusCode() == 500
        || answer.body().contains("Exception")
        || answer.headers().firstValue("Set-Cookie").filter(c -> c.startsWith("a=")).isPresent()) {
      wrong.add(endpoint.method() + " " + path + query + " " + body + ": " + answer.statusCode());
    }
  }

  private static String encoded(String text) {
    String safe = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return safe.isEmpty() || safe.startsWith(".") ? "x" : safe;
  }

  private String query(Endpoint endpoint) {
    List<String> names = new ArrayList<>(endpoint.query());
    if (names.remove("*")) {
      names.addAll(List.of("query", "time", "start", "end", "step", "mode", "dedup"));
    }
    names.remove("wait");
    StringBuilder query = new StringBuilder("?");
    for (String name : names.stream().sorted().toList()) {
      if (random.nextInt(4) > 0) {
        query.append(name).append('=').append(encoded(one(VALUES))).append('&');
      }
    }
    return query.toString();
  }

  @Test
  void bodiesOfEveryAddressAreRefusedOrUnderstood() {
    for (Endpoint endpoint : server.api.endpoints()) {
      if (endpoint.body() != Endpoint.Body.NONE) {
        for (int i = 0; i < BODIES; i++) {
          ask(endpoint, "", mutated(one(BODY_SEEDS)));
        }
      }
    }
    assertEquals(List.of(), wrong);
    theServerStillKnowsWhatItKnew();
  }

  @Test
  void queriesOfEveryAddressAreRefusedOrUnderstood() {
    for (Endpoint endpoint : server.api.endpoints()) {
      if (!endpoint.query().isEmpty()) {
        for (int i = 0; i < QUERIES; i++) {
          ask(endpoint, query(endpoint), one(BODY_SEEDS));
        }
      }
    }
    assertEquals(List.of(), wrong);
    theServerStillKnowsWhatItKnew();
  }

  private void theServerStillKnowsWhatItKnew() {
    assertEquals(200, server.get("/api/v1/rollouts/checkout-1").statusCode());
    assertTrue(Scenes.await(server.store.load(new RolloutId("checkout-1"))).isPresent());
  }
}
