package dev.sluice.service.store.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStoreContract;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresqlRolloutStoreTest extends RolloutStoreContract {
  @SuppressWarnings("NullAway.Init")
  private static RealPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
    postgresql = RealPostgresql.make().start();
  }

  @AfterAll
  static void end() {
    await(vertx.close());
    postgresql.close();
  }

  @Override
  protected RolloutStore open() {
    return open(postgresql.emptySchema());
  }

  private static RolloutStore open(Server server) {
    return await(PostgresqlOpening.open(vertx, server, InstantSource.system()));
  }

  @Test
  void everythingIsThereAgainAfterClosingAndOpening() {
    Server server = postgresql.emptySchema();
    RolloutStore first = open(server);
    await(first.commit(Samples.commit(ONE, 0, 16, news(ONE, "a", "chat"), rollback(ONE, "b"))));
    await(first.putPlan(new RolloutStore.PlanText("checkout", "aa", "name: checkout\n", NOW)));
    await(first.close());

    RolloutStore second = open(server);
    try {
      Rollout expected = Samples.after(ONE, Samples.plan("checkout"), 16);
      assertEquals(expected, await(second.load(ONE)).orElseThrow().rollout());
      assertEquals(List.of(), await(second.due(NOW, ALL)), "nobody has given it the rollout yet");
      await(second.leases().orElseThrow().renew());
      assertEquals(
          List.of("b", "a"),
          await(second.due(NOW, ALL)).stream().map(p -> p.message().id()).toList());
      assertEquals("aa", await(second.plan("checkout")).orElseThrow().hash());
    } finally {
      await(second.close());
    }
  }
}
