package dev.sluice.service.loop;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.outbox.Composer;
import dev.sluice.service.store.Leases;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reactive loop: every live rollout is watched, and each of its looks goes the same way.
 *
 * <pre>
 *   due -> load -> ask -> fetch -> assess -> decide -> commit -> tell
 *   Watch  Ledger  Looks  Turns    Evidence  Decider   Ledger    the relay
 * </pre>
 *
 * What holds, whatever happens:
 *
 * <ul>
 *   <li>Look k covers (start + (k-1) every, start + k every], is taken once settle has passed, and
 *       is never taken before look k-1. Missed looks are made up for at their own instants.
 *   <li>One look per rollout at a time; commands do not wait for it. Who commits second finds the
 *       version changed, reads again and decides again.
 *   <li>A failed look says nothing about the canary: it is tried again with growing waits, and no
 *       failure ends the loop.
 *   <li>Everything here is forgotten at a restart and rebuilt from the store; the verdicts are the
 *       same.
 * </ul>
 *
 * The methods may be called from any thread and complete on the caller's Vert.x context.
 */
public final class Engine implements Rollouts {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** Looks under way at one metrics system at once. */
  private static final int LOOKS_AT_ONCE = 8;

  /** Live rollouts are taken up one after another, all within this time. */
  private static final Duration RESUME_WITHIN = Duration.ofSeconds(3);

