package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clients that wait for news of a rollout.
 *
 * <p>News comes in two ways. Whoever commits in this process says so ({@link #changed}) and is
 * heard at once. Besides, every rollout somebody waits for is read again each second, however many
 * wait for it: so a commit of another process is seen as well, and a forgotten call costs a second
 * and not the news.
 */
final class Waiters {
  private final Vertx vertx;
  private final RolloutStore store;
  private final Duration every;
  private final int most;
  private final Map<RolloutId, List<Waiter>> waiting = new HashMap<>();
  private int number;
  private Optional<Long> rounds = Optional.empty();
  private boolean closed;

  private record Waiter(long seen, Promise<Void> promise) {}

  Waiters(Vertx vertx, RolloutStore store, Duration every, int most) {
    this.vertx = vertx;
    this.store = store;
    this.every = every;
    this.most = most;
  }

  /** Whether one more may wait. */
  synchronized boolean full() {
    return closed || number >= most;
  }

  /**
   * Completes when the rollout has another version than the one that was seen, when the time is
   * over, when the client has gone, or when the server stops. Never fails.
   */
  Future<Void> news(RolloutId id, long seen, Duration patience, Future<Void> gone) {
    Waiter waiter = new Waiter(seen, Promise.promise());
    if (patience.isZero() || !join(id, waiter)) {
      return Future.succeededFuture();
    }
    long timer = vertx.setTimer(patience.toMillis(), t -> waiter.promise().tryComplete());
    gone.onComplete(v -> waiter.promise().tryComplete());
    return waiter
        .promise()
        .future()
        .onComplete(
            v -> {
              vertx.cancelTimer(timer);
              leave(id, waiter);
            });
  }

  private synchronized boolean join(RolloutId id, Waiter waiter) {
    if (full()) {
      return false;
    }
    waiting.computeIfAbsent(id, i -> new ArrayList<>()).add(waiter);
    number++;
    if (rounds.isEmpty()) {
      rounds = Optional.of(vertx.setPeriodic(every.toMillis(), t -> round()));
    }
    return true;
  }

  private synchronized void leave(RolloutId id, Waiter waiter) {
    List<Waiter> all = waiting.getOrDefault(id, List.of());
    if (all.remove(waiter)) {
      number--;
    }
    if (all.isEmpty()) {
      waiting.remove(id);
    }
    if (waiting.isEmpty()) {
      rounds.ifPresent(vertx::cancelTimer);
      rounds = Optional.empty();
    }
  }

  /** A rollout that cannot be read now is read in the next round. */
  private void round() {
    for (RolloutId id : ids()) {
      store
          .load(id)
          .onSuccess(
              found -> changed(id, found.map(stored -> stored.rollout().version()).orElse(0L)));
    }
  }

  private synchronized List<RolloutId> ids() {
    return List.copyOf(waiting.keySet());
  }

  /** The rollout is at this version now. */
  void changed(RolloutId id, long version) {
    waiters(id).stream().filter(w -> w.seen() != version).forEach(w -> w.promise().tryComplete());
  }

  private synchronized List<Waiter> waiters(RolloutId id) {
    return List.copyOf(waiting.getOrDefault(id, List.of()));
  }

  /** Once more after a round. */
  void later(Runnable again) {
    vertx.setTimer(every.toMillis(), t -> again.run());
  }

  synchronized int number() {
    return number;
  }

  /** Nobody waits any longer: the server stops. */
  void close() {
    List<Waiter> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(all::addAll);
    }
    all.forEach(w -> w.promise().tryComplete());
  }
}
