package dev.sluice.service.loop;

import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.rollout.Announcements;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.outbox.Composer;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides and writes down: events, state, evidence and messages in one commit that carries the
 * version it rests on. Nothing is told before it is written, and what is written is told even if we
 * die in between: the relay finds it in the outbox.
 */
final class Ledger {
  /** Somebody else wrote this many times in a row while we decided: then something is wrong. */
  static final int ATTEMPTS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final Duration STORE_LIMIT = Duration.ofMinutes(1);

  private final RolloutStore store;
  private final Decider decider;
  private final Composer composer;
  private final Home home;
  private final InstantSource clock;
  private final Telemetry telemetry;
  private final Runnable wakeRelay;
  private final Consumer<Rollout> news;
  private final Map<RolloutId, Future<?>> writing = new HashMap<>();

  Ledger(Engine.Seams seams, Decider decider, Home home) {
    this.store = seams.store();
    this.decider = decider;
    this.composer = seams.composer();
    this.home = home;
    this.clock = seams.clock();
    this.telemetry = seams.telemetry();
    this.wakeRelay = seams.wakeRelay();
    this.news = seams.news();
  }

  /** Fails with {@link Rollouts.Unknown} when there is no such rollout. */
  Future<Knowledge> load(RolloutId id) {
    return loadStored(id).map(Knowledge::of);
  }

  private Future<RolloutStore.Stored> loadStored(RolloutId id) {
    return home.bring("Reading rollout " + id, STORE_LIMIT, () -> store.load(id))
        .map(found -> found.orElseThrow(() -> new Rollouts.Unknown(id)));
  }

  /** The events after this version, oldest first. */
  Future<List<RolloutStore.Recorded>> events(RolloutId id, long after, int limit) {
    return home.bring("Reading " + id, STORE_LIMIT, () -> store.events(id, after, limit));
  }

  /** What the looks after this one were judged from, oldest first. */
  Future<List<LookTrace>> traces(RolloutId id, long after, int limit) {
    return home.bring("Reading " + id, STORE_LIMIT, () -> store.traces(id, after, limit));
  }

  Future<Optional<Rollout>> find(RolloutId id) {
    return home.bring("Reading rollout " + id, STORE_LIMIT, () -> store.load(id))
        .map(found -> found.map(RolloutStore.Stored::rollout));
  }

  Future<List<RolloutId>> live() {
    return home.bring("Listing the live rollouts", STORE_LIMIT, store::live);
  }

  Future<Long> newest() {
    return home.bring("Counting the rollouts", STORE_LIMIT, store::newest);
  }

  Future<Optional<Rollout>> latestOf(String planName) {
    return home.bring("Looking for " + planName, STORE_LIMIT, () -> store.latestOf(planName));
  }

  /** Carries out a command on whatever the rollout is now. */
  Future<Rollout> tell(RolloutId id, Command command) {
    return tell(id, command, OptionalLong.empty());
  }

