package dev.sluice.service.store.sqlite;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import dev.sluice.service.store.StoreTrouble;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process that does nothing but commit, and prints each version after it was acknowledged: made
 * to be killed.
 */
final class CommitLoop {
  static final RolloutId ID = new RolloutId("checkout-loop");

  private CommitLoop() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    try {
      RolloutStore store =
          StoreOpening.open(vertx, Path.of(arguments[0]), InstantSource.system()).await();
      for (Commit next = next(store); ; next = after(next.after())) {
        store.commit(next).await();
        System.out.println(next.after().version());
        System.out.flush();
      }
    } catch (StoreTrouble e) {
      System.out.println("refused: " + e.getMessage());
    } finally {
      vertx.close().await();
    }
  }

  private static Commit next(RolloutStore store) {
    return store.load(ID).await().map(s -> after(s.rollout())).orElseGet(CommitLoop::first);
  }

  private static Commit first() {
    Plan plan = Samples.plan("checkout");
    Event.Started started =
        new Event.Started(Samples.ANNA, Samples.START, java.util.Optional.empty());
    return commit(Evolution.begin(ID, plan, started), started);
  }

  private static Commit after(Rollout before) {
    Event event =
        before.version() % 2 == 1
            ? new Event.PausedBy(Samples.ANNA, "again", Samples.START.plusSeconds(before.version()))
            : new Event.ResumedBy(Samples.ANNA, "", Samples.START.plusSeconds(before.version()));
    return commit(Evolution.evolve(before, event), event);
  }

  /** Everything a commit can hold, each part with the version in it. */
  private static Commit commit(Rollout after, Event event) {
    long version = after.version();
    double[] large = new double[600];
    java.util.Arrays.fill(large, (double) version);
    return new Commit(
        after,
        version - 1,
        List.of(event),
        Optional.of(Map.of("version", large)),
        List.of(new Message("m-" + version, ID, "chat", false, Message.Kind.ANNOUNCEMENT, "body")));
  }
}
