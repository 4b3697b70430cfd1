package dev.sluice.service.notify.webhook;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ConfigReader;
import dev.sluice.service.config.ConfigReading;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.outbox.Target.Result;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.template.SampleEvents;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook whose receiver wants to be told in words of its own. */
class WebhookFormTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1795428930L));
  private static final String KEY = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  private final Vertx vertx = Vertx.vertx();
  private final Receiver receiver = new Receiver(vertx);

  @TempDir Path folder;

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private ConfigReading reading(String fields) {
    String config =
        """
        prometheus: { main: { url: 'http://127.0.0.1:9090' } }
        flags:
          shop:
            type: webhook
        """
            + fields.indent(4);
    return ConfigReader.read(
        config.replace("HOST", receiver.url("").toString()),
        folder,
        Map.of("KEY", KEY, "API_TOKEN", "t0p-secret"));
  }

  private WebhookTarget target(String fields) {
    ConfigReading reading = reading(fields);
    if (reading instanceof ConfigReading.Broken broken) {
      throw new AssertionError(broken.problems().toString());
    }
    Endpoint.Webhook webhook =
        (Endpoint.Webhook)
            Objects.requireNonNull(((ConfigReading.Ok) reading).config().flags().get("shop"));
    return new WebhookTarget(
        new Caller(vertx, new WebClientOptions(), new PoolOptions()),
        CLOCK,
        "shop",
        webhook,
        "1.2.3");
  }

  private List<String> problems(String fields) {
    return assertInstanceOf(ConfigReading.Broken.class, reading(fields)).problems().stream()
        .map(p -> p.at(""))
        .toList();
  }

  private static Message message() {
    return new Message(
        "checkout-1-3",
        new RolloutId("checkout-1"),
        "shop",
        false,
        Message.Kind.FLAG,
        SampleEvents.COMMAND.fullest().toString());
  }

  private Receiver.Received sent() {
    return receiver.received().getLast();
  }

  @Test
  void theBodyIsWhatTheTemplateMakesOfTheDecision() {
    WebhookTarget target =
        target(
            """
            url: HOST/flags/{{flag.key}}/set
            method: PATCH
            contentType: application/merge-patch+json
            headers: { X-Api-Key: '${env:API_TOKEN}' }
            body: |
              {"percent": {{to}}, "why": "{{reason.sentence}}"}
            """);

    assertEquals(new Result.Ok(), await(target.deliver(message())));

    assertEquals("/flags/checkout-v2/set", sent().path());
    assertEquals("PATCH", sent().method());
    assertEquals(
        "{\"percent\": 10, \"why\": \"Every check passes: \\\"no worse\\\" is proven.\"}\n",
        sent().body());
    assertEquals("application/merge-patch+json", sent().headers().get("content-type"));
    assertEquals("t0p-secret", sent().headers().get("x-api-key"));
    assertEquals("checkout-1-3", sent().headers().get("idempotency-key"));
    assertFalse(sent().headers().containsKey("webhook-signature"), "there is no key");
  }

  @Test
  void whatIsSignedIsWhatIsSent() {
    WebhookTarget target =
        target(
            """
            url: HOST/hook
            secrets: ['${env:KEY}']
            body: '{"to": {{to}}}'
            """);

    await(target.deliver(message()));

    assertEquals("{\"to\": 10}", sent().body());
    assertEquals(
        Signature.with("shop", List.of(new dev.sluice.service.config.Secret(KEY)))
            .of("checkout-1-3", 1795428930L, "{\"to\": 10}"),
        sent().headers().get("webhook-signature"));
  }

  @Test
  void aSecretThatIsChangedInItsFileIsSentWithoutARestart() throws IOException {
    Path secret = folder.resolve("token");
    Files.writeString(secret, "first\n");
    WebhookTarget target =
        target(
            """
            url: HOST/hook
            body: '{"token": "${file:token}", "to": {{to}}}'
            """);
    await(target.deliver(message()));
    assertEquals("{\"token\": \"first\", \"to\": 10}", sent().body());

    Files.writeString(secret, "sec\"ond\n");
    await(target.deliver(message()));
    assertEquals("{\"token\": \"sec\\\"ond\", \"to\": 10}", sent().body());

    Files.delete(secret);
    Result.Retry retry = assertInstanceOf(Result.Retry.class, await(target.deliver(message())));
    assertTrue(
        retry
            .detail()
            .startsWith(
                "The template in 'body' of shop cannot be filled in: '${file:token}' cannot be read (line 1, column 12)"),
        retry.detail());
    assertEquals(2, receiver.received().size(), "half a message is none");
  }

  @Test
  void anAnswerThatRepeatsASecretOfTheBodyShowsNone() throws IOException {
    Files.writeString(folder.resolve("token"), "s3cr3t-of-theirs");
    receiver.answers(400, "bad token s3cr3t-of-theirs");

    Result.Retry retry =
        assertInstanceOf(
            Result.Retry.class,
            await(
                target(
                        """
                        url: HOST/hook
                        body: '{"token": "${file:token}"}'
                        """)
                    .deliver(message())));

    assertEquals("shop answered 400: bad token (secret)", retry.detail());
  }

  @Test
  void mistakesInATemplateAreFoundAtTheStartWithTheirPlace() {
    assertEquals(
        List.of(
            ":6:11: there is no 'flag.kye' in the event (line 2, column 12 of 'body') (did you mean 'flag.key'?)"),
        problems(
            """
            url: HOST/hook
            body: |
              {
                "flag": "{{flag.kye}}"
              }
            """));
  }

  @Test
  void aTemplateThatGivesNoJsonIsFoundAtTheStart() {
    String said =
        String.join(
            "\n",
            problems(
                """
                url: HOST/hook
                body: '{"to": {{to}}, "why": {{reason.sentence}}}'
                """));
    assertTrue(said.contains("what it gives for a promote is no JSON"), said);
    assertTrue(said.contains("sluice webhook preview"), said);
  }

  @Test
  void theHostNeverDependsOnTheMessage() {
    String said =
        String.join(
            "\n",
            problems(
                """
                url: https://{{flag.key}}.example/hook
                body: '{"to": {{to}}}'
                """));
    assertTrue(said.contains("only the path and the query may"), said);
  }

  @Test
  void withoutABodyThereMustBeAKey() {
    assertTrue(String.join("\n", problems("url: HOST/hook")).contains("secrets"));
    assertTrue(
        String.join("\n", problems("url: HOST/hook\nsecrets: ['${env:KEY}']\nmethod: PUT"))
            .contains("body"));
  }
}
