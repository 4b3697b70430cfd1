package dev.sluice.service.notify.webhook;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.outbox.Target.Result;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetTest {
  /** Signed by another implementation of Standard Webhooks. */
  private static final String VECTOR_ID = "dec_01JD0000000000000000000001";

  private static final String VECTOR_BODY =
      "{\"specversion\":\"1.0\",\"id\":\"dec_01JD0000000000000000000001\",\"source\":\"/gates/checkout-v2\",\"type\":\"gate.decision.rollback.v1\",\"subject\":\"checkout-v2/users-10\",\"time\":\"2026-11-23T10:15:30Z\",\"datacontenttype\":\"application/json\",\"data\":{\"plan\":\"checkout-v2\",\"step\":\"users-10\",\"decision\":\"rollback\",\"from\":10,\"to\":0}}";
  private static final String VECTOR_SIGNATURE = "v1,Fige5eF5257CimYsYN1XTyKo6Vw9Gy6o1Iyp6DyLe5A=";
  private static final Secret VECTOR_SECRET =
      new Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  private static final Secret OTHER_SECRET =
      new Secret("whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1795428930L));

  private final Vertx vertx = Vertx.vertx();
  private final Caller caller = new Caller(vertx, new WebClientOptions(), new PoolOptions());
  private final Receiver receiver = new Receiver(vertx);

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private WebhookTarget target(List<Secret> secrets, Map<String, Secret> headers) {
    return target(receiver.url("/hook"), secrets, headers, Duration.ofSeconds(10));
  }

  private WebhookTarget target(
      URI url, List<Secret> secrets, Map<String, Secret> headers, Duration timeout) {
    return new WebhookTarget(
        caller, CLOCK, "flags", new Endpoint.Webhook(url, secrets, headers, timeout), "1.2.3");
  }

  private static Message message() {
    return new Message(
        VECTOR_ID, new RolloutId("checkout-1"), "flags", false, Message.Kind.FLAG, VECTOR_BODY);
  }

  private Result deliver() {
    return await(target(List.of(VECTOR_SECRET), Map.of()).deliver(message()));
  }

  private Map<String, String> sent() {
    return receiver.received().getLast().headers();
  }

  @Test
  void theRequestIsWhatStandardWebhooksAndCloudEventsSay() {
    assertEquals(new Result.Ok(), deliver());

    assertEquals(VECTOR_BODY, receiver.received().getLast().body());
    assertEquals("/hook", receiver.received().getLast().path());
    assertEquals(VECTOR_ID, sent().get("webhook-id"));
    assertEquals("1795428930", sent().get("webhook-timestamp"));
    assertEquals(VECTOR_SIGNATURE, sent().get("webhook-signature"));
    assertEquals(VECTOR_ID, sent().get("idempotency-key"));
    assertEquals("application/cloudevents+json; charset=utf-8", sent().get("content-type"));
    assertEquals("sluice/1.2.3", sent().get("user-agent"));
  }

  @Test
  void whileAKeyIsChangedBothSign() {
    await(target(List.of(OTHER_SECRET, VECTOR_SECRET), Map.of()).deliver(message()));

    String[] signatures = Objects.requireNonNull(sent().get("webhook-signature")).split(" ", -1);
    assertEquals(2, signatures.length);
    assertEquals(VECTOR_SIGNATURE, signatures[1]);
    assertTrue(signatures[0].startsWith("v1,") && !signatures[0].equals(VECTOR_SIGNATURE));
  }

  @Test
  void withoutASecretNothingIsSigned() {
    await(target(List.of(), Map.of()).deliver(message()));
    assertFalse(sent().containsKey("webhook-signature"));
  }

  @Test
  void configuredHeadersAreSentAndCannotReplaceOurs() {
    Map<String, Secret> headers =
        Map.of(
            "Authorization",
            new Secret("Bearer t0ps3cret"),
            "Webhook-Id",
            new Secret("mine"),
            "X-Tenant",
            new Secret("shop"));
    await(target(List.of(VECTOR_SECRET), headers).deliver(message()));

    assertEquals("Bearer t0ps3cret", sent().get("authorization"));
    assertEquals("shop", sent().get("x-tenant"));
    assertEquals(VECTOR_ID, sent().get("webhook-id"));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void everySuccessIsOne(int status) {
    receiver.answers(status, "");
    assertEquals(new Result.Ok(), deliver());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsAFailureThatSaysWhatToDoAndIsNotFollowed(int status) {
    receiver.answers(
        response ->
            response
                .setStatusCode(status)
                .putHeader("Location", receiver.url("/elsewhere").toString())
                .end());

    String detail = assertInstanceOf(Result.Retry.class, deliver()).detail();

    assertEquals(
        "flags answered "
            + status
            + ", a redirect. Redirects are not followed: put the final address into the server configuration.",
        detail);
    assertEquals(1, receiver.received().size());
  }

  @Test
  void goneIsGone() {
    receiver.answers(410, "moved out");
    assertEquals(new Result.Gone("flags answered 410: moved out"), deliver());
  }

  @ParameterizedTest
  @CsvSource({
    "429,30,PT30S",
    "502,30,PT30S",
    "503,30,PT30S",
    "504,30,PT30S",
    "503,' 7 ',PT7S",
    "503,'Mon, 23 Nov 2026 10:17:30 GMT',PT2M",
    "503,'Mon, 23 Nov 2020 10:16:30 GMT',PT0S",
    "503,99999999999999999999999,PT8760H",
    "503,-5,",
    "503,soon,",
    "500,30,",
    "400,30,",
  })
  void retryAfterIsReadWhereItMeansSomething(int status, String header, Duration expected) {
    receiver.answers(
        r -> r.setStatusCode(status).putHeader("Retry-After", header).end("try later"));

    Result.Retry retry = assertInstanceOf(Result.Retry.class, deliver());

    assertEquals(Optional.ofNullable(expected), retry.after());
    assertEquals("flags answered " + status + ": try later", retry.detail());
  }

  @Test
  void anAnswerThatRepeatsASecretIsNotShownWithIt() {
    receiver.answers(500, "bad token Bearer t0ps3cret or " + VECTOR_SECRET.value() + "\n\tstop");
    Result result =
        await(
            target(List.of(VECTOR_SECRET), Map.of("Authorization", new Secret("Bearer t0ps3cret")))
                .deliver(message()));

    assertEquals(
        "flags answered 500: bad token (secret) or (secret) stop",
        assertInstanceOf(Result.Retry.class, result).detail());
  }

  @Test
  void ofAnEndlessAnswerOnlyTheBeginIsRead() {
    receiver.answers(
        response -> {
          response.setStatusCode(500).setChunked(true);
          pour(response);
        });

    String detail = assertInstanceOf(Result.Retry.class, deliver()).detail();

    assertTrue(detail.startsWith("flags answered 500: xxxx"), detail);
    assertTrue(detail.length() < 300, detail);
  }

  /** Writes as long as somebody reads. */
  private static void pour(HttpServerResponse response) {
    if (!response.ended() && !response.closed()) {
      response.write(Buffer.buffer("x".repeat(10_000))).onSuccess(written -> pour(response));
    }
  }

  @Test
  void aSuccessWhoseBodyNeverEndsIsASuccess() {
    receiver.answers(response -> response.setChunked(true).write("go"));
    assertEquals(new Result.Ok(), deliver());
  }

  @Test
  void whoeverDoesNotAnswerInTimeIsTriedAgain() {
    receiver.answers(response -> {});
    Result result =
        await(
            target(receiver.url("/"), List.of(), Map.of(), Duration.ofMillis(100))
                .deliver(message()));

    assertEquals(
        "flags did not answer within 0 s.", assertInstanceOf(Result.Retry.class, result).detail());
  }

  @Test
  void whereNobodyListensIsTriedAgain() {
    URI url = receiver.url("/?token=hidden");
    receiver.close();
    Result result =
        await(target(url, List.of(), Map.of(), Duration.ofSeconds(10)).deliver(message()));

    String detail = assertInstanceOf(Result.Retry.class, result).detail();
    assertEquals("flags cannot be reached: no connection was made.", detail);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    receiver.answers(response -> response.reset());
    assertInstanceOf(Result.Retry.class, deliver());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden-value", "whsec_hidden value"})
  void aSecretThatCannotBeReadIsRefusedAtTheStartAndNotShown(String secret) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> target(List.of(new Secret(secret)), Map.of()));
    assertFalse(String.valueOf(refusal).contains("hidden"), refusal.toString());
    assertTrue(String.valueOf(refusal.getMessage()).contains("flags"), refusal.toString());
  }
}
