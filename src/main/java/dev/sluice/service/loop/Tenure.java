package dev.sluice.service.loop;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this replica's leases alive, round after round, and says what it holds.
 *
 * <p>It goes by its own clock and never trusts it too far: what was promised counts from the moment
 * the question was sent, so that whoever was frozen in between finds, when it wakes, that the
 * promise is over.
 */
final class Tenure {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  private final Leases leases;
  private final Home home;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final Map<RolloutId, Long> begun = new HashMap<>();
  private final Promise<Void> first = Promise.promise();
  private Consumer<Round> listener = round -> {};
  private Optional<Scheduler.Timer> timer = Optional.empty();
  private Optional<Round> latest = Optional.empty();
  private volatile Instant from = Instant.MAX;
  private volatile boolean over;
  private long rounds;
  private boolean failing;

  /**
   * What was held when a round was asked for.
   *
   * @param ids of these, and of what was begun since, of which the round could not know
   */
  record Round(List<Leases.Held> held, Set<RolloutId> ids) {
    Round {
      held = List.copyOf(held);
      ids = Set.copyOf(ids);
    }

    static Round of(List<Leases.Held> held, Set<RolloutId> younger) {
      Set<RolloutId> ids = new HashSet<>(younger);
      held.forEach(one -> ids.add(one.id()));
      return new Round(held, ids);
    }

    /** Whether this replica does not look after it (any more). */
    boolean excludes(RolloutId id) {
      return !ids.contains(id);
    }
  }

  Tenure(Leases leases, Home home, Scheduler scheduler, InstantSource clock) {
    this.leases = leases;
    this.home = home;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Completes after the first round that succeeds. */
  Future<Void> begin(Consumer<Round> told) {
    listener = told;
    round();
    return first.future();
  }

  /** No further round. What is held is given back when the store is closed. */
  void end() {
    over = true;
    timer.ifPresent(Scheduler.Timer::cancel);
    first.tryFail("the service is stopping");
  }

  /** A rollout that was begun here is this replica's, whatever a round says that began before. */
  void begun(RolloutId id) {
    begun.put(id, rounds);
  }

  boolean holds(RolloutId id) {
    return latest.filter(round -> !round.excludes(id)).isPresent();
  }

  /**
   * Whether nobody else can have taken what is held. A clock that was set back says nothing: then
   * the next round does.
   */
  boolean good() {
    Instant now = clock.instant();
    Instant since = from;
    return !now.isBefore(since) && now.isBefore(since.plus(leases.goodFor()));
  }

  private void round() {
    timer = Optional.empty();
    Instant asked = clock.instant();
    long number = ++rounds;
    home.bring("Renewing the leases", leases.goodFor(), leases::renew)
        .onComplete(held -> answered(number, asked, held), this::failed);
  }

  private void answered(long number, Instant asked, List<Leases.Held> held) {
    if (failing) {
      LOG.info("The leases are renewed again");
      failing = false;
    }
    from = asked;
    begun.values().removeIf(round -> round < number);
    Round round = Round.of(held, begun.keySet());
    latest = Optional.of(round);
    if (!over) {
      listener.accept(round);
      first.tryComplete();
      next();
    }
  }

  private void failed(Throwable failure) {
    if (!failing) {
      LOG.error("The leases cannot be renewed; trying on: {}", failure.getMessage());
      failing = true;
    }
    if (!over) {
      next();
    }
  }

  private void next() {
    Duration wait = leases.every();
    timer = Optional.of(scheduler.after(wait, this::round));
  }
}
