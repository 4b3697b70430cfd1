package dev.sluice.service.loop;

import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rollout under watch: does what is due, one thing at a time, then waits for the next. Missed
 * looks are due at once and come one after another, with a pause between them in which others get
 * their turn.
 *
 * <p>Commands do not wait for a look under way; the look finds out when it commits.
 */
final class Watch {
  /**
   * The longest wait of a timer. Timers do not notice that the clock was set; a look that is due
   * because it jumped is found at the latest after this.
   */
  private static final Duration HEARTBEAT = Duration.ofMinutes(1);

  private static final Duration CATCH_UP_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final RolloutId id;
  private final Desk desk;
  private final Waits afterLoss = new Waits(Duration.ofSeconds(5), LONGEST_WAIT);
  private final Waits afterFailure = new Waits(Duration.ofSeconds(1), LONGEST_WAIT);
  private Optional<Scheduler.Timer> timer = Optional.empty();
  private Optional<Knowledge> memory = Optional.empty();
  private boolean greeted;
  private boolean busy;
  private boolean stopped;
  private volatile Optional<Rollout> latest = Optional.empty();
  private volatile Optional<Instant> lastLook = Optional.empty();
  private volatile int failures;

  /**
   * What all watches share.
   *
   * @param ended told when there is nothing left to watch
   */
  record Desk(
      Scheduler scheduler,
      Ledger ledger,
      Looks looks,
      UnderWay underWay,
      Telemetry telemetry,
      Consumer<RolloutId> ended) {}

  private Watch(RolloutId id, Desk desk) {
    this.id = id;
    this.desk = desk;
  }

  /** Watches a rollout that has just been started. */
  static Watch begin(Rollout rollout, Desk desk) {
    Watch watch = new Watch(rollout.id(), desk);
    watch.greeted = true;
    watch.heard(rollout);
    return watch;
  }

  /** Takes up a rollout after a restart of the service, this long from now. */
  static Watch resume(RolloutId id, Duration delay, Desk desk) {
    Watch watch = new Watch(id, desk);
    watch.wakeAfter(delay);
    return watch;
  }

  /** A command was carried out, or a look was taken, and this is the state after it. */
  void heard(Rollout after) {
    if (latest.filter(known -> known.version() >= after.version()).isPresent()) {
      return;
    }
    latest = Optional.of(after);
    memory = memory.filter(known -> known.rollout().version() >= after.version());
    if (!busy && greeted) {
      planNext();
    }
  }

  /** The version this watch knows of; 0 as long as it knows nothing. */
  long version() {
    return latest.map(Rollout::version).orElse(0L);
  }

  void stop() {
    stopped = true;
    timer.ifPresent(Scheduler.Timer::cancel);
    timer = Optional.empty();
  }

  Optional<Rollout> latest() {
    return latest;
  }

  EngineStatus.OfRollout status(Instant now) {
    return new EngineStatus.OfRollout(
        id,
        lastLook,
        latest.map(r -> Pace.lag(r, now)).orElse(Duration.ZERO),
        failures,
        latest.filter(r -> r.blindSince().isPresent()).isPresent());
  }

  private void wakeAfter(Duration delay) {
    timer.ifPresent(Scheduler.Timer::cancel);
    timer = stopped ? Optional.empty() : Optional.of(desk.scheduler().after(delay, this::wake));
  }

  private void planNext() {
    timer.ifPresent(Scheduler.Timer::cancel);
    latest
        .flatMap(rollout -> Pace.untilNext(rollout, desk.ledger().now()))
        .ifPresent(wait -> wakeAfter(between(CATCH_UP_PAUSE, wait, HEARTBEAT)));
    latest.filter(Rollout::ended).ifPresent(rollout -> desk.ended().accept(rollout.id()));
  }

  private static Duration between(Duration least, Duration wait, Duration most) {
    Duration bounded = wait.compareTo(most) > 0 ? most : wait;
    return bounded.compareTo(least) < 0 ? least : bounded;
  }

  private void wake() {
    timer = Optional.empty();
    if (busy || stopped) {
      return;
    }
    busy = true;
    desk.underWay()
        .track(this::turn)
        .onComplete(
            result -> {
              busy = false;
              if (result.failed()) {
                failed(result.cause());
              } else {
                wentWell(result.result());
              }
            });
  }

  /** Does what is due; answers whether the metrics system could be reached. */
  private Future<Boolean> turn() {
    if (!greeted) {
      return greet();
    }
    Rollout rollout = latest.orElseThrow();
    if (Pace.ticks(rollout.stage())) {
      return desk.ledger().tell(id, new Command.Tick()).map(this::reachable);
    }
    boolean due = !desk.ledger().now().isBefore(rollout.nextLookDue());
    return rollout.stage().watched() && due
        ? remember()
            .compose(known -> desk.looks().take(known, afterLoss.failures()))
            .map(this::looked)
        : Future.succeededFuture(true);
  }

  private Future<Boolean> greet() {
    return desk.ledger()
        .tell(id, new Command.Restarted())
        .map(
            after -> {
              greeted = true;
              desk.telemetry().committed(after, List.of());
              return reachable(after);
            });
  }

  private boolean reachable(Rollout after) {
    heard(after);
    return true;
  }

  private Future<Knowledge> remember() {
    Optional<Knowledge> known = memory;
    // A look changes the evidence in place: only its success brings the memory back.
    memory = Optional.empty();
    return known.map(Future::succeededFuture).orElseGet(() -> desk.ledger().load(id));
  }

  private boolean looked(Looks.Result result) {
    Knowledge knowledge = result.knowledge();
    heard(knowledge.rollout());
    boolean newest = latest.filter(r -> r.version() == knowledge.rollout().version()).isPresent();
    memory = newest ? Optional.of(knowledge) : Optional.empty();
    return switch (result) {
      case Looks.Result.Taken taken -> {
        Instant now = desk.ledger().now();
        lastLook = Optional.of(now);
        desk.telemetry().looked(Duration.between(taken.dueAt(), now));
        yield true;
      }
      case Looks.Result.Overtaken overtaken -> true;
      case Looks.Result.Lost lost -> false;
    };
  }

  private void wentWell(boolean reachable) {
    afterFailure.success();
    failures = 0;
    if (reachable) {
      afterLoss.success();
      planNext();
    } else {
      wakeAfter(afterLoss.afterFailure());
    }
  }

  /** Our bug, or the store: this look did not happen, which says nothing about the canary. */
  private void failed(Throwable cause) {
    if (cause instanceof RolloutStore.LeaseLost) {
      LOG.info("Rollout {} is looked after by another replica", id);
      stop();
      desk.ended().accept(id);
      return;
    }
    Duration wait = afterFailure.afterFailure();
    failures = afterFailure.failures();
    desk.telemetry().lookFailed();
    if (failures == 1) {
      LOG.error(
          "A look at rollout {} failed; it is tried again in {} s", id, wait.toSeconds(), cause);
    } else {
      LOG.error(
          "A look at rollout {} failed {} times in a row; it is tried again in {} s: {}",
          id,
          failures,
          wait.toSeconds(),
          cause.toString());
    }
    wakeAfter(wait);
  }
}
