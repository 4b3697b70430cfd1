package dev.sluice.service.store.postgresql;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.RolloutStore.LeaseLost;
import dev.sluice.service.store.sql.Session;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * This process among the replicas. Its id is used for one life only: a replica that was declared
 * dead and wakes up joins again under another one, and whatever it still wants to write under the
 * old one is refused.
 */
final class Membership implements Leases {
  /**
   * How often a replica says that it is alive, and how long it is believed. A dead replica's
   * rollouts are taken within the sum of both.
   */
  record Times(Duration every, Duration believed) {
    static final Times USUAL = new Times(Duration.ofSeconds(1), Duration.ofSeconds(9));
  }

  private final Lines lines;
  private final String name;
  private final Times times;
  private final Map<RolloutId, Long> tokens = new ConcurrentHashMap<>();
  private volatile String replica;
  private final AtomicInteger lives = new AtomicInteger();

  /**
   * @param lines of its own: that this process is alive must not wait behind what it does
   * @param name unique among all processes that ever share this store
   */
  Membership(Lines lines, String name, Times times) {
    this.lines = lines;
    this.name = name;
    this.times = times;
    this.replica = name;
  }

  /** Its id now. */
  String replica() {
    return replica;
  }

  @Override
  public Duration every() {
    return times.every();
  }

  /** Somewhat less than the others wait, so that what is begun in time also ends in time. */
  @Override
  public Duration goodFor() {
    return times.believed().multipliedBy(3).dividedBy(4);
  }

  /** Counts as alive from now on, and has nothing yet. */
  Future<Void> join() {
    return lines.transaction(this::alive).map(id -> replica = id).mapEmpty();
  }

  private record Round(String replica, List<Held> held) {}

  @Override
  public Future<List<Held>> renew() {
    Set<RolloutId> before = Set.copyOf(tokens.keySet());
    return lines.transaction(this::round).map(round -> holding(round, before));
  }

  /**
   * @param before what it had when the round was begun: what it began since is in the next one
   */
  private List<Held> holding(Round round, Set<RolloutId> before) {
    replica = round.replica();
    Map<RolloutId, Long> now =
        round.held().stream().collect(Collectors.toMap(Held::id, Held::token));
    tokens.keySet().removeIf(id -> before.contains(id) && !now.containsKey(id));
    tokens.putAll(now);
    return round.held();
  }

  private Round round(Session db) throws SQLException {
    String me = alive(db);
    LeaseRows.buryTheDead(db);
    LeaseRows.forgetTheDone(db, me);
    long share = LeaseRows.share(db);
    long mine = LeaseRows.count(db, me);
    if (mine < share) {
      LeaseRows.claim(db, me, share - mine);
    } else if (mine > share) {
      LeaseRows.handOver(db, me, mine - share);
    }
    List<Held> held = LeaseRows.held(db, me);
    LeaseRows.takenUp(db, me);
    return new Round(me, held);
  }

  /** The id under which this process lives; another one where it was declared dead. */
  private String alive(Session db) throws SQLException {
    String me = replica;
    if (LeaseRows.stayAlive(db, me, times.believed())) {
      return me;
    }
    String next = name + "-" + lives.incrementAndGet();
    LeaseRows.join(db, next, times.believed());
    return next;
  }

  /** In the transaction of a first commit. */
  void begun(Session db, RolloutId id) throws SQLException {
    LeaseRows.begin(db, replica, id).ifPresent(token -> tokens.put(id, token));
  }

  /** In the transaction of a commit: whoever wants to take the lease waits until it has ended. */
  void check(Session db, Commit commit) throws SQLException {
    RolloutId id = commit.after().id();
    OptionalLong token = LeaseRows.token(db, replica, id);
    Long known = tokens.get(id);
    if (known == null || token.isEmpty() || token.getAsLong() != known) {
      tokens.remove(id);
      throw new LeaseLost(id);
    }
  }

  boolean holds(Session db, RolloutId id) throws SQLException {
    return LeaseRows.token(db, replica, id).isPresent();
  }

  /** Gives everything back, and closes. Where that fails the others find out by themselves. */
  Future<Void> leave() {
    return lines
        .transaction(
            db -> {
              LeaseRows.leave(db, replica);
              return true;
            })
        .transform(left -> lines.close());
  }
}
