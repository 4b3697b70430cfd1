package dev.sluice.service.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStoreContract;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRolloutStoreTest extends RolloutStoreContract {
  private static Vertx vertx = Vertx.vertx();
  @TempDir private Path folder;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() {
    await(vertx.close());
  }

  @Override
  protected RolloutStore open() {
    return open(folder.resolve("empty.db"));
  }

  private static RolloutStore open(Path file) {
    return await(StoreOpening.open(vertx, file, InstantSource.system()));
  }

  @Test
  void everythingIsThereAgainAfterClosingAndOpening() {
    Path file = folder.resolve("again.db");
    RolloutStore first = open(file);
    await(first.commit(Samples.commit(ONE, 0, 16, news(ONE, "a", "chat"), rollback(ONE, "b"))));
    await(first.putPlan(new RolloutStore.PlanText("checkout", "aa", "name: checkout\n", NOW)));
    await(first.close());

    RolloutStore second = open(file);
    try {
      Rollout expected = Samples.after(ONE, Samples.plan("checkout"), 16);
      assertEquals(expected, await(second.load(ONE)).orElseThrow().rollout());
      assertEquals(
          Samples.events(ONE).subList(0, 16),
          await(second.events(ONE, 0, ALL)).stream().map(RolloutStore.Recorded::event).toList());
      assertEquals(
          List.of("b", "a"),
          await(second.due(NOW, ALL)).stream().map(p -> p.message().id()).toList());
      assertEquals("aa", await(second.plan("checkout")).orElseThrow().hash());
    } finally {
      await(second.close());
    }
  }

  @Test
  void callsAreCarriedOutInTheOrderInWhichTheyWereMade() {
    RolloutStore store = open(folder.resolve("order.db"));
    try {
      List<io.vertx.core.Future<Void>> commits =
          IntStream.range(0, 12)
              .mapToObj(version -> store.commit(Samples.commit(ONE, version, version + 1)))
              .toList();
      assertEquals(12, await(store.load(ONE)).orElseThrow().rollout().version());
      commits.forEach(RolloutStoreContract::await);
    } finally {
      await(store.close());
    }
  }
}
