package dev.sluice.service.http;

import static dev.sluice.service.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are too large, too slow, malformed or meant to confuse. */
class HostileInputTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String ONE = "/api/v1/rollouts/checkout-1";
  private final TestServer server = new TestServer(List.of(), TestServer.small());

  @BeforeEach
  void begin() {
    server.scenes.begun("checkout-1", Scenes.plan("checkout"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static int status(String answer) {
    assertTrue(answer.startsWith("HTTP/1."), answer);
    return Integer.parseInt(answer.substring(9, 12));
  }

  @Test
  void aBodyOfTenMegabytesIsRefusedAndTheServerLivesOn() {
    HttpResponse<String> refused =
        server.send(
            server
                .request("/api/v1/plans/checkout")
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000_000])));

    assertEquals(413, refused.statusCode());
    assertEquals("urn:sluice:problem:too-large", json(refused).get("type").textValue());
    assertEquals(200, server.get(ONE).statusCode());
  }

  @Test
  void aBodyThatDoesNotSayHowLongItIsIsBoundedToo() {
    String chunk = "2710\r\n" + "x".repeat(10_000) + "\r\n";

    String answer =
        server.raw(
            "PUT /api/v1/plans/checkout HTTP/1.1\r\n" + HOST,
            "Content-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\n",
            chunk,
            chunk);

    assertEquals(413, status(answer));
  }

  @Test
  void aBodyAtTheBoundIsTaken() {
    String plan = "metadata:\n  name: checkout\n#";

    assertEquals(
        201,
        server
            .put("/api/v1/plans/checkout", plan + "x".repeat(10_000 - plan.length()))
            .statusCode());
    assertEquals(
        413,
        server
            .put("/api/v1/plans/checkout", plan + "x".repeat(10_001 - plan.length()))
            .statusCode());
  }

  @Test
  void aBodyThatDoesNotArriveIsNotWaitedForForEver() {
    String answer =
        server.raw(
            "POST " + ONE + "/pause HTTP/1.1\r\n" + HOST,
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"reason\":");

    assertEquals(408, status(answer));
    assertTrue(answer.contains("urn:sluice:problem:too-slow"), answer);
  }

  @Test
  void aRequestWhoseHeadersDoNotEndIsNotWaitedForForEver() {
    assertEquals("", server.raw("GET " + ONE + " HTTP/1.1\r\n" + HOST + "X-Slow: "));
  }

  /** Never idle, so that the idle time-out alone would let it go on for days. */
  @Test
  void aClientThatDripsItsHeadersIsClosed() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      socket.setSoTimeout(50);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET " + ONE + " HTTP/1.1\r\n" + HOST + "X-Slow: ").getBytes(StandardCharsets.UTF_8));
      boolean closed = false;
      for (int i = 0; i < 100 && !closed; i++) {
        closed = closedAfterOneMoreByte(socket, out);
      }
      assertTrue(closed, "still open after 5 s");
    }
  }

  private static boolean closedAfterOneMoreByte(Socket socket, OutputStream out) {
    try {
      out.write('x');
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void aConnectionThatAsksNothingMoreIsClosed() {
    String answer = server.raw("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n");

    assertEquals(200, status(answer));
  }

  @Test
  void moreConnectionsThanTheBoundAreClosedAtOnce() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port);
        open.add(socket);
        socket
            .getOutputStream()
            .write(
                ("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.UTF_8));
        assertEquals('H', socket.getInputStream().read());
      }
      assertEquals("", refusedWithoutAWord());
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** A connection that is closed may also be reset while the request is still being sent. */
  private String refusedWithoutAWord() {
    try {
      return server.raw("GET /health/live HTTP/1.1\r\n" + HOST + "\r\n");
    } catch (UncheckedIOException reset) {
      return "";
    }
  }

  @Test
  void oneWaiterTooManyIsAnsweredAtOnce() {
    String etag = server.get(ONE).headers().firstValue("ETag").get();
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(server.later(server.request(ONE + "?wait=1s").header("If-None-Match", etag)));
    }

    List<Boolean> told =
        all.stream().map(f -> f.join().headers().firstValue("Retry-After").isPresent()).toList();

    assertEquals(1, told.stream().filter(t -> t).count(), told.toString());
    assertTrue(all.stream().allMatch(f -> f.join().statusCode() == 304));
  }

  @Test
  void pathTricksLeadNowhere() {
    for (String path :
        List.of(
            "/assets/../../../etc/passwd",
            "/assets/%2e%2e/%2e%2e/etc/passwd",
            "/assets/..%2f..%2fetc%2fpasswd",
            "/assets/page.css%00.js",
            "/assets/",
            "/assets/page.css/",
            "/api/v1/rollouts/checkout-1%2fevents",
            "/api/v1/rollouts/checkout-1;a=b",
            "/api/v1/rollouts/.%2e",
            "/api/v1//",
            "/API/v1/rollouts")) {
      int status =
          status(server.raw("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"));
      assertEquals(404, status, path);
    }
  }

  @Test
  void whatIsNoRequestIsRefusedAsAProblem() {
    for (String bytes :
        List.of(
            "GET /%zz HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
            "GET " + ONE + "?wait=%zz HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
            "GET * HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
            "\u0000\u0001\u0002 / HTTP/1.1\r\n" + HOST + "\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n")) {
      String answer = server.raw(bytes);
      assertTrue(status(answer) >= 400 && status(answer) < 500, bytes);
      assertTrue(
          answer.contains("application/problem+json") || answer.contains("text/html"), answer);
      assertTrue(answer.contains("nosniff"), answer);
      assertFalse(answer.contains("Exception"), answer);
    }
  }

  @Test
  void addressesAndHeadersHaveAnEnd() {
    String longPath = "GET /" + "a".repeat(5000) + " HTTP/1.1\r\n" + HOST + "\r\n";
    String longHeader = "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(9000) + "\r\n\r\n";

    assertEquals(414, status(server.raw(longPath)));
    assertEquals(431, status(server.raw(longHeader)));
  }

  @Test
  void methodsAnAddressDoesNotTakeAreNamed() {
    HttpResponse<String> refused = server.send(server.request(ONE).DELETE());
    HttpResponse<String> odd =
        server.send(server.request(ONE).method("FROB", HttpRequest.BodyPublishers.noBody()));

    assertEquals(405, refused.statusCode());
    assertEquals("GET, HEAD", refused.headers().firstValue("Allow").get());
    assertEquals(405, odd.statusCode());
  }

  @Test
  void unknownVerbsAndUnknownPlacesAreNotFound() {
    for (String path :
        List.of(ONE + ":frobnicate", ONE + "/frobnicate", "/api/v2/rollouts", "/x")) {
      HttpResponse<String> missing = server.post(path, "{}");

      assertEquals(404, missing.statusCode(), path);
      JsonNode problem = json(missing);
      assertEquals("application/problem+json", missing.headers().firstValue("Content-Type").get());
      assertEquals("urn:sluice:problem:no-such-address", problem.get("type").textValue());
      assertEquals(path, problem.get("instance").textValue());
    }
  }

  @Test
  void aFailureOfOursTellsNothingOfTheInside() {
    server.breakStore();

    HttpResponse<String> failed = server.get(ONE);

    assertEquals(500, failed.statusCode());
    assertFalse(failed.body().contains("disk gone"));
    assertFalse(failed.body().contains("at dev.sluice"));
    assertTrue(json(failed).get("requestId").textValue().startsWith("r"));
  }

  @Test
  void everyAnswerCarriesTheSameGuards() {
    for (String path : List.of("/", ONE, "/nope", "/health/live", "/metrics", "/assets/page.css")) {
      HttpResponse<String> answer = server.get(path);

      assertEquals(
          "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""), path);
      assertEquals("DENY", answer.headers().firstValue("X-Frame-Options").orElse(""), path);
      assertTrue(
          answer
              .headers()
              .firstValue("Content-Security-Policy")
              .orElse("")
              .startsWith("default-src 'self'"),
          path);
    }
  }
}
