package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.config.ServerConfig.Token;
import dev.sluice.service.plan.PlanReading;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may do what: every address with every role, and with none. */
class AccessTest {
  private static final List<String> OPEN =
      List.of(
          "GET /health/live",
          "GET /health/ready",
          "GET /assets/{file}",
          "POST /session",
          "POST /session/end");
  private static final List<String> OPERATORS =
      List.of(
          ":rollback",
          ":pause",
          ":resume",
          ":abort",
          "/readiness",
          "/observations",
          "/rollback",
          "/pause",
          "/resume",
          "/abort");
  private static final List<String> APPROVERS =
      List.of(
          ":promote",
          ":approve",
          ":extend",
          "/extend",
          ":retire",
          "/retire",
          "/promote",
          "/approve");
  private static final List<String> AUTHORS =
      List.of(
          "PUT /api/v1/plans/{name}",
          "POST /api/v1/plans/{name}/rollouts",
          "POST /api/v1/rollouts",
          "POST /flagger/{name}/confirm-rollout",
          "POST /flagger/{name}/pre-rollout",
          "POST /flagger/{name}/rollout",
          "POST /flagger/{name}/confirm-traffic-increase",
          "POST /flagger/{name}/confirm-promotion",
          "GET /argo/{name}",
          "POST /argo/{name}",
          "PUT /argo/{name}",
          "GET /kargo/{name}",
          "POST /kargo/{name}",
          "PUT /kargo/{name}",
          "POST /spinnaker/{name}",
          "POST /canary/{id}",
          "POST /kayenta/canary/{id}");

  /** What may end a rollout, or note something about one. */
  private static final List<String> ENDING =
      List.of(
          "POST /flagger/{name}/post-rollout",
          "POST /flagger/{name}/event",
          "POST /argo/{name}/ended",
          "POST /argo/{name}/reset",
          "POST /kargo/{name}/ended",
          "POST /kargo/{name}/reset",
          "POST /spinnaker/{name}/cancel",
          "PUT /spinnaker/{name}/cancel",
          "PUT /pipelines/{id}/cancel",
          "PUT /kayenta/pipelines/{id}/cancel");

  /** Questions whose clients send them with a body. */
  private static final List<String> QUESTIONS =
      List.of(
          "POST /flagger/{name}/rollback",
          "POST /judge",
          "POST /kayenta/judge",
          "POST /prometheus/api/v1/query",
          "POST /prometheus/api/v1/query_range");

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(TestServer.aTokenForEachRole(), TestServer.generous());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The least role, written down here once more and not taken from the code. */
  private static Role least(Endpoint endpoint) {
    String address = endpoint.method() + " " + endpoint.path();
    if (AUTHORS.contains(address)) {
      return Role.AUTHOR;
    }
    if (ENDING.contains(address)) {
      return Role.OPERATOR;
    }
    if (address.equals("GET /api/v1/rollouts/{id}/replay")) {
      return Role.OPERATOR; // it asks the metrics system a lot
    }
    if (QUESTIONS.contains(address)) {
      return Role.VIEWER;
    }
    if (endpoint.method().name().equals("POST")) {
      String verb = endpoint.path().replace("/api/v1/rollouts/{id}", "");
      return OPERATORS.contains(verb)
          ? Role.OPERATOR
          : APPROVERS.contains(verb) ? Role.APPROVER : Role.ADMIN;
    }
    return Role.VIEWER;
  }

  private static HttpRequest.Builder request(Endpoint endpoint) {
    return request(server, endpoint);
  }

  static HttpRequest.Builder request(TestServer server, Endpoint endpoint) {
    String path =
        endpoint
            .path()
            .replace("{name}", "nothing")
            .replace("{id}", "nothing-1")
            .replace("{file}", "page.css")
            .replaceAll("\\{\\w+}", "1");
    String type = endpoint.body().contentType();
    HttpRequest.Builder request =
        server.request(path).method(endpoint.method().name(), HttpRequest.BodyPublishers.noBody());
    return type.isEmpty() ? request : request.header("Content-Type", type);
  }

