package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlagsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
  private static final List<String> USERS =
      IntStream.range(0, 20_000).mapToObj(i -> "user-" + i).toList();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Signature signature =
      new Signature("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  private final Flags flags = new Flags(vertx, signature, InstantSource.fixed(NOW));
  private int port;

  @BeforeEach
  void open() {
    port = flags.open().await();
  }

  @AfterEach
  void close() {
    http.close();
    vertx.close().await();
  }

  @Test
  void aSignedDecisionMovesTheUsers() throws Exception {
    assertEquals(0, usersOn("checkout-v2").size());

    assertEquals(204, send("d-1", decision(1, "checkout-v2", 10)));

    assertEquals(10, flags.percent("checkout-v2"));
    assertEquals(2000, usersOn("checkout-v2").size(), 150);
    assertEquals(0, usersOn("checkout-v3").size());
  }

  @Test
  void whoIsInAtOnePercentStaysInUntilEverybodyIs() throws Exception {
    send("d-1", decision(1, "checkout-v2", 1));
    List<String> first = usersOn("checkout-v2");
    send("d-2", decision(2, "checkout-v2", 10));
    List<String> second = usersOn("checkout-v2");
    send("d-3", decision(3, "checkout-v2", 100));

    assertEquals(200, first.size(), 60);
    assertTrue(second.containsAll(first));
    assertEquals(USERS.size(), usersOn("checkout-v2").size());
  }

  @Test
  void theFirstUsersOfOneFlagAreNotTheFirstOfTheNext() throws Exception {
    send("d-1", decision(1, "checkout-v2", 10));
    send("d-2", decision(2, "checkout-v3", 10));

    List<String> both =
        usersOn("checkout-v2").stream().filter(user -> flags.on("checkout-v3", user)).toList();
    assertEquals(200, both.size(), 60);
  }

  @Test
  void aDecisionWithoutAGoodSignatureMovesNobody() throws Exception {
    byte[] body = decision(1, "checkout-v2", 100);

    assertEquals(401, post(body, "d-1", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assertEquals(401, unsigned(body));

    assertEquals(0, flags.percent("checkout-v2"));
  }

  @Test
  void theSameDecisionTwiceIsOneDecision() throws Exception {
    send("d-1", decision(1, "checkout-v2", 10));
    send("d-2", decision(2, "checkout-v2", 0));

    assertEquals(204, send("d-1", decision(1, "checkout-v2", 10)));

    assertEquals(0, flags.percent("checkout-v2"));
  }

  @Test
  void aPromotionThatWasHeldUpOnTheWayDoesNotUndoTheRollbackThatOvertookIt() throws Exception {
    send("d-1", decision(1, "checkout-v2", 1));
    send("d-3", decision(3, "checkout-v2", 0));

    assertEquals(204, send("d-2", decision(2, "checkout-v2", 10)));

    assertEquals(0, flags.percent("checkout-v2"));
  }

  @Test
  void theMomentOfTakingBackIsRemembered() throws Exception {
    send("d-1", decision(1, "checkout-v2", 10));
    assertEquals(Optional.empty(), flags.takenBack("checkout-v2"));

    send("d-2", decision(2, "checkout-v2", 0));

    assertEquals(Optional.of(NOW), flags.takenBack("checkout-v2"));
  }

  @Test
  void aPercentageOutOfRangeOrNoJsonIsRefusedAlthoughSigned() throws Exception {
    assertEquals(400, send("d-1", decision(1, "checkout-v2", 101)));
    assertEquals(400, send("d-2", "no JSON".getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, flags.percent("checkout-v2"));
  }

  @Test
  void whatIsTooLargeIsNotReadToItsEnd() throws Exception {
    assertEquals(413, send("d-1", new byte[70_000]));
  }

  private List<String> usersOn(String flag) {
    return USERS.stream().filter(user -> flags.on(flag, user)).toList();
  }

  private static byte[] decision(int sequence, String flag, int percent) {
    return ("{\"specversion\":\"1.0\",\"data\":{\"rollout\":\"%2$s-1\",\"sequence\":%1$d,"
            + "\"flag\":{\"key\":\"%2$s\"},\"from\":0,\"to\":%3$d}}")
        .formatted(sequence, flag, percent)
        .getBytes(StandardCharsets.UTF_8);
  }

  private int send(String id, byte[] body) throws IOException, InterruptedException {
    String timestamp = Long.toString(NOW.getEpochSecond());
    return post(body, id, "v1," + signature.sign(id, timestamp, body));
  }

  private int post(byte[] body, String id, String header) throws IOException, InterruptedException {
    return status(
        request(body)
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(NOW.getEpochSecond()))
            .header("webhook-signature", header));
  }

  private int unsigned(byte[] body) throws IOException, InterruptedException {
    return status(request(body));
  }

  private HttpRequest.Builder request(byte[] body) {
    return HttpRequest.newBuilder(URI.create(Loopback.url(port) + "/decisions"))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
