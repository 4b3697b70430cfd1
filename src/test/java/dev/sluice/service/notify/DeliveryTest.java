package dev.sluice.service.notify;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.config.ServerConfig.Endpoint;
import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.notify.post.Receiver;
import dev.sluice.service.outbox.FlagReplies;
import dev.sluice.service.outbox.Relay;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.sqlite.StoreOpening;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the decision to the flag system and the chat: real store, real relay, real HTTP. */
class DeliveryTest {
  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Receiver flags = new Receiver(vertx);
  private final Receiver chat = new Receiver(vertx);
  private final Promise<Long> obeyed = Promise.promise();

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private final FlagReplies replies =
      new FlagReplies() {
        @Override
        public Future<Void> obeyed(RolloutId id, long decisionSequence) {
          obeyed.tryComplete(decisionSequence);
          return Future.succeededFuture();
        }

        @Override
        public Future<Void> refused(RolloutId id, long decisionSequence, String detail) {
          return Future.succeededFuture();
        }
      };

  private ServerConfig config() {
    return new ServerConfig(
        new ServerConfig.Http("127.0.0.1", 0, Optional.empty(), List.of()),
        new ServerConfig.Store.Sqlite(folder.resolve("s.db")),
        ZoneOffset.UTC,
        Map.of(),
        Map.of(
            "unleash-prod",
            new Endpoint.Webhook(
                flags.url("/flag"),
                List.of(new Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")),
                Map.of(),
                Duration.ofSeconds(10))),
        Map.of(
            "slack",
            new Endpoint.Slack(
                new Secret(chat.url("/services/x").toString()), Duration.ofSeconds(10))));
  }

  private Scheduler scheduler() {
    return (delay, work) -> {
      long timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> work.run());
      return () -> vertx.cancelTimer(timer);
    };
  }

  /** A rollout's first commit that ends in this scene. */
  private static RolloutStore.Commit commit(List<Message> messages) {
    Event event = Scenes.all().get("rolls-back");
    Rollout after = Scenes.news("rolls-back", "slack").rollout();
    int before = (int) after.version() - 1;
    return new RolloutStore.Commit(
        after, 0, java.util.Collections.nCopies(before + 1, event), Optional.empty(), messages);
  }

  @Test
  void aRollbackReachesTheFlagSystemAndTheChatAndIsNoted() {
    RolloutStore store =
        await(StoreOpening.open(vertx, folder.resolve("s.db"), InstantSource.system()));
    Relay relay =
        new Relay(
            store,
            Targets.from(vertx, config(), InstantSource.system(), "1"),
            replies,
            scheduler(),
            InstantSource.system(),
            new Random(1),
            new Telemetry(new PrometheusRegistry()),
            () -> true);
    EndpointComposer composer = new EndpointComposer(config().sinks(), Scenes.PUBLIC);
    List<Outgoing> outgoing =
        Scenes.outgoing("rolls-back").stream()
            .filter(o -> !(o instanceof Outgoing.Announce n && n.to().sink().equals("machines")))
            .toList();
    await(store.commit(commit(composer.compose(outgoing))));

    context.runOnContext(go -> relay.start());

    assertEquals(3, await(obeyed.future()));
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(go -> relay.stop().onComplete(stopped));
    await(stopped.future());
    assertEquals(Scenes.ID + "-3", flags.received().getFirst().headers().get("webhook-id"));
    assertEquals(1, chat.received().size());
    assertEquals(
        List.of("delivered", "delivered"),
        await(store.deliveries(Scenes.ID, 10)).stream().map(Delivery::state).toList());
    await(store.close());
  }
}
