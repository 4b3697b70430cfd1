package dev.sluice.service.notify;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.service.config.FlagEndpoint;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.notify.slack.SlackTarget;
import dev.sluice.service.notify.webhook.WebhookTarget;
import dev.sluice.service.outbox.Target;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final Endpoint.Webhook WEBHOOK = webhook("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
  private static final Endpoint SLACK =
      new Endpoint.Slack(new Secret("https://hooks.slack.example/x"), Duration.ofSeconds(5));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private static Endpoint.Webhook webhook(String secret) {
    return new Endpoint.Webhook(
        URI.create("https://flags.example/hook"),
        List.of(new Secret(secret)),
        Map.of(),
        Duration.ofSeconds(5));
  }

  private Map<String, Target> from(Map<String, FlagEndpoint> flags, Map<String, Endpoint> sinks) {
    return Targets.from(
        vertx,
        new ServerConfig(
            new ServerConfig.Http("127.0.0.1", 0, Optional.empty(), List.of()),
            new ServerConfig.Store.Sqlite(Path.of("s.db")),
            ZoneOffset.UTC,
            Map.of(),
            flags,
            sinks),
        InstantSource.system(),
        "1");
  }

  @Test
  void everyFlagSystemAndSinkIsATargetByItsName() {
    Map<String, Target> targets =
        from(Map.of("flags", WEBHOOK), Map.of("chat", SLACK, "audit", WEBHOOK));

    assertEquals(Set.of("flags", "chat", "audit"), targets.keySet());
    assertInstanceOf(WebhookTarget.class, targets.get("flags"));
    assertInstanceOf(SlackTarget.class, targets.get("chat"));
    assertInstanceOf(WebhookTarget.class, targets.get("audit"));
  }

  @Test
  void allProblemsAreToldAtOnceAndNoSecretIsShown() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> from(Map.of("one", WEBHOOK), Map.of("one", SLACK, "three", webhook("hidden"))));

    assertEquals(
        List.of(
            "a secret of three must be whsec_ and the key in base64",
            "sinks.one: a flag system has this name already. Give one of them another name."),
        String.valueOf(refusal.getMessage()).lines().sorted().toList());
    assertFalse(refusal.toString().contains("hidden"));
  }
}
