package dev.sluice.service.runs;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what nobody asks for any more. Most controllers never say that they have given up: an
 * aborted Argo analysis just stops asking.
 *
 * <p>Only silence that we could have heard counts: time before our own start does not.
 */
public final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final int AT_ONCE = 100;

  private final RolloutStore store;
  private final Rollouts rollouts;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private Optional<Instant> listeningSince = Optional.empty();
  private Optional<Scheduler.Timer> timer = Optional.empty();
  private boolean stopped;

  public Leases(RolloutStore store, Rollouts rollouts, Scheduler scheduler, InstantSource clock) {
    this.store = store;
    this.rollouts = rollouts;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** On the scheduler's own thread. */
  public void start() {
    listeningSince = Optional.of(clock.instant());
    again();
  }

  /** On the scheduler's own thread. */
  public void stop() {
    stopped = true;
    timer.ifPresent(Scheduler.Timer::cancel);
  }

  private void again() {
    if (!stopped) {
      timer = Optional.of(scheduler.after(EVERY, this::round));
    }
  }

  private void round() {
    sweep()
        .onFailure(failure -> LOG.error("Silent runs could not be looked for", failure))
        .onComplete(done -> scheduler.after(Duration.ZERO, this::again));
  }

  private Future<Void> sweep() {
    return store
        .openRuns(AT_ONCE)
        .compose(
            runs -> {
              Future<Void> all = Future.succeededFuture();
              for (Run run : over(runs)) {
                all = all.compose(nothing -> giveUp(run));
              }
              return all;
            });
  }

  private List<Run> over(List<Run> runs) {
    Instant now = clock.instant();
    Instant since = listeningSince.orElse(now);
    return runs.stream()
        .filter(r -> r.until().isBefore(now) && since.plus(r.lease()).isBefore(now))
        .toList();
  }

  /** One that cannot be ended now is met again in the next round. */
  private Future<Void> giveUp(Run run) {
    return store
        .load(run.rollout())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : end(run, found.get().rollout()).mapEmpty())
        .compose(nothing -> store.putRun(run.closed()))
        .<Void>mapEmpty()
        .recover(
            failure -> {
              LOG.error(
                  "Rollout {} of {} could not be given up", run.rollout(), run.key(), failure);
              return Future.succeededFuture();
            });
  }

  private Future<Rollout> end(Run run, Rollout rollout) {
    if (!rollout.ended()) {
      LOG.warn(
          "Rollout {} is given up: {} has not asked since {}",
          run.rollout(),
          run.key(),
          run.seenAt());
    }
    String reason =
        "Nobody asked for it since " + run.seenAt() + ": " + run.key() + " has given it up.";
    return Ending.tell(rollouts, rollout, Ending.command(rollout.plan(), Actor.ENGINE, reason));
  }
}
