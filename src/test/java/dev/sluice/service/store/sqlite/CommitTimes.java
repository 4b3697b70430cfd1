package dev.sluice.service.store.sqlite;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Not a test: how long a look's commit and the outbox's question take on this machine's disk.
 * Arguments: a folder, and how many looks.
 */
final class CommitTimes {
  private static final RolloutId ID = new RolloutId("checkout-times");
  private static final int EVIDENCE = 2000;

  private CommitTimes() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]).resolve("times.db");
    int looks = Integer.parseInt(arguments[1]);
    Vertx vertx = Vertx.vertx();
    RolloutStore store = StoreOpening.open(vertx, file, InstantSource.system()).await();
    begin(store);
    print("commit of a look", looks, () -> commit(store));
    print("load", looks, () -> store.load(ID).await());
    print("due, nothing waits", looks, () -> store.due(Samples.START, 8).await());
    store.close().await();
    System.out.printf("%,d bytes a look%n", Files.size(file) / looks);
    vertx.close().await();
  }

  private static void begin(RolloutStore store) {
    store.commit(Samples.commit(ID, 0, 5)).await();
  }

  private static Object commit(RolloutStore store) {
    Rollout before = store.load(ID).await().orElseThrow().rollout();
    long look = before.looks() + 1;
    Event event =
        new Event.LookTaken(
            look,
            Duration.ofMinutes(1),
            Samples.assessment(look),
            Samples.START.plusSeconds(60 * look));
    double[] evidence = new double[EVIDENCE];
    Arrays.fill(evidence, (double) look);
    Commit commit =
        new Commit(
            Evolution.evolve(before, event),
            before.version(),
            List.of(event),
            Optional.of(Map.of("judge", evidence)),
            List.of());
    long begin = System.nanoTime();
    store.commit(commit).await();
    return System.nanoTime() - begin;
  }

  private static void print(String what, int times, Supplier<Object> work) {
    long[] took = new long[times];
    for (int i = 0; i < times; i++) {
      long begin = System.nanoTime();
      Object result = work.get();
      took[i] = result instanceof Long nanos ? nanos : System.nanoTime() - begin;
    }
    Arrays.sort(took);
    System.out.printf(
        "%s: p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n",
        what, took[times / 2] / 1e6, took[times * 99 / 100] / 1e6, took[times - 1] / 1e6);
  }
}
