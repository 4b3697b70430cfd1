package dev.sluice.service.loop;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Somebody else who writes to the same store, always a moment before us. */
final class Meddler extends StoreInBetween {
  private int left;

  Meddler(RolloutStore store) {
    super(store);
  }

  /** Gets in the way of this many commits. */
  void meddle(int times) {
    left = times;
  }

  int left() {
    return left;
  }

  @Override
  public Future<Void> commit(Commit commit) {
    if (left == 0) {
      return super.commit(commit);
    }
    left--;
    return load(commit.after().id())
        .compose(found -> super.commit(sourceBack(found.orElseThrow().rollout())))
        .compose(nothing -> super.commit(commit));
  }

  private static Commit sourceBack(Rollout rollout) {
    Event event = new Event.SourceBack(rollout.updatedAt());
    return new Commit(
        Evolution.evolve(rollout, event),
        rollout.version(),
        List.of(event),
        Optional.empty(),
        List.of());
  }
}
