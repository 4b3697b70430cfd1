package dev.sluice.service.dashboard;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.dashboard.Timeline.Entry;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Recorded;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The timelines of the rollouts people look at. A rollout of 72 hours has thousands of looks among
 * its events, so they are read once, and afterwards only what is new. The newest entries of the
 * rollouts looked at last are kept.
 */
public final class Timelines {
  private static final int ROLLOUTS = 50;
  private static final int ENTRIES = 200;
  private static final int PAGE = 500;
  private static final long LONGEST = 20_000;

  private final RolloutStore store;
  private final Map<RolloutId, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Kept(long version, List<Entry> entries) {}

  public Timelines(RolloutStore store) {
    this.store = store;
  }

  /**
   * The newest entries, newest first.
   *
   * @param version of the rollout: read up to there
   */
  public Future<List<Entry>> of(RolloutId id, long version) {
    Kept before = before(id, Math.max(0, version - LONGEST));
    return readOn(id, before, version).map(now -> now.entries().reversed());
  }

  private synchronized Kept before(RolloutId id, long from) {
    return kept.getOrDefault(id, new Kept(from, List.of()));
  }

  private Future<Kept> readOn(RolloutId id, Kept before, long version) {
    if (before.version() >= version) {
      return Future.succeededFuture(before);
    }
    return store
        .events(id, before.version(), PAGE)
        .compose(
            page -> {
              if (page.isEmpty()) {
                return Future.succeededFuture(before);
              }
              Kept now = grown(before, page);
              keep(id, now);
              return readOn(id, now, version);
            });
  }

  private static Kept grown(Kept before, List<Recorded> page) {
    List<Entry> all = new ArrayList<>(before.entries());
    page.forEach(e -> Timeline.entry(e.version(), e.event()).ifPresent(all::add));
    int from = Math.max(0, all.size() - ENTRIES);
    return new Kept(page.getLast().version(), List.copyOf(all.subList(from, all.size())));
  }

  private synchronized void keep(RolloutId id, Kept now) {
    Kept before = kept.get(id);
    if (before == null || before.version() < now.version()) {
      kept.put(id, now);
    }
    while (kept.size() > ROLLOUTS) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
