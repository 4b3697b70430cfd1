package dev.sluice.service.http;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RequestStore.StartRequest;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started under which Idempotency-Key: the same request again gives the same rollout and
 * no second one. Kept in the store, for 24 hours and for the newest ten thousand, so that a restart
 * forgets nothing and every replica knows it.
 *
 * <p>The key is taken before the start and the rollout is noted after it. A process that dies in
 * between leaves a key that leads nowhere. So a repetition that comes later than any start can take
 * looks for what the first request has begun: if there is such a rollout, that is the answer;
 * otherwise nothing was begun, and the start is made now.
 */
final class IdempotencyKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);
  private static final Duration LIFE = Duration.ofHours(24);
  private static final Duration LONGEST_START = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private final RolloutStore store;
  private final InstantSource clock;

  /**
   * @param replayed whether it is the answer to an earlier request
   */
  record Started(RolloutId id, boolean replayed) {}

  /**
   * A request with a key.
   *
   * @param plan that is to be started
   * @param fingerprint says whether it is the same request
   */
  record Asked(String caller, String key, String plan, String fingerprint) {
    StartRequest at(Instant now) {
      return new StartRequest(caller, key, fingerprint, now, Optional.empty());
    }
  }

  IdempotencyKeys(RolloutStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Starts, or repeats what was started. Only success is kept: a refused request may be tried again
   * with its key.
   */
  Future<Started> once(Asked asked, Supplier<Future<RolloutId>> start) {
    Instant now = clock.instant();
    StartRequest mine = asked.at(now);
    return store
        .takeKey(mine, now.minus(LIFE), MOST)
        .compose(
            before ->
                before.isPresent()
                    ? repeated(before.get(), asked, start)
                    : started(mine, start).map(id -> new Started(id, false)));
  }

  private Future<RolloutId> started(StartRequest mine, Supplier<Future<RolloutId>> start) {
    return Turns.guarded(start)
        .compose(id -> noted(mine, id))
        .recover(
            failure ->
                store
                    .giveKeyBack(mine)
                    .transform(given -> Future.<RolloutId>failedFuture(failure)));
  }

  /** It runs: that its key could not be noted as well is found out by whoever repeats it. */
  private Future<RolloutId> noted(StartRequest mine, RolloutId id) {
    return store
        .noteStarted(mine.started(id))
        .recover(
            failure -> {
              LOG.warn("The key under which {} was started could not be noted", id, failure);
              return Future.succeededFuture();
            })
        .map(id);
  }

  private Future<Started> repeated(
      StartRequest before, Asked asked, Supplier<Future<RolloutId>> start) {
    if (!before.fingerprint().equals(asked.fingerprint())) {
      return Future.failedFuture(Problems.keyReused().refusal());
    }
    if (before.rollout().isPresent()) {
      return Future.succeededFuture(new Started(before.rollout().get(), true));
    }
    if (clock.instant().isBefore(before.at().plus(LONGEST_START))) {
      return Future.failedFuture(Problems.keyInUse().refusal());
    }
    return begunBy(before, asked.plan())
        .compose(
            begun ->
                begun.isPresent()
                    ? noted(before, begun.get()).map(id -> new Started(id, true))
                    : store.giveKeyBack(before).compose(given -> once(asked, start)));
  }

  /** The plan's newest rollout, if it was begun since then by the one whose key it is. */
  private Future<Optional<RolloutId>> begunBy(StartRequest request, String plan) {
    return store
        .latestOf(plan)
        .map(
            newest ->
                newest
                    .filter(r -> !r.startedAt().isBefore(request.at()))
                    .filter(r -> r.startedBy().name().equals(request.caller()))
                    .map(Rollout::id));
  }
}
