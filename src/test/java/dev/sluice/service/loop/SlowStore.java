package dev.sluice.service.loop;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A store that takes its time: longer to read than a look needs from one commit to the next. */
final class SlowStore extends StoreInBetween {
  private static final Duration READING = Duration.ofMillis(100);
  private static final Duration WRITING = Duration.ofMillis(10);

  private final Scheduler scheduler;

  SlowStore(RolloutStore store, Scheduler scheduler) {
    super(store);
    this.scheduler = scheduler;
  }

  private <T> Future<T> after(Duration delay, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    scheduler.after(delay, () -> work.get().onComplete(promise));
    return promise.future();
  }

  @Override
  public Future<Optional<Stored>> load(RolloutId id) {
    // What is read is as old as the reading is long.
    Future<Optional<Stored>> read = super.load(id);
    return after(READING, () -> read);
  }

  @Override
  public Future<Void> commit(Commit commit) {
    return after(WRITING, () -> super.commit(commit));
  }
}