  private static final Duration RESUME_APART = Duration.ofMillis(20);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private final Home home;
  private final Ledger ledger;
  private final Admission admission;
  private final Looks looks;
  private final UnderWay underWay = new UnderWay();
  private final Watch.Desk desk;
  private final Waits resumeWaits = new Waits(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Map<RolloutId, Watch> watches = new ConcurrentHashMap<>();
  private final Optional<Tenure> tenure;
  private boolean rejudging;
  private volatile boolean resumed;
  private volatile boolean stopping;

  /**
   * What the loop stands on.
   *
   * @param sources by the name plans use
   * @param tails the source of the random tails of rollout ids
   * @param wakeRelay told after every commit that put something into the outbox; must not block
   * @param news told after every commit; must not block
   */
  public record Seams(
      RolloutStore store,
      Map<String, MetricSource> sources,
      Composer composer,
      Scheduler scheduler,
      InstantSource clock,
      RandomGenerator tails,
      Telemetry telemetry,
      Runnable wakeRelay,
      Consumer<Rollout> news) {
    public Seams {
      sources = Map.copyOf(sources);
    }
  }

  /**
   * @param known what plans may name on this server
   */
  public Engine(Seams seams, Decider decider, KnownNames known) {
    scheduler = seams.scheduler();
    home = new Home(scheduler);
    ledger = new Ledger(seams, decider, home);
    admission = new Admission(ledger, decider, known, seams.tails(), this::remembered);
    looks = new Looks(seams.sources(), new Turns(LOOKS_AT_ONCE), home, ledger);
    tenure =
        seams.store().leases().map(leases -> new Tenure(leases, home, scheduler, seams.clock()));
    desk = new Watch.Desk(scheduler, ledger, looks, underWay, seams.telemetry(), watches::remove);
  }

  /**
   * Takes up every live rollout. Completes when they are found, which is retried until the store
   * answers; each is then resumed on its own.
   */
  public Future<Void> start() {
    return home.run(() -> tenure.map(t -> t.begin(this::holds)).orElseGet(this::resume));
  }

  /**
   * Whether this process may act for the rollouts it was given. Not where it shares the store and
   * could not say in time that it is alive: then others may look after them by now.
   */
  public boolean mayAct() {
    return tenure.map(Tenure::good).orElse(true);
  }

  /** What this replica looks after from now on, as it stood when the round was asked for. */
  private void holds(Tenure.Round round) {
    if (stopping) {
      return;
    }
    letGo(round);
    List<RolloutId> orphans =
        round.held().stream()
            .filter(held -> held.live() && !watches.containsKey(held.id()) && !held.handedOver())
            .map(Leases.Held::id)
            .toList();
    if (!orphans.isEmpty() || !resumed) {
      watchAll(orphans);
    }
    round.held().stream().filter(this::unknownToTheWatch).forEach(held -> hear(held.id()));
  }

  private void letGo(Tenure.Round round) {
    watches
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = round.excludes(entry.getKey());
              if (gone) {
                LOG.info("Rollout {} is looked after by another replica", entry.getKey());
                entry.getValue().stop();
                desk.telemetry().handedOver(entry.getKey());
              }
              return gone;
            });
  }

  /** Handed over in good order, or moved on by somebody who spoke to another replica. */
  private boolean unknownToTheWatch(Leases.Held held) {
    Watch watch = watches.get(held.id());
    return watch == null ? held.live() : watch.version() != 0 && watch.version() < held.version();
  }

  /** What cannot be read now comes up again in the next round. */
  private void hear(RolloutId id) {
    ledger
        .load(id)
        .map(Knowledge::rollout)
        .onSuccess(
            rollout -> {
              if (watches.containsKey(id)) {
                heard(rollout);
              } else if (tenure.filter(t -> t.holds(id)).isPresent()) {
                desk.telemetry().committed(rollout, List.of());
                watch(rollout);
              }
            });
  }

  private Future<Void> resume() {
    return ledger
        .live()
        .<Void>map(
            ids -> {
              watchAll(ids);
              return null;
            })
        .recover(
            failure -> {
              Duration wait = resumeWaits.afterFailure();
              LOG.error(
                  "The live rollouts cannot be read; trying again in {} s",
                  wait.toSeconds(),
                  failure);
              return stopping ? Future.failedFuture(failure) : after(wait).compose(n -> resume());
            });
  }

  private void watchAll(List<RolloutId> ids) {
    Duration apart = RESUME_WITHIN.dividedBy(Math.max(1, ids.size()));
    Duration step = apart.compareTo(RESUME_APART) < 0 ? apart : RESUME_APART;
    for (int i = 0; i < ids.size() && !stopping; i++) {
      Duration delay = step.multipliedBy(i);
      watches.computeIfAbsent(ids.get(i), id -> Watch.resume(id, delay, desk));
    }
    resumed = true;
    LOG.info("Watching {} live rollouts", ids.size());
  }

  private Future<Void> after(Duration wait) {
    Promise<Void> promise = Promise.promise();
    scheduler.after(wait, promise::tryComplete);
    return promise.future();
  }

  /** Begins nothing more and waits, for a bounded time, until what is under way has ended. */
  public Future<Void> stop() {
    return home.run(
        () -> {
          stopping = true;
          watches.values().forEach(Watch::stop);
          Promise<Void> promise = Promise.promise();
          Scheduler.Timer limit = scheduler.after(STOP_PATIENCE, promise::tryComplete);
          underWay
              .idle()
              .onComplete(
                  nothing -> {
                    limit.cancel();
                    promise.tryComplete();
                  });
          return promise.future();
        });
  }

  /**
   * After everything has stopped: says no longer that this process is alive. Until then nobody else
   * takes up what it is still finishing.
   */
  public Future<Void> end() {
    return home.run(
        () -> {
          tenure.ifPresent(Tenure::end);
          return Future.succeededFuture();
        });
  }

  @Override
  public Future<Rollout> start(Plan plan, Actor actor, String why) {
    return command(() -> admission.start(plan, actor, why).map(this::begun));
  }

  @Override
  public Future<Rollout> start(RolloutId id, Plan plan, Actor actor) {
    return command(() -> admission.start(id, plan, actor).map(this::begun));
  }

  private Rollout begun(Rollout rollout) {
    tenure.ifPresent(t -> t.begun(rollout.id()));
    return watch(rollout);
  }

  private Rollout watch(Rollout rollout) {
    if (!stopping && !rollout.ended()) {
      watches.computeIfAbsent(rollout.id(), id -> Watch.begin(rollout, desk));
    }
    return rollout;
  }

  @Override
  public Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen) {
    return command(() -> ledger.tell(id, command, seen).map(this::heard));
  }

  @Override
  public Future<Void> rejudge(RolloutId id, Predicate<Rejudged> told) {
    return command(
        () -> {
          if (rejudging) {
            return Future.failedFuture(new Busy());
          }
          rejudging = true;
          return new Rerun(looks, ledger, id, look -> !stopping && told.test(look))
              .run()
              .andThen(ended -> rejudging = false);
        });
  }

  private Rollout heard(Rollout after) {
    Optional.ofNullable(watches.get(after.id())).ifPresent(watch -> watch.heard(after));
    return after;
  }

  private <T> Future<T> command(Supplier<Future<T>> work) {
    return home.run(
        () ->
            stopping
                ? Future.failedFuture(
                    new IllegalStateException("the service is stopping: ask again when it is back"))
                : underWay.track(work));
  }

  private Optional<Rollout> remembered(RolloutId id) {
    return Optional.ofNullable(watches.get(id)).flatMap(Watch::latest);
  }

  /** The live rollouts that this process looks after, as it last knew them. */
  public List<Rollout> watched() {
    return watches.values().stream().flatMap(watch -> watch.latest().stream()).toList();
  }

  /** How the loop is doing. May be asked at any time, from any thread. */
  public EngineStatus status() {
    return new EngineStatus(
        resumed,
        stopping,
        watches.values().stream().map(watch -> watch.status(ledger.now())).toList());
  }
}
