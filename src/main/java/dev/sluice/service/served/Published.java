package dev.sluice.service.served;

import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.PlanText;
import dev.sluice.service.store.RolloutStore.Stored;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is served now, for each set: taken from the rollouts in the store, so that it is the same
 * after a restart and in every replica, and there is no second truth that could differ from the
 * rollouts'. A rollout that this process commits is served with the commit; those of other replicas
 * are found by {@link #refresh}.
 *
 * <p>What is served is kept in memory: a store that cannot be reached changes nothing of it. May be
 * used from any thread.
 */
public final class Published {
  /** Looked through for what came before a rollout that waits for its first step. */
  private static final int EARLIER = 500;

  private final RolloutStore store;
  private final Map<String, Standings> standings = new HashMap<>();
  private final Map<String, FlagSet> sets = new HashMap<>();
  private final Map<String, FileCopy> copies;
  private final Set<RolloutId> foreign = new HashSet<>();
  private Set<RolloutId> watched = Set.of();

  /**
   * @param copies where each set is written to, by the name of the set
   */
  public Published(RolloutStore store, Map<String, FileCopy> copies) {
    this.store = store;
    this.copies = Map.copyOf(copies);
    copies
        .keySet()
        .forEach(
            name -> {
              standings.put(name, new Standings());
              sets.put(name, FlagSet.of(name, List.of()));
            });
  }

  /** The set of this name; absent where there is none. */
  public synchronized Optional<FlagSet> set(String name) {
    return Optional.ofNullable(sets.get(name));
  }

  /** Completes when what is served now is in the set's file; fails where it cannot be written. */
  public Future<FlagSet> written(String name) {
    Optional<FlagSet> set = set(name);
    FileCopy copy = copies.get(name);
    if (set.isEmpty() || copy == null) {
      return Future.failedFuture(new IllegalArgumentException("no set is called " + name));
    }
    return copy.write(set.get().document()).map(set.get());
  }

  /** Reads all that was ever decided of the flags that are served here. */
  public Future<Void> load() {
    if (copies.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .live()
        .compose(
            live -> {
              looked(new HashSet<>(live));
              return store.plans();
            })
        .compose(this::newestOfEach)
        .compose(
            newest ->
                newest.stream().allMatch(Standings::speaks)
                    ? Future.succeededFuture(newest)
                    : store.list(EARLIER).map(earlier -> both(earlier, newest)))
        .onSuccess(this::loaded)
        .mapEmpty();
  }

  private synchronized void loaded(List<Rollout> all) {
    all.forEach(this::changed);
    copies.forEach(
        (name, copy) -> set(name).ifPresent(s -> copy.writeInTheBackground(s.document())));
  }

  private Future<List<Rollout>> newestOfEach(List<PlanText> plans) {
    Future<List<Rollout>> all = Future.succeededFuture(new ArrayList<>());
    for (PlanText plan : plans) {
      all =
          all.compose(
              found ->
                  store
                      .latestOf(plan.name())
                      .map(
                          latest -> {
                            latest.filter(this::ours).ifPresent(found::add);
                            return found;
                          }));
    }
    return all;
  }

  private static List<Rollout> both(List<Rollout> earlier, List<Rollout> newest) {
    List<Rollout> all = new ArrayList<>(earlier);
    all.addAll(newest);
    return all;
  }

  private boolean ours(Rollout rollout) {
    return target(rollout).filter(copies::containsKey).isPresent();
  }

  private static Optional<String> target(Rollout rollout) {
    return rollout.plan().flag().map(FlagTarget::target);
  }

  /** A rollout was committed like this. */
  public synchronized void changed(Rollout rollout) {
    String name = target(rollout).orElse("");
    Standings known = standings.get(name);
    if (known != null && known.learn(rollout)) {
      FlagSet set = known.set(name);
      sets.put(name, set);
      FileCopy copy = copies.get(name);
      if (copy != null) {
        copy.writeInTheBackground(set.document());
      }
    }
  }

  /** Looks for what other replicas have committed: the live rollouts, and those that were. */
  public Future<Void> refresh() {
    return store.live().compose(live -> each(looked(new HashSet<>(live))));
  }

  private synchronized Set<RolloutId> looked(Set<RolloutId> live) {
    Set<RolloutId> looked = new HashSet<>(live);
    looked.addAll(watched);
    looked.removeAll(foreign);
    watched = live;
    foreign.retainAll(live);
    return looked;
  }

  private Future<Void> each(Set<RolloutId> ids) {
    Future<Void> all = Future.succeededFuture();
    for (RolloutId id : ids) {
      all =
          all.compose(v -> store.load(id))
              .onSuccess(found -> found.map(Stored::rollout).ifPresent(this::found))
              .mapEmpty();
    }
    return all;
  }

  private synchronized void found(Rollout rollout) {
    if (ours(rollout)) {
      changed(rollout);
    } else {
      foreign.add(rollout.id());
    }
  }
}
