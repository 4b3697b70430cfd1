package dev.sluice.service.loop;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A store as one of several replicas sees it; the test says what it holds. */
final class SharedStore extends StoreInBetween implements Leases {
  private final RolloutStore store;
  private final Map<RolloutId, Boolean> held = new HashMap<>();
  boolean reachable = true;

  SharedStore(RolloutStore store) {
    super(store);
    this.store = store;
  }

  void give(RolloutId id, boolean handedOver) {
    held.put(id, handedOver);
  }

  void take(RolloutId id) {
    held.remove(id);
  }

  @Override
  public Optional<Leases> leases() {
    return Optional.of(this);
  }

  @Override
  public Future<Void> commit(Commit commit) {
    if (commit.expectedVersion() == 0) {
      held.put(commit.after().id(), false);
    }
    return super.commit(commit);
  }

  @Override
  public Future<Void> commitAsOwner(Commit commit) {
    return held.containsKey(commit.after().id())
        ? super.commit(commit)
        : Future.failedFuture(new LeaseLost(commit.after().id()));
  }

  @Override
  public Future<List<Held>> renew() {
    if (!reachable) {
      return Future.failedFuture(new IllegalStateException("the store cannot be reached"));
    }
    Set<String> ids = new TreeSet<>(held.keySet().stream().map(RolloutId::value).toList());
    return Future.join(ids.stream().map(id -> store.load(new RolloutId(id))).toList())
        .map(
            all ->
                all.<Optional<Stored>>list().stream()
                    .flatMap(Optional::stream)
                    .map(Stored::rollout)
                    .map(
                        r ->
                            new Held(
                                r.id(),
                                1,
                                r.version(),
                                !r.ended(),
                                Boolean.TRUE.equals(held.put(r.id(), false))))
                    .toList());
  }

  @Override
  public Duration every() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration goodFor() {
    return Duration.ofSeconds(7);
  }
}