  @Test
  void everyAddressIsForItsRoleAndForThoseAboveIt() {
    List<String> wrong = new ArrayList<>();
    for (Endpoint endpoint : server.api.endpoints()) {
      String address = endpoint.method() + " " + endpoint.path();
      if (OPEN.contains(address)) {
        continue;
      }
      for (Role role : Role.values()) {
        int status =
            server
                .send(
                    request(endpoint)
                        .header("Authorization", "Bearer " + TestServer.secret(role).value()))
                .statusCode();
        boolean letIn = status != 401 && status != 403;
        boolean should = role.compareTo(least(endpoint)) >= 0;
        if (letIn != should || status >= 500) {
          wrong.add(address + " as " + role + ": " + status);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void withoutATokenOnlyHealthAndTheSignInAreThere() {
    List<String> wrong = new ArrayList<>();
    for (Endpoint endpoint : server.api.endpoints()) {
      String address = endpoint.method() + " " + endpoint.path();
      int bare = server.send(request(endpoint)).statusCode();
      int guessed =
          server.send(request(endpoint).header("Authorization", "Bearer guess")).statusCode();
      boolean open = OPEN.contains(address);
      boolean asExpected = open ? bare != 403 : bare == 401 && guessed == 401;
      if (!asExpected) {
        wrong.add(address + ": " + bare + ", " + guessed);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void whoCanOnlySendAUserAndAPasswordSendsTheTokenAsPassword() {
    String hook = "/flagger/nothing/rollback";
    String canary = "{\"name\":\"a\",\"namespace\":\"b\"}";

    assertEquals(
        "no: There is no rollout for this revision.\n",
        server.post(hook, canary, "Authorization", basic("flagger:VIEWER-secret")).body());
    for (String wrong : List.of("flagger:guess", "VIEWER-secret", "VIEWER-secret:", ":")) {
      assertEquals(
          401, server.post(hook, canary, "Authorization", basic(wrong)).statusCode(), wrong);
    }
    assertEquals(401, server.post(hook, canary, "Authorization", "Basic %%%").statusCode());
  }

  private static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoIsUnknownLearnsHowToBecomeKnown() {
    HttpResponse<String> refused = server.get("/api/v1/rollouts");

    assertEquals("Bearer realm=\"sluice\"", refused.headers().firstValue("WWW-Authenticate").get());
    assertEquals("urn:sluice:problem:no-token", json(refused).get("type").textValue());
  }

  @Test
  void whoMayNotLearnsWhichRoleWouldDo() {
    HttpResponse<String> refused =
        server.post(
            "/api/v1/rollouts/nothing-1:promote", "{}", "Authorization", bearer(Role.OPERATOR));

    assertEquals(403, refused.statusCode());
    assertEquals(
        "This needs the role approver; the token of operator has the role operator.",
        json(refused).get("detail").textValue());
  }

  private static String bearer(Role role) {
    return "Bearer " + TestServer.secret(role).value();
  }

  @Test
  void theTokensNameIsTheActor() {
    server.scenes.begun("actor-1", Scenes.plan("actor"));

    server.post(
        "/api/v1/rollouts/actor-1:pause",
        "{\"reason\":\"lunch\"}",
        "Authorization",
        bearer(Role.OPERATOR));

    assertEquals(
        new Command.Pause(Actor.person("operator"), "lunch"), server.rollouts.told().getLast());
  }

  @Test
  void whatAViewerSeesSaysWhatTheyMayNotDo() {
    server.scenes.begun("viewer-1", Scenes.plan("viewer"));

    String shown =
        json(server.get("/api/v1/rollouts/viewer-1", "Authorization", bearer(Role.VIEWER)))
            .get("actions")
            .get(0)
            .toString();

    assertEquals(
        "{\"name\":\"rollback\",\"allowed\":false,\"reasonNeeded\":false,\"why\":\"This needs the"
            + " role operator; the token of viewer has the role viewer.\"}",
        shown);
  }

  @Test
  void aNearlyRightTokenIsWrong() {
    for (String header :
        List.of(
            "Bearer VIEWER-secre",
            "Bearer VIEWER-secret2",
            "Bearer viewer-secret",
            "Bearer ",
            "Basic VIEWER-secret",
            "VIEWER-secret",
            "Bearer VIEWER-secret, Bearer VIEWER-secret")) {
      assertEquals(
          401, server.get("/api/v1/rollouts", "Authorization", header).statusCode(), header);
    }
    assertEquals(
        200, server.get("/api/v1/rollouts", "Authorization", "bearer VIEWER-secret").statusCode());
  }

  @Test
  void withoutTokensNothingButLoopbackIsBound() {
    Vertx vertx = Vertx.vertx();
    HttpApi api =
        new HttpApi(
            vertx,
            new ServerConfig.Http("0.0.0.0", 0, Optional.empty(), List.of()),
            new HttpApi.Parts(
                server.store,
                server.rollouts,
                Set.of(),
                text -> new PlanReading.Broken(List.of()),
                server.decider,
                server.telemetry,
                server.probes,
                server.clock,
                "1"));

    String outcome = Scenes.await(api.start().map(port -> "bound").otherwise(Throwable::toString));

    assertTrue(outcome.contains("there are no tokens"), outcome);
    Scenes.await(vertx.close());
  }

  @Test
  void aSessionIsAsGoodAsItsToken() {
    String cookie = signIn("OPERATOR-secret");
    server.scenes.begun("session-1", Scenes.plan("session"));

    HttpResponse<String> read = server.get("/api/v1/rollouts", "Cookie", cookie);
    HttpResponse<String> paused =
        server.post("/api/v1/rollouts/session-1/pause", "{}", "Cookie", cookie);
    HttpResponse<String> promoted =
        server.post("/api/v1/rollouts/session-1/promote", "{}", "Cookie", cookie);

    assertEquals(200, read.statusCode());
    assertEquals(200, paused.statusCode());
    assertEquals(403, promoted.statusCode());
  }

  private static HttpResponse<String> submit(String form) {
    return server.send(
        server
            .request("/session")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private static String signIn(String token) {
    String cookie = submit("token=" + token).headers().firstValue("Set-Cookie").get();
    assertTrue(cookie.endsWith("; HttpOnly; SameSite=Strict"), cookie);
    assertFalse(cookie.contains(token));
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void aWrongTokenGetsNoSession() {
    HttpResponse<String> refused = submit("token=guess");

    assertEquals(401, refused.statusCode());
    assertTrue(refused.headers().firstValue("Set-Cookie").isEmpty());
    assertTrue(refused.body().contains("No such token."));
  }

  @Test
  void aSessionEndsByItselfAndCannotBeForged() {
    String cookie = signIn("ADMIN-secret");
    String longer = cookie.replaceFirst("\\.[0-9]+\\.", ".99999999999.");
    String other = cookie.replace("YWRtaW4", "dmlld2Vy");

    assertEquals(401, server.get("/api/v1/rollouts", "Cookie", longer).statusCode());
    assertEquals(401, server.get("/api/v1/rollouts", "Cookie", other).statusCode());
    assertEquals(401, server.get("/api/v1/rollouts", "Cookie", "sluice_session=x").statusCode());
    assertEquals(200, server.get("/api/v1/rollouts", "Cookie", cookie).statusCode());
    Sessions sessions = new Sessions(List.of(new Token("a", Role.ADMIN, new Secret("s"))));
    String value = sessions.begin("s", Scenes.START).get();
    assertTrue(
        sessions.caller(value, Scenes.START.plus(Sessions.LIFE).minusSeconds(1)).isPresent());
    assertTrue(sessions.caller(value, Scenes.START.plus(Sessions.LIFE)).isEmpty());
  }
}
