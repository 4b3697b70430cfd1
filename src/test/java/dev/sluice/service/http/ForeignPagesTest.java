package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a page of another site can make a browser send on the same machine. */
class ForeignPagesTest {
  private static final String ONE = "/api/v1/rollouts/checkout-1";
  private final TestServer server = new TestServer();

  @BeforeEach
  void begin() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int statusWithHost(String host, String path) {
    String answer =
        server.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    return Integer.parseInt(answer.substring(9, 12));
  }

  @Test
  void aNameThatPointsHereIsNotOurs() {
    for (String host :
        List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "0.0.0.0")) {
      assertEquals(403, statusWithHost(host, ONE), host);
      assertEquals(403, statusWithHost(host, "/"), host);
      assertEquals(403, statusWithHost(host, "/metrics"), host);
    }
  }

  @Test
  void ourOwnNamesAreOurs() {
    for (String host :
        List.of("localhost", "LOCALHOST:8080", "127.0.0.1:" + server.port, "[::1]:8080", "[::1]")) {
      assertEquals(200, statusWithHost(host, ONE), host);
    }
  }

  @Test
  void healthIsAnsweredByAnyName() {
    assertEquals(200, statusWithHost("pod-7.internal", "/health/live"));
  }

  private HttpResponse<String> act(String verb, String... headers) {
    HttpRequest.Builder request =
        server.request(ONE + "/" + verb).POST(HttpRequest.BodyPublishers.noBody());
    return server.send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void aFormOfAnotherSiteCannotAct() {
    for (String type :
        List.of(
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")) {
      HttpResponse<String> refused = act("pause", "Content-Type", type);

      assertEquals(415, refused.statusCode(), type);
      assertTrue(json(refused).get("detail").textValue().contains("application/json"));
    }
    assertEquals(415, act("pause").statusCode());
  }

  @Test
  void aScriptOfAnotherSiteCannotActEvenWithARollback() {
    for (String verb : List.of("pause", "rollback")) {
      assertEquals(
          403,
          act(verb, "Origin", "http://evil.example", "Content-Type", "application/json")
              .statusCode());
      assertEquals(
          403, act(verb, "Origin", "null", "Content-Type", "application/json").statusCode());
      assertEquals(
          403,
          act(verb, "Sec-Fetch-Site", "cross-site", "Content-Type", "application/json")
              .statusCode());
      assertEquals(
          403,
          act(verb, "Sec-Fetch-Site", "same-site", "Content-Type", "application/json")
              .statusCode());
    }
    assertEquals(List.of(), server.rollouts.told());
  }

  @Test
  void ourOwnPageCanAct() {
    assertEquals(
        200,
        act(
                "pause",
                "Origin",
                "http://127.0.0.1:" + server.port,
                "Content-Type",
                "application/json")
            .statusCode());
    assertEquals(
        200,
        act("resume", "Sec-Fetch-Site", "same-origin", "Content-Type", "application/json")
            .statusCode());
  }

  @Test
  void aBareRequestCanActWithTheHeaderThatNoForeignPageCanAdd() {
    assertEquals(200, act("pause", "X-Sluice-Request", "script").statusCode());
    assertEquals(200, act("rollback").statusCode());
  }

  @Test
  void noOtherSiteMayReadAnything() {
    HttpResponse<String> read = server.get(ONE, "Origin", "http://evil.example");

    assertTrue(read.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    assertEquals("same-origin", read.headers().firstValue("Cross-Origin-Resource-Policy").get());
  }
}