  /**
   * Carries out a command on the version that somebody saw; fails with {@link Rollouts.Stale} where
   * that is not the one it is at. The commit carries that version, so nothing slips in between.
   */
  Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen) {
    return inTurn(id, () -> tell(id, command, seen, 1));
  }

  private Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen, int attempt) {
    return loadStored(id)
        .compose(
            stored -> {
              long version = stored.rollout().version();
              return seen.isPresent() && seen.getAsLong() != version
                  ? Future.failedFuture(new Rollouts.Stale(id, seen.getAsLong(), version))
                  : decide(stored.rollout(), command, Optional.empty(), Optional.empty());
            })
        .recover(onConflict(attempt, () -> tell(id, command, seen, attempt + 1)));
  }

  /** Runs the retry when somebody else wrote first, a bounded number of times. */
  static <T> Function<Throwable, Future<T>> onConflict(int attempt, Supplier<Future<T>> retry) {
    return failure ->
        failure instanceof RolloutStore.VersionConflict && attempt < ATTEMPTS
            ? retry.get()
            : Future.failedFuture(failure);
  }

  /**
   * Decides on this very state and commits; fails with {@link RolloutStore.VersionConflict} when it
   * is no longer the state, and with {@link Rollouts.Refused} when the rollout says no.
   *
   * @param evidence what the evidence is after the command; absent where it is not touched
   */
  Future<Rollout> write(Rollout before, Command command, Optional<Evidence> evidence) {
    return write(before, command, evidence, Optional.empty());
  }

  /**
   * The same for a look.
   *
   * @param trace what it was judged from
   */
  Future<Rollout> write(
      Rollout before, Command command, Optional<Evidence> evidence, Optional<LookTrace> trace) {
    return inTurn(before.id(), () -> decide(before, command, evidence, trace));
  }

  /**
   * Who writes to the same rollout in this process waits for the one before. The version check
   * would keep them apart as well, but not fairly: looks that are made up for follow one another
   * faster than a command is read, decided and written, and a rollback by hand would lose the race
   * every time.
   */
  private <T> Future<T> inTurn(RolloutId id, Supplier<Future<T>> work) {
    Future<?> before = writing.getOrDefault(id, Future.succeededFuture());
    Future<T> mine = before.transform(ended -> Home.attempt(work));
    writing.put(id, mine);
    mine.onComplete(ended -> writing.remove(id, mine));
    return mine;
  }

  private Future<Rollout> decide(
      Rollout before, Command command, Optional<Evidence> evidence, Optional<LookTrace> trace) {
    return Home.attempt(
        () ->
            switch (decider.decide(before, command, now(before))) {
              case Outcome.Refused r -> Future.failedFuture(new Rollouts.Refused(r.rejection()));
              case Outcome.Accepted a ->
                  a.events().isEmpty()
                      ? Future.succeededFuture(before)
                      : commit(
                          of(Story.after(before, a.events()), evidence).with(trace),
                          onlyOwner(command));
            });
  }

  /**
   * What the engine does of itself is for the one replica that looks after the rollout. What people
   * ask for, and what a flag system has done, counts wherever it is heard.
   */
  private static boolean onlyOwner(Command command) {
    return switch (command) {
      case Command.TakeLook c -> true;
      case Command.LoseSource c -> true;
      case Command.Tick c -> true;
      case Command.Restarted c -> true;
      case Command.RenewEvidence c -> true;
      case Command.ConfirmApplied c -> false;
      case Command.ReportNotApplied c -> false;
      case Command.Pause c -> false;
      case Command.Resume c -> false;
      case Command.Promote c -> false;
      case Command.Approve c -> false;
      case Command.RollBack c -> false;
      case Command.Abort c -> false;
      case Command.Extend c -> false;
      case Command.Retire c -> false;
      case Command.ReportReadiness c -> false;
      case Command.ReportExposure c -> false;
      case Command.Observe c -> false;
    };
  }

  /**
   * Writes the first events of a rollout.
   *
   * @param newest the number of the newest rollout when it was found that this one may begin
   */
  Future<Rollout> begin(Story story, long newest) {
    return Home.attempt(() -> commit(of(story, Optional.empty()).ifNewestIs(newest), false));
  }

  private RolloutStore.Commit of(Story story, Optional<Evidence> evidence) {
    Rollout after = story.rollout();
    return new RolloutStore.Commit(
        after,
        after.version() - story.events().size(),
        story.events(),
        evidence.map(Evidence::snapshot),
        composer.compose(story.outgoing()));
  }

  private Future<Rollout> commit(RolloutStore.Commit commit, boolean onlyOwner) {
    Rollout after = commit.after();
    return home.bring(
            "Writing rollout " + after.id(),
            STORE_LIMIT,
            () -> onlyOwner ? store.commitAsOwner(commit) : store.commit(commit))
        .map(
            nothing -> {
              tellOthers(commit);
              return after;
            });
  }

  /** It is written: whatever goes wrong from here on must not look as if it were not. */
  private void tellOthers(RolloutStore.Commit commit) {
    try {
      telemetry.committed(commit.after(), commit.events());
      news.accept(commit.after());
      if (!commit.messages().isEmpty()) {
        wakeRelay.run();
      }
    } catch (RuntimeException e) {
      LOG.error("Rollout {} is written, but not everybody was told", commit.after().id(), e);
    }
  }

  /** The present, in the resolution that metrics systems have. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The present, for a rollout to which things have happened. A clock that was set back is waited
   * out: nothing is dated before what happened before it, so no time is counted twice and no
   * deadline moves nearer.
   */
  Instant now(Rollout rollout) {
    Instant now = now();
    return now.isBefore(rollout.updatedAt()) ? rollout.updatedAt() : now;
  }

  /** Events, the state they lead to, and what must be told because of them. */
  record Story(Rollout rollout, List<Event> events, List<Outgoing> outgoing) {

    static Story after(Rollout before, List<Event> events) {
      List<Outgoing> outgoing = new ArrayList<>();
      Rollout rollout = before;
      for (Event event : events) {
        rollout = Evolution.evolve(rollout, event);
        outgoing.addAll(Announcements.of(event, rollout));
      }
      return new Story(rollout, events, outgoing);
    }

    /**
     * The story of a new rollout.
     *
     * @param events {@link Event.Started} first
     */
    static Story begin(Rollout started, List<Event> events) {
      Story rest = after(started, events.subList(1, events.size()));
      List<Outgoing> outgoing = new ArrayList<>(Announcements.of(events.getFirst(), started));
      outgoing.addAll(rest.outgoing());
      return new Story(rest.rollout(), events, outgoing);
    }
  }
}
