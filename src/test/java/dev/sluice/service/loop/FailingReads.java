package dev.sluice.service.loop;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.util.List;

/** A store that cannot be read until it is repaired. */
final class FailingReads extends StoreInBetween {
  private boolean broken = true;

  FailingReads(RolloutStore store) {
    super(store);
  }

  void repair() {
    broken = false;
  }

  @Override
  public Future<List<RolloutId>> live() {
    return broken ? Future.failedFuture(new IllegalStateException("locked")) : super.live();
  }
}
