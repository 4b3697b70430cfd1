package dev.sluice.service.loop;

import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;

/**
 * Ends the process at a commit: just before it is written, or just after. Whoever waits for the
 * answer waits for ever, as one does whose process is gone.
 */
final class Fuse {
  private final World world;
  private BooleanSupplier before = () -> false;
  private BooleanSupplier after = () -> false;

  Fuse(World world) {
    this.world = world;
  }

  void dieAfterNextCommit() {
    after =
        () -> {
          after = () -> false;
          return true;
        };
  }

  /** Asked at every commit whether the process dies there. */
  void dieWhen(BooleanSupplier beforeCommit, BooleanSupplier afterCommit) {
    before = beforeCommit;
    after = afterCommit;
  }

  RolloutStore around(RolloutStore store) {
    return new StoreInBetween(store) {
      @Override
      public Future<Void> commit(Commit commit) {
        if (before.getAsBoolean()) {
          world.kill();
          return Promise.<Void>promise().future();
        }
        Future<Void> written = super.commit(commit);
        if (after.getAsBoolean()) {
          world.kill();
          return Promise.<Void>promise().future();
        }
        return written;
      }
    };
  }
}
