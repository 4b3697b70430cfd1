package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the page on flag webhooks tells people to type is believed by a receiver. */
class SignByHandTest {
  private static final Path PAGE = Path.of("../docs/how-to/flag-webhook.md");
  private static final String ADDRESS = "https://flags.example.com";
  private static final Pattern SCRIPT =
      Pattern.compile("```sh\n(secret='(whsec_[^']+)'.*?)```", Pattern.DOTALL);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aMessageThatWasSignedByHandMovesTheFlag() throws Exception {
    Matcher script = SCRIPT.matcher(Files.readString(PAGE));
    assertTrue(script.find(), "the page has no such script any more");
    Flags flags = new Flags(vertx, new Signature(script.group(2)), InstantSource.system());
    String typed = script.group(1).replace(ADDRESS, Loopback.url(flags.open().await()));

    Process bash = new ProcessBuilder("bash", "-c", typed).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(bash.waitFor(30, TimeUnit.SECONDS), "it does not end");
    assertTrue(said.contains("204 No Content"), said);
    assertEquals(1, flags.percent("checkout-v2"));
  }
}
