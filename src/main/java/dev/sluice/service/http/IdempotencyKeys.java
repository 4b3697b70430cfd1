package dev.sluice.service.http;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was started under which Idempotency-Key: the same request again gives the same rollout and
 * no second one.
 *
 * <p>Kept in memory, for 24 hours and for the newest thousand. After a restart of the server the
 * rule that a plan runs once at a time still stands in the way of a second rollout; only a
 * repetition that comes after a restart and after the end of the first rollout would start another.
 */
final class IdempotencyKeys {
  private static final Duration LIFE = Duration.ofHours(24);
  private static final int MOST = 1000;

  private record Key(String caller, String key) {}

  private record Kept(String fingerprint, Future<RolloutId> started, Instant at) {}

  /**
   * @param replayed whether it is the answer to an earlier request
   */
  record Started(RolloutId id, boolean replayed) {}

  private final InstantSource clock;
  private final Map<Key, Kept> kept = new LinkedHashMap<>();

  IdempotencyKeys(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Starts, or repeats what was started. Only success is kept: a refused request may be tried again
   * with its key.
   *
   * @param fingerprint says whether it is the same request
   */
  Future<Started> once(
      String caller, String key, String fingerprint, Supplier<Future<RolloutId>> start) {
    Key name = new Key(caller, key);
    Promise<RolloutId> promise = Promise.promise();
    Kept mine = new Kept(fingerprint, promise.future(), clock.instant());
    Optional<Kept> before = reserve(name, mine);
    if (before.isPresent()) {
      return repeated(before.get(), fingerprint).map(id -> new Started(id, true));
    }
    Turns.guarded(start).onComplete(promise);
    return promise.future().onFailure(f -> forget(name)).map(id -> new Started(id, false));
  }

  private synchronized Optional<Kept> reserve(Key name, Kept mine) {
    forgetOld();
    return Optional.ofNullable(kept.putIfAbsent(name, mine));
  }

  private static Future<RolloutId> repeated(Kept before, String fingerprint) {
    if (!before.fingerprint().equals(fingerprint)) {
      return Future.failedFuture(Problems.keyReused().refusal());
    }
    return before.started().isComplete()
        ? before.started()
        : Future.failedFuture(Problems.keyInUse().refusal());
  }

  private synchronized void forget(Key name) {
    kept.remove(name);
  }

  private void forgetOld() {
    Instant oldest = clock.instant().minus(LIFE);
    kept.values().removeIf(k -> k.at().isBefore(oldest));
    while (kept.size() >= MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
