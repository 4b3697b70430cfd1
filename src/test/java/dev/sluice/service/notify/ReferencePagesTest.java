package dev.sluice.service.notify;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.notify.webhook.WebhookTarget;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.web.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reference says is what is sent, and its scripts work. */
class ReferencePagesTest {
  private static final Path PAGES = Path.of("..", "docs", "reference");
  private static final Path GOLDEN = Path.of("test", "resources", "golden");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- golden: (\\S+) -->\n```(\\w+)\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern SHELL = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"webhook.md", "slack.md"})
  void everyMessageShownIsTheOneThatIsSent(String page) throws IOException {
    Path file = PAGES.resolve(page);
    String text = Files.readString(file);
    StringBuilder fresh = new StringBuilder();
    Matcher blocks = BLOCK.matcher(text);
    int found = 0;
    while (blocks.find()) {
      found++;
      blocks.appendReplacement(
          fresh,
          Matcher.quoteReplacement(
              "<!-- golden: %s -->\n```%s\n%s```\n"
                  .formatted(
                      blocks.group(1),
                      blocks.group(2),
                      Files.readString(GOLDEN.resolve(blocks.group(1))))));
    }
    blocks.appendTail(fresh);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, fresh);
    }
    assertTrue(found > 1, page + " shows no messages");
    assertEquals(fresh.toString(), Files.readString(file));
  }

  private static List<String> scripts() throws IOException {
    return SHELL
        .matcher(Files.readString(PAGES.resolve("webhook.md")))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private String run(String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(60, TimeUnit.SECONDS));
    return said.strip();
  }

  @Test
  void theScriptThatVerifiesTellsTheExampleFromAForgery() throws Exception {
    String example = scripts().get(0);
    String verify = scripts().get(1);

    assertEquals("genuine", run(example + verify));
    assertEquals("forged", run(example + "printf ' ' >> body.json\n" + verify));
    assertEquals("forged", run(example + "timestamp=1795428931\n" + verify));
  }

  @Test
  void theScriptThatVerifiesKnowsWhatWeReallySend() throws Exception {
    Vertx vertx = Vertx.vertx();
    Secret old = new Secret("whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=");
    Secret next = new Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    Receiver receiver = new Receiver(vertx);
    WebhookTarget target =
        new WebhookTarget(
            new Caller(vertx, new WebClientOptions(), new PoolOptions()),
            InstantSource.system(),
            "hook",
            new Endpoint.Webhook(
                receiver.url("/"), List.of(old, next), Map.of(), Duration.ofSeconds(10)),
            "1");
    await(
        target.deliver(
            new Message(
                "checkout-1-2",
                new RolloutId("checkout-1"),
                "hook",
                true,
                Message.Kind.FLAG,
                "{\"größe\":\"'quoted'\\n\"}")));
    await(vertx.close());

    Receiver.Received received = receiver.received().getFirst();
    Files.writeString(folder.resolve("body.json"), received.body());
    for (Secret secret : List.of(old, next)) {
      assertEquals(
          "genuine",
          run(
              "id=%s timestamp=%s signature='%s' secret=%s\n"
                      .formatted(
                          received.headers().get("webhook-id"),
                          received.headers().get("webhook-timestamp"),
                          received.headers().get("webhook-signature"),
                          secret.value())
                  + scripts().get(1)));
    }
  }
}
