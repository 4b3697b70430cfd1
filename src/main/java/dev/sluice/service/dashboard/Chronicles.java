package dev.sluice.service.dashboard;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The chronicles of the rollouts people look at. A rollout of 72 hours has thousands of looks among
 * its events, so they are read once, by one reader for all who ask, and afterwards only what is
 * new. Those of the rollouts looked at last are kept.
 */
public final class Chronicles {
  private static final int ROLLOUTS = 50;
  private static final int PAGE = 500;
  private static final long LONGEST = 20_000;

  private final RolloutStore store;
  private final Map<RolloutId, Chronicle> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<RolloutId, Future<Chronicle>> reading = new HashMap<>();

  public Chronicles(RolloutStore store) {
    this.store = store;
  }

  /** Up to the rollout's version at least. */
  public Future<Chronicle> of(Rollout rollout) {
    RolloutId id = rollout.id();
    long version = rollout.version();
    Promise<Chronicle> promise = Promise.promise();
    Chronicle before;
    synchronized (this) {
      before = kept.getOrDefault(id, Chronicle.from(Math.max(0, version - LONGEST)));
      if (before.version() >= version) {
        return Future.succeededFuture(before);
      }
      Optional<Future<Chronicle>> underWay = Optional.ofNullable(reading.get(id));
      if (underWay.isPresent()) {
        return underWay
            .get()
            .compose(read -> read.version() >= version ? underWay.get() : of(rollout));
      }
      reading.put(id, promise.future());
    }
    readOn(rollout, before)
        .onComplete(
            done -> {
              synchronized (this) {
                reading.remove(id);
              }
              promise.handle(done);
            });
    return promise.future();
  }

  private Future<Chronicle> readOn(Rollout rollout, Chronicle before) {
    if (before.version() >= rollout.version()) {
      return Future.succeededFuture(before);
    }
    return store
        .events(rollout.id(), before.version(), PAGE)
        .compose(
            page -> {
              if (page.isEmpty()) {
                return Future.succeededFuture(before);
              }
              Chronicle now = before.plus(page, rollout.plan());
              keep(rollout.id(), now);
              return readOn(rollout, now);
            });
  }

  private synchronized void keep(RolloutId id, Chronicle now) {
    kept.put(id, now);
    while (kept.size() > ROLLOUTS) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
