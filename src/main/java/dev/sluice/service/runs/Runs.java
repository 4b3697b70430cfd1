package dev.sluice.service.runs;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Rollouts for callers that cannot remember an id of ours.
 *
 * <p>A controller names its run by what it knows (a namespace, a name, a hash), and asks again: at
 * every tick, after a time-out, after a restart of its own. So opening is create-or-get. That no
 * repetition starts a second rollout rests on the rollout's identity, which follows from the key
 * and from how often the key was opened before: whoever starts it twice, be it after a crash in the
 * middle or from another process, finds the first one.
 *
 * <p>Order: the rollout is begun first, its run is written after. A key that is refused leaves
 * nothing behind, so no number of invented keys fills the store.
 */
public final class Runs {
  /** Silence after which nobody wants a rollout any more, where the controller says nothing. */
  public static final Duration LEASE = Duration.ofHours(1);

  public static final Duration SHORTEST_LEASE = Duration.ofMinutes(1);
  public static final Duration LONGEST_LEASE = Duration.ofDays(7);
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);
  private static final String GENERATION = "generation";
  private static final String RESET = "reset";
  private static final int ATTEMPTS = 5;

  private final RolloutStore store;
  private final Rollouts rollouts;
  private final InstantSource clock;
  private final Map<Run.Key, Future<?>> underWay = new HashMap<>();

  public Runs(RolloutStore store, Rollouts rollouts, InstantSource clock) {
    this.store = store;
    this.rollouts = rollouts;
    this.clock = clock;
  }

  /** A run with its rollout as it is now. */
  public record Standing(Run run, Rollout rollout) {
    /** Whether it was given back: the next opening begins anew. */
    public boolean isReset() {
      return run.notes().containsKey(RESET);
    }
  }

  /**
   * What is asked for.
   *
   * @param plan read only if there is nothing to get
   * @param lease silence that is borne; absent: as before, or {@link #LEASE}
   * @param notes of a new run, from the one before it under this key
   */
  public record Wish(
      Run.Key key,
      Actor actor,
      Supplier<Future<Plan>> plan,
      Optional<Duration> lease,
      Function<Optional<Run>, Map<String, String>> notes) {}

  /** The run of this key if there is one, and marks that its controller lives. */
  public Future<Optional<Standing>> find(Run.Key key, Optional<Duration> lease) {
    return store
        .run(key)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : seen(found.get(), lease).compose(this::standing));
  }

  /** The run that a rollout answers, if it answers one; marks that its controller lives. */
  public Future<Optional<Standing>> of(RolloutId rollout) {
    return store
        .runOf(rollout)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : seen(found.get(), Optional.empty()).compose(this::standing));
  }

  private Future<Optional<Standing>> standing(Run run) {
    return store
        .load(run.rollout())
        .map(found -> found.map(stored -> new Standing(run, stored.rollout())));
  }

  /** A lost race loses nothing: somebody else has just noted the same. */
  private Future<Run> seen(Run run, Optional<Duration> lease) {
    Instant now = clock.instant();
    Duration patience = lease.orElse(run.lease());
    Duration tenth = patience.dividedBy(10);
    Duration often = tenth.compareTo(NOTED_EVERY) < 0 ? tenth : NOTED_EVERY;
    boolean fresh = Duration.between(run.seenAt(), now).compareTo(often) < 0;
    if (!run.open() || (fresh && patience.equals(run.lease()))) {
      return Future.succeededFuture(run);
    }
    Run after = run.seen(now, patience);
    return store.putRun(after).map(written -> written ? after : run);
  }

  /**
   * The run of this key, begun if there is none, if the last one was given back, or if {@code
   * another} says that the controller means another one. A rollout of the key that is still live is
   * then ended first. Fails with {@link Rollouts.Refused} when it cannot begin now.
   */
  public Future<Standing> open(Wish wish, Predicate<Standing> another) {
    return inTurn(wish.key(), () -> open(wish, another, 1));
  }

  private Future<Standing> open(Wish wish, Predicate<Standing> another, int attempt) {
    return find(wish.key(), wish.lease())
        .compose(
            found ->
                found.filter(s -> !s.isReset() && !another.test(s)).isPresent()
                    ? Future.succeededFuture(found.get())
                    : superseded(wish, found)
                        .compose(nothing -> begin(wish, found))
                        .compose(
                            begun ->
                                begun
                                    .map(Future::succeededFuture)
                                    .orElseGet(
                                        () ->
                                            attempt < ATTEMPTS
                                                ? open(wish, another, attempt + 1)
                                                : crowded(wish))));
  }

  private static <T> Future<T> crowded(Wish wish) {
    return Future.failedFuture(
        new IllegalStateException(wish.key() + " is written by too many at once"));
  }

  /** The next rollout takes the flag over where there is one: nothing is taken back in between. */
  private Future<Void> superseded(Wish wish, Optional<Standing> before) {
    return before
        .map(
            old ->
                Ending.tell(
                        rollouts,
                        old.rollout(),
                        new Command.Abort(
                            wish.actor(), "Superseded: " + wish.key() + " began another one."))
                    .<Void>mapEmpty())
        .orElseGet(Future::succeededFuture);
  }

  private Future<Optional<Standing>> begin(Wish wish, Optional<Standing> before) {
    long generation = before.map(b -> generation(b.run())).orElse(0L) + 1;
    RolloutId id = identity(wish.key(), generation);
    return wish.plan()
        .get()
        .compose(plan -> rollouts.start(id, plan, wish.actor()))
        .compose(
            rollout -> {
              Run run = fresh(wish, before.map(Standing::run), id, generation);
              return store
                  .putRun(run)
                  .map(
                      written ->
                          written ? Optional.of(new Standing(run, rollout)) : Optional.empty());
            });
  }

  private Run fresh(Wish wish, Optional<Run> before, RolloutId id, long generation) {
    Map<String, String> notes = new TreeMap<>(wish.notes().apply(before));
    notes.put(GENERATION, Long.toString(generation));
    Instant now = clock.instant();
    return new Run(
        wish.key(),
        before.map(Run::version).orElse(0L) + 1,
        id,
        now,
        now,
        wish.lease().or(() -> before.map(Run::lease)).orElse(LEASE),
        true,
        notes);
  }

  private static long generation(Run run) {
    return Long.parseLong(run.notes().getOrDefault(GENERATION, "0"));
  }

  private static RolloutId identity(Run.Key key, long generation) {
    String text = String.join("\n", key.controller(), key.plan(), key.name(), "" + generation);
    return new RolloutId(
        key.plan() + "-" + key.controller() + "-" + HexFormat.of().formatHex(sha256(text), 0, 6));
  }

  /** A short name for a long one. */
  public static String digest(String text) {
    return HexFormat.of().formatHex(sha256(text), 0, 12);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Remembers something for the dialect. The change is made on the run as it is when its turn
   * comes; an empty change writes nothing.
   */
  public Future<Standing> note(Standing standing, Function<Run, Map<String, String>> change) {
    return inTurn(standing.run().key(), () -> note(standing, change, 1));
  }

  private Future<Standing> note(
      Standing standing, Function<Run, Map<String, String>> change, int attempt) {
    return store
        .run(standing.run().key())
        .map(found -> found.orElse(standing.run()))
        .compose(
            run -> {
              Map<String, String> more = change.apply(run);
              if (more.isEmpty() || !run.rollout().equals(standing.run().rollout())) {
                return Future.succeededFuture(new Standing(run, standing.rollout()));
              }
              Run after = run.noting(more);
              return store
                  .putRun(after)
                  .compose(
                      written -> {
                        if (written) {
                          return Future.succeededFuture(new Standing(after, standing.rollout()));
                        }
                        return attempt < ATTEMPTS
                            ? note(standing, change, attempt + 1)
                            : Future.failedFuture(
                                new IllegalStateException(run.key() + " is written by too many"));
                      });
            });
  }

  /** The controller has ended the run: the rollout ends too, if it has not. */
  public Future<Standing> end(Standing standing, Actor actor, String reason) {
    Rollout rollout = standing.rollout();
    return Ending.tell(rollouts, rollout, Ending.command(rollout.plan(), actor, reason))
        .map(after -> new Standing(standing.run(), after));
  }

  /** Ends the run and gives its key back: the next opening begins a new rollout. */
  public Future<Standing> reset(Standing standing, Actor actor, String reason) {
    return end(standing, actor, reason).compose(after -> note(after, run -> Map.of(RESET, "yes")));
  }

  /** One opening of a key after the other, in this process; others are kept off by the store. */
  private <T> Future<T> inTurn(Run.Key key, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Future<T> mine = promise.future();
    Future<?> before = queue(key, mine);
    before.onComplete(ended -> guarded(work).onComplete(promise));
    return mine.onComplete(ended -> leave(key, mine));
  }

  private synchronized Future<?> queue(Run.Key key, Future<?> mine) {
    return Optional.<Future<?>>ofNullable(underWay.put(key, mine))
        .orElseGet(Future::succeededFuture);
  }

  private synchronized void leave(Run.Key key, Future<?> mine) {
    underWay.remove(key, mine);
  }

  private static <T> Future<T> guarded(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
