package dev.sluice.service.http.openfeature;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.openfeature.contrib.providers.ofrep.OfrepProvider;
import dev.openfeature.contrib.providers.ofrep.OfrepProviderOptions;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.MutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.Token;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.served.FileCopy;
import dev.sluice.service.served.Published;
import dev.sluice.service.store.InMemoryRolloutStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What flagd and OpenFeature SDKs are answered. */
class OpenFeatureTest {
  private static final Plan PLAN = Scenes.plan("checkout");
  private static final String SET = PLAN.flag().map(FlagTarget::target).orElseThrow();
  private static final String DOCUMENT = "/flagd/v0/" + SET + ".json";
  private static final String FLAGS = "/ofrep/v1/evaluate/flags";
  private static final String FLAG = FLAGS + "/checkout-v2";
  private static final Secret KEY = new Secret("only-for-flags-0001");
  private static final List<Token> TOKENS =
      List.of(new Token("wallboard", Role.VIEWER, new Secret("VIEWER-secret-0001")));

  private final Published published =
      new Published(new InMemoryRolloutStore(), Map.of(SET, FileCopy.NONE));
  private final List<TestServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    OpenFeatureAPI.getInstance().shutdown();
    servers.forEach(TestServer::close);
  }

  private TestServer server(List<Token> tokens, Optional<Secret> key) {
    List<Served> sets = List.of(new Served(SET, key, published));
    List<Endpoint> endpoints = new ArrayList<>(new FlagdApi(sets).endpoints());
    endpoints.addAll(new OfrepApi(sets).endpoints());
    TestServer server = TestServer.with(tokens, endpoints);
    servers.add(server);
    return server;
  }

  private TestServer server() {
    return server(List.of(), Optional.empty());
  }

  private Rollout begun(TestServer server) {
    Rollout rollout = server.scenes.begun("checkout-1", PLAN);
    published.changed(rollout);
    return rollout;
  }

  private void rollBack(TestServer server) {
    published.changed(
        server.scenes.tell("checkout-1", new Command.RollBack(Scenes.ANNA, "it hurts")));
  }

  @Test
  void flagdPollsADocumentAndHearsOfARollbackAtItsNextPoll() {
    TestServer server = server();
    begun(server);

    HttpResponse<String> first = server.get(DOCUMENT);
    assertEquals(200, first.statusCode());
    assertTrue(
        first.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
    assertEquals(1000, json(first).at("/flags/checkout-v2/targeting/fractional/0/1").intValue());
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertTrue(tag.matches("\"[0-9a-f]+\""), tag);

    assertEquals(304, server.get(DOCUMENT, "If-None-Match", tag).statusCode());

    rollBack(server);

    HttpResponse<String> next = server.get(DOCUMENT, "If-None-Match", tag);
    assertEquals(200, next.statusCode());
    assertNotEquals(tag, next.headers().firstValue("ETag").orElseThrow());
    JsonNode flag = json(next).at("/flags/checkout-v2");
    assertEquals("off", flag.path("defaultVariant").asText());
    assertFalse(flag.has("targeting"));
  }

  private static String user(String key) {
    return "{\"context\":{\"targetingKey\":\"" + key + "\",\"plan\":\"gold\"}}";
  }

  @Test
  void oneFlagIsAnsweredInTheWordsOfTheProtocol() {
    TestServer server = server();
    begun(server);

    HttpResponse<String> answer = server.post(FLAG, user("user-1"));

    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"key\":\"checkout-v2\",\"value\":false,\"reason\":\"SPLIT\",\"variant\":\"off\","
            + "\"metadata\":{\"plan\":\"checkout\",\"step\":\"users-1\",\"rollout\":\"checkout-1\"}}",
        answer.body());
    assertEquals("DEFAULT", json(server.post(FLAG, "{}")).path("reason").asText());
    assertEquals("DEFAULT", json(server.post(FLAG, "")).path("reason").asText());
  }

  @Test
  void allFlagsAreAnsweredAtOnceAndAgainOnlyWhenTheyHaveChangedForThisUser() {
    TestServer server = server();
    begun(server);

    HttpResponse<String> answer = server.post(FLAGS, user("user-1"));
    String tag = answer.headers().firstValue("ETag").orElseThrow();

    assertEquals("checkout-v2", json(answer).at("/flags/0/key").asText());
    assertEquals(304, server.post(FLAGS, user("user-1"), "If-None-Match", tag).statusCode());
    assertEquals(200, server.post(FLAGS, user("user-2"), "If-None-Match", tag).statusCode());
    rollBack(server);
    assertEquals(200, server.post(FLAGS, user("user-1"), "If-None-Match", tag).statusCode());
  }

  @Test
  void aSetHasABaseAddressOfItsOwn() {
    TestServer server = server();
    begun(server);

    assertEquals(
        server.post(FLAG, user("user-7")).body(),
        server.post("/flagd/v0/" + SET + FLAG, user("user-7")).body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | 400 | PARSE_ERROR",
        "[] | 400 | PARSE_ERROR",
        "\"x\" | 400 | PARSE_ERROR",
        "{\"context\":{}} trailing | 400 | PARSE_ERROR",
        "{\"context\":{},\"context\":{}} | 400 | PARSE_ERROR",
        "{\"context\":7} | 400 | INVALID_CONTEXT",
        "{\"context\":{\"targetingKey\":7}} | 400 | INVALID_CONTEXT",
        "{\"context\":{\"targetingKey\":{}}} | 400 | INVALID_CONTEXT",
      })
  void aMalformedQuestionIsToldInTheShapeOfTheProtocol(String body, int status, String code) {
    TestServer server = server();
    begun(server);

    HttpResponse<String> one = server.post(FLAG, body);
    assertEquals(status, one.statusCode());
    assertEquals(code, json(one).path("errorCode").asText());
    assertEquals("checkout-v2", json(one).path("key").asText());
    assertFalse(json(one).path("errorDetails").asText().isEmpty());

    HttpResponse<String> all = server.post(FLAGS, body);
    assertEquals(status, all.statusCode());
    assertEquals(code, json(all).path("errorCode").asText());
    assertFalse(json(all).has("key"));
  }

  @Test
  void nothingThatIsTooLargeTooDeepOrUnknownIsAnsweredAsIfItWereFine() {
    TestServer server = server();
    begun(server);

    HttpResponse<String> large = server.post(FLAG, user("x".repeat(70_000)));
    assertEquals(413, large.statusCode());
    assertEquals("PARSE_ERROR", json(large).path("errorCode").asText());
    HttpResponse<String> huge = server.post(FLAG, " ".repeat(2 << 20));
    assertEquals(413, huge.statusCode());
    assertEquals("PARSE_ERROR", json(huge).path("errorCode").asText());
    assertEquals(400, server.post(FLAG, user("x".repeat(5_000))).statusCode());
    assertEquals(
        400,
        server.post(FLAG, "{\"context\":" + "[".repeat(60) + "]".repeat(60) + "}").statusCode());
    HttpResponse<String> unknown = server.post(FLAGS + "/nope", user("user-1"));
    assertEquals(404, unknown.statusCode());
    assertEquals("FLAG_NOT_FOUND", json(unknown).path("errorCode").asText());
    assertEquals(404, server.get("/flagd/v0/other.json").statusCode());
    assertEquals(405, server.get(FLAG).statusCode());
  }

  @Test
  void aSetWithoutATokenIsReadByWhoeverMayRead() {
    TestServer server = server(TOKENS, Optional.empty());
    begun(server);

    HttpResponse<String> nobody = server.post(FLAG, user("user-1"));
    assertEquals(401, nobody.statusCode());
    assertEquals("GENERAL", json(nobody).path("errorCode").asText());
    assertEquals(401, server.get(DOCUMENT).statusCode());
    String[] viewer = {"Authorization", "Bearer VIEWER-secret-0001"};
    assertEquals(200, server.post(FLAG, user("user-1"), viewer).statusCode());
    assertEquals(200, server.get(DOCUMENT, viewer).statusCode());
  }

  @Test
  void theTokenOfASetIsGoodForItsFlagsAndForNothingElse() {
    TestServer server = server(TOKENS, Optional.of(KEY));
    begun(server);

    for (String[] key :
        List.of(
            new String[] {"Authorization", "Bearer " + KEY.value()},
            new String[] {"X-API-Key", KEY.value()},
            new String[] {"Authorization", "Bearer VIEWER-secret-0001"})) {
      assertEquals(200, server.post(FLAG, user("user-1"), key).statusCode(), key[1]);
      assertEquals(200, server.get(DOCUMENT, key).statusCode(), key[1]);
    }
    for (String[] key :
        List.of(
            new String[] {"Authorization", "Bearer guess"},
            new String[] {"X-API-Key", "VIEWER-secret-0001"},
            new String[] {"X-Other", KEY.value()})) {
      HttpResponse<String> refused = server.post(FLAG, user("user-1"), key);
      assertEquals(401, refused.statusCode(), key[1]);
      assertFalse(refused.body().contains(KEY.value()));
      assertEquals(401, server.get(DOCUMENT, key).statusCode(), key[1]);
    }
    assertEquals(
        401, server.get("/api/v1/rollouts", "Authorization", "Bearer " + KEY.value()).statusCode());
  }

  @Test
  void theTokenIsAskedForOnALoopbackServerToo() {
    TestServer server = server(List.of(), Optional.of(KEY));
    begun(server);
    // On loopback everybody on the machine may read everything; only a page of others may not.
    assertEquals(200, server.get(DOCUMENT).statusCode());
  }

  @Test
  void aHeadOfTheDocumentHasItsTagAndNoBody() {
    TestServer server = server();
    begun(server);

    HttpResponse<String> head =
        server.send(server.request(DOCUMENT).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals(200, head.statusCode());
    assertTrue(head.headers().firstValue("ETag").isPresent());
  }

  // The SDK that teams use, with its provider for the protocol.

  private Client client(TestServer server, String key) {
    OfrepProviderOptions options =
        OfrepProviderOptions.builder()
            .baseUrl("http://127.0.0.1:" + server.port)
            .headers(ImmutableMap.of("Authorization", ImmutableList.of("Bearer " + key)))
            .build();
    OpenFeatureAPI.getInstance().setProviderAndWait(OfrepProvider.constructProvider(options));
    return OpenFeatureAPI.getInstance().getClient();
  }

  @Test
  void theJavaSdkOfOpenFeatureGetsTheCanaryForAsManyUsersAsThePlanSays() {
    TestServer server = server(TOKENS, Optional.of(KEY));
    begun(server);
    Client client = client(server, KEY.value());
    int on = 0;
    for (int i = 0; i < 500; i++) {
      on += client.getBooleanValue("checkout-v2", false, new ImmutableContext("user-" + i)) ? 1 : 0;
    }
    assertEquals(4, on, "of the first 500 users this many are within 1 % by flagd's hash");

    rollBack(server);

    FlagEvaluationDetails<Boolean> after =
        client.getBooleanDetails("checkout-v2", true, new ImmutableContext("user-22"));
    assertFalse(after.getValue());
    assertEquals("STATIC", after.getReason());
    assertEquals("off", after.getVariant());
    assertEquals("checkout-1", after.getFlagMetadata().getString("rollout"));
  }

  @Test
  void theJavaSdkFallsBackToTheCodesDefaultWhenWeDoNotKnowTheFlagOrTheCaller() {
    TestServer server = server(TOKENS, Optional.of(KEY));

    FlagEvaluationDetails<Boolean> unknown =
        client(server, KEY.value())
            .getBooleanDetails("checkout-v2", false, new MutableContext("user-1"));
    assertFalse(unknown.getValue());
    assertEquals(ErrorCode.FLAG_NOT_FOUND, unknown.getErrorCode());

    begun(server);
    FlagEvaluationDetails<Boolean> stranger =
        client(server, "guess").getBooleanDetails("checkout-v2", false, new MutableContext("u"));
    assertFalse(stranger.getValue());
    assertEquals(ErrorCode.GENERAL, stranger.getErrorCode());
  }
}
