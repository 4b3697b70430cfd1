package dev.sluice.service.http.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What no controller sends, and somebody will. */
class BadInputTest {
  private static final String HOOK = "/flagger/checkout/confirm-rollout";
  private static final String CANARY =
      "{\"name\":\"podinfo\",\"namespace\":\"test\",\"phase\":\"Progressing\",\"checksum\":\"a\"}";
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
    server.plan("checkout", "10");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aHookThatCannotBeReadIsOneLineAndNoYes() {
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            "{}",
            CANARY.replace("podinfo", "pod\\ninfo"),
            CANARY.replace("podinfo", "pod\\\"info"),
            CANARY.replace("podinfo", ""),
            CANARY.replace("\"podinfo\"", "7"),
            CANARY.replace("podinfo", "p".repeat(300)),
            CANARY.replace("\"a\"", "\"a b\""),
            CANARY.replace("}", ",\"metadata\":[]}"),
            CANARY.replace("}", ",\"name\":\"twice\"}"),
            "[".repeat(100_000))) {
      for (String hook : List.of("confirm-rollout", "rollback", "event")) {
        HttpResponse<String> answer = server.post("/flagger/checkout/" + hook, body);
        assertEquals(400, answer.statusCode(), body.substring(0, Math.min(80, body.length())));
        assertTrue(answer.body().endsWith("\n"));
        assertEquals(1, answer.body().lines().count());
      }
    }
  }

  /** Refused by what the header announces: nobody has to send it all to be told. */
  @Test
  void tenMegabytesAreRefusedEverywhere() {
    for (String path : List.of(HOOK, "/spinnaker/checkout?run=x", "/canary/checkout", "/judge")) {
      String answer =
          server.raw(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 10000000\r\nConnection: close\r\n\r\n{");
      assertTrue(answer.startsWith("HTTP/1.1 413"), path + " " + answer);
    }
    assertEquals(200, server.get("/health/live").statusCode());
  }

  @Test
  void whatFlaggerMaySendBesidesIsNotLookedAt() {
    assertEquals(
        403,
        server
            .post(
                "/flagger/checkout/rollback",
                CANARY.replace("}", ",\"new\":{\"a\":[1]},\"metadata\":{\"gate\":\"x\"}}"))
            .statusCode());
  }

  @Test
  void keysThatAreMadeUpFillNothing() {
    server.plan("busy", "10");
    server.get("/argo/busy?run=first");
    for (int i = 0; i < 300; i++) {
      server.get("/argo/busy?run=made-up-" + i);
      server.get("/argo/busy?run=first&lease=" + (60 + i) + "s");
    }

    assertEquals(
        1,
        Scenes.await(server.store.openRuns(1000)).stream()
            .filter(r -> r.key().plan().equals("busy"))
            .count());
  }

  @Test
  void noBodyBreaksAParser() {
    Random random = new Random(20260302);
    List<String> seeds =
        List.of(
            CANARY,
            "{\"scopes\":{\"d\":{\"controlScope\":{\"scope\":\"a\"},\"experimentScope\":{\"scope\":\"b\"}}},"
                + "\"thresholds\":{\"pass\":90,\"marginal\":50}}",
            "{\"run\":\"x\",\"outcome\":\"aborted\"}",
            "{\"canaryConfig\":{\"metrics\":[{\"name\":\"m\",\"groups\":[\"g\"]}]},\"scoreThresholds\":"
                + "{\"pass\":90,\"marginal\":50},\"metricSetPairList\":[{\"name\":\"m\",\"values\":"
                + "{\"control\":[1,2],\"experiment\":[3,\"NaN\"]}}]}");
    List<String> paths =
        List.of(HOOK, "/canary/none", "/argo/none/ended", "/judge", "/judge?mode=kayenta");
    for (int i = 0; i < 300; i++) {
      String body = mutated(seeds.get(random.nextInt(seeds.size())), random);
      String path = paths.get(random.nextInt(paths.size()));
      int status = server.post(path, body).statusCode();
      assertTrue(status < 500, path + " " + status + " " + body);
    }
    assertFalse(server.get("/health/live").statusCode() != 200);
  }

  private static String mutated(String seed, Random random) {
    StringBuilder text = new StringBuilder(seed);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && text.length() > 1; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, "{}[]\",:\\u0000x9-".charAt(random.nextInt(14)));
        case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(300)));
        default -> text.insert(at, random.nextBoolean() ? "null" : "1e400");
      }
    }
    return text.toString();
  }
}
