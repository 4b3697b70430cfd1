package dev.sluice.service.cli;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.template.SampleEvents;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WebhookCommandTest {
  private static final String KEY = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  private final Vertx vertx = Vertx.vertx();
  private final Receiver receiver = new Receiver(vertx);
  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(folder.resolve("key"), KEY);
    Files.writeString(folder.resolve("token"), "t0ken-of-theirs");
    Files.writeString(
        folder.resolve("sluice.yaml"),
        """
        prometheus: { main: { url: 'http://127.0.0.1:9090' } }
        flags:
          plain: { type: webhook, url: URL/plain, secrets: ['${file:key}'] }
          formed:
            type: webhook
            url: URL/flags/{{flag.key}}
            method: PUT
            headers: { Authorization: 'Bearer ${file:token}' }
            body: '{"to": {{to}}, "off": {{disable}}, "token": "${file:token}"}'
        """
            .replace("URL", receiver.url("").toString()));
  }

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private Ran run(String verb, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(verb));
    arguments.addAll(Arrays.asList(more));
    arguments.add("--config=" + folder.resolve("sluice.yaml"));
    int code =
        new CommandLine(WebhookCommand.class)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void aPreviewShowsWhatWouldBeSentAndHidesWhatIsSecret() {
    Ran ran = run("preview", "formed");

    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("PUT " + receiver.url("/flags/checkout-v2") + "\n"), ran.out());
    assertTrue(ran.out().contains("authorization: Bearer (secret)\n"), ran.out());
    assertTrue(
        ran.out().endsWith("\n\n{\"to\": 10, \"off\": false, \"token\": \"(secret)\"}\n"),
        ran.out());
    assertFalse(ran.out().contains("t0ken"));
    assertEquals(List.of(), receiver.received(), "nothing is sent");
  }

  @Test
  void aPreviewShowsTheSignatureOfTheEventItself() {
    Ran ran = run("preview", "plain", "--sample=rollback");

    assertTrue(ran.out().contains("webhook-signature: v1,"), ran.out());
    assertTrue(ran.out().contains("sluice.decision.rollback.v1"), ran.out());
    assertFalse(ran.out().contains(KEY));
  }

  @Test
  void eachSampleIsThere() {
    assertTrue(run("preview", "formed", "--sample=disable").out().contains("\"off\": true"));
    assertEquals(2, run("preview", "formed", "--sample=nonsense").code());
    assertTrue(run("preview", "plain", "--sample=news").out().contains("sluice.step.v1"));
  }

  @Test
  void aReplaySendsTheEventWithTheIdItHad() throws IOException {
    Path event = folder.resolve("event.json");
    Files.writeString(event, SampleEvents.COMMAND.fullest().toString());

    Ran ran = run("replay", "formed", "--event=" + event);

    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        "{\"to\": 10, \"off\": false, \"token\": \"t0ken-of-theirs\"}",
        receiver.received().getLast().body());
    assertEquals(
        "checkout-v2-20261123t090000-k3-3",
        receiver.received().getLast().headers().get("webhook-id"));
  }

  @Test
  void whatTheReceiverRefusesIsSaid() throws IOException {
    receiver.answers(400, "no such flag, t0ken-of-theirs");
    Path event = folder.resolve("event.json");
    Files.writeString(event, SampleEvents.COMMAND.fullest().toString());

    Ran ran = run("replay", "formed", "--event=" + event);

    assertEquals(4, ran.code());
    assertEquals("formed answered 400: no such flag, (secret)\n", ran.err());
  }

  @Test
  void whatIsNoWebhookOrNoEventIsSaid() throws IOException {
    assertTrue(run("preview", "nope").err().contains("There: formed, plain."));
    Path event = folder.resolve("event.json");
    Files.writeString(event, "{}");
    Ran ran = run("replay", "plain", "--event=" + event);
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("is no CloudEvent"), ran.err());
    assertEquals(2, run("replay", "plain", "--event=" + folder.resolve("none")).code());
  }
}
