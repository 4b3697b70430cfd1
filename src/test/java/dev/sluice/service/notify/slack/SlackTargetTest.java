package dev.sluice.service.notify.slack;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.outbox.Target.Result;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTargetTest {
  private static final String PATH = "/services/T000/B000/hidden";
  private static final String BODY = "{\"text\":\"rolled back\",\"blocks\":[{\"type\":\"x\"}]}";

  private final Vertx vertx = Vertx.vertx();
  private final Receiver slack = new Receiver(vertx);

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private SlackTarget target(String url) {
    return new SlackTarget(
        new Caller(vertx, new WebClientOptions(), new PoolOptions()),
        InstantSource.fixed(Instant.EPOCH),
        "chat",
        new Endpoint.Slack(new Secret(url), Duration.ofSeconds(10)),
        "1.2.3");
  }

  private Result deliver(String body) {
    return await(
        target(slack.url(PATH).toString())
            .deliver(
                new Message(
                    "id",
                    new RolloutId("checkout-1"),
                    "chat",
                    false,
                    Message.Kind.ANNOUNCEMENT,
                    body)));
  }

  @Test
  void theMessageIsPostedAsItIs() {
    assertEquals(new Result.Ok(), deliver(BODY));

    Receiver.Received received = slack.received().getFirst();
    assertEquals(BODY, received.body());
    assertEquals(PATH, received.path());
    assertEquals("application/json; charset=utf-8", received.headers().get("content-type"));
  }

  @Test
  void whenSlackRefusesTheBlocksTheSentenceIsSentAlone() {
    slack.answers(
        response -> {
          boolean first = slack.received().size() == 1;
          response.setStatusCode(first ? 400 : 200).end(first ? "invalid_blocks" : "ok");
        });

    assertEquals(new Result.Ok(), deliver(BODY));

    assertEquals("{\"text\":\"rolled back\"}", slack.received().get(1).body());
  }

  @Test
  void whatSlackRefusesEvenSoIsNotTriedAgainForHours() {
    slack.answers(400, "invalid_payload");
    assertEquals(new Result.Gone("chat answered 400: invalid_payload"), deliver(BODY));
    assertEquals(new Result.Gone("chat answered 400: invalid_payload"), deliver("not json"));
    assertEquals(new Result.Gone("chat answered 400: invalid_payload"), deliver("{\"text\":\"\"}"));
  }

  @ParameterizedTest
  @CsvSource({"404,no_service", "404,channel_not_found", "410,channel_is_archived"})
  void aWebhookThatWasTakenAwayIsGone(int status, String text) {
    slack.answers(status, text);
    assertEquals(new Result.Gone("chat answered " + status + ": " + text), deliver(BODY));
  }

  @Test
  void tooManyMessagesWaitAsLongAsSlackSays() {
    slack.answers(r -> r.setStatusCode(429).putHeader("Retry-After", "3").end("rate_limited"));
    assertEquals(
        new Result.Retry("chat answered 429: rate_limited", Optional.of(Duration.ofSeconds(3))),
        deliver(BODY));
  }

  @ParameterizedTest
  @CsvSource({"403,action_prohibited", "500,rollup_error"})
  void otherFailuresAreTriedAgain(int status, String text) {
    slack.answers(status, text);
    assertEquals(
        new Result.Retry("chat answered " + status + ": " + text, Optional.empty()), deliver(BODY));
  }

  @Test
  void theAddressIsNeverShown() {
    slack.answers(500, "no route for " + PATH + " here");
    String detail = assertInstanceOf(Result.Retry.class, deliver(BODY)).detail();
    assertEquals("chat answered 500: no route for (secret) here", detail);

    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> target("hooks hidden"));
    assertFalse(String.valueOf(refusal).contains("hidden"), refusal.toString());
  }
}
