package dev.sluice.service.outbox;

import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.RolloutStore.Pending;
import dev.sluice.service.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is due from the outbox and delivers it: at least once, in order per rollout and
 * target, rollbacks first.
 *
 * <p>The order of writing makes a crash harmless at any point. A message is in the outbox before it
 * is sent; it is sent before the rollout hears that the flag system has obeyed; the rollout hears
 * it before the delivery is noted. Whatever is cut off is repeated from the start, and every
 * receiver knows a repetition by its id.
 *
 * <p>When the store cannot be written, what has arrived is not sent again: its note is tried again
 * until it succeeds. What has failed goes on being tried, from memory.
 *
 * <p>Not thread-safe: used on one context, on which its store, targets, replies and scheduler
 * answer too.
 */
public final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** Timers count in whole milliseconds: better a moment late than asked in vain. */
  private static final Duration ROUNDING = Duration.ofMillis(1);

  private static final Duration LONGEST_ATTEMPT = Duration.ofMinutes(5);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  /** What was superseded meanwhile never comes up again. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private static final Duration SLOWEST_NOTE = Duration.ofSeconds(30);
  private static final int ASKED_PER_TARGET =
      2 * (Traffic.PER_TARGET + Traffic.ROLLBACKS_PER_TARGET);

  private final RolloutStore store;
  private final Map<String, Target> targets;
  private final FlagReplies replies;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final RetrySchedule schedule;
  private final Telemetry telemetry;
  private final BooleanSupplier mayAct;

  private final Traffic traffic = new Traffic();
  private final Map<Long, Unnoted> unnoted = new HashMap<>();
  private final PriorityQueue<Instant> alarms = new PriorityQueue<>();
  private Optional<Scheduler.Timer> timer = Optional.empty();
  private Optional<Promise<Void>> stopping = Optional.empty();
  private int underWay;
  private boolean running;
  private boolean asking;
  private boolean askAgain;
  private boolean storeFails;

  /** A failure that the store could not take down. */
  private record Unnoted(int attempts, Instant notBefore) {}

  /**
   * @param targets by the names that messages carry
   * @param random for jitter
   * @param mayAct whether this process is still the one to deliver what the store gave it; asked
   *     before each attempt
   */
  public Relay(
      RolloutStore store,
      Map<String, Target> targets,
      FlagReplies replies,
      Scheduler scheduler,
      InstantSource clock,
      RandomGenerator random,
      Telemetry telemetry,
      BooleanSupplier mayAct) {
    this.store = store;
    this.targets = Map.copyOf(targets);
    this.replies = replies;
    this.scheduler = scheduler;
    this.clock = clock;
    this.schedule = new RetrySchedule(random);
    this.telemetry = telemetry;
    this.mayAct = mayAct;
  }

  /** Begins to look for messages: now, and then at least once a second. */
  public void start() {
    running = true;
    wake();
  }

  /** Looks at once: called after every commit, so that a rollback leaves without delay. */
  public void wake() {
    if (!running) {
      return;
    }
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    timer.ifPresent(Scheduler.Timer::cancel);
    store.due(clock.instant(), ASKED_PER_TARGET).onComplete(this::answered, this::unanswered);
  }

  /**
   * Sends nothing new, and waits for what is on its way, though not for ever. What is cut off is
   * repeated at the next start.
   */
  public Future<Void> stop() {
    running = false;
    timer.ifPresent(Scheduler.Timer::cancel);
    Promise<Void> stopped = stopping.orElseGet(Promise::promise);
    if (stopping.isEmpty()) {
      stopping = Optional.of(stopped);
      Scheduler.Timer limit = scheduler.after(LONGEST_STOP, stopped::tryComplete);
      stopped.future().onComplete(ended -> limit.cancel());
      completeIfIdle();
    }
    return stopped.future();
  }

  private void completeIfIdle() {
    if (underWay == 0) {
      stopping.ifPresent(Promise::tryComplete);
    }
  }

  private void answered(List<Pending> due) {
    if (storeFails) {
      LOG.info("the outbox can be read again");
      storeFails = false;
    }
    due.forEach(this::sendIfItMayLeave);
    asked();
  }

  private void unanswered(Throwable failure) {
    if (!storeFails) {
      LOG.error("the outbox cannot be read: {}", failure.getMessage());
      storeFails = true;
    }
    asked();
  }

  private void asked() {
    asking = false;
    if (askAgain) {
      askAgain = false;
      wake();
    } else if (running) {
      timer.ifPresent(Scheduler.Timer::cancel);
      timer = Optional.of(scheduler.after(untilTheNextQuestion(), this::wake));
    }
  }

  private Duration untilTheNextQuestion() {
    Instant now = clock.instant();
    while (!alarms.isEmpty() && !alarms.peek().isAfter(now)) {
      alarms.remove();
    }
    Instant next = alarms.peek();
    Duration wait = next == null ? POLL : Duration.between(now, next).plus(ROUNDING);
    return wait.compareTo(POLL) > 0 ? POLL : wait;
  }

  private void sendIfItMayLeave(Pending pending) {
    Instant now = clock.instant();
    Unnoted memory = unnoted.get(pending.row());
    boolean early = memory != null && now.isBefore(memory.notBefore());
    if (running && mayAct.getAsBoolean() && !early && traffic.mayLeave(pending, now)) {
      traffic.leave(pending);
      underWay++;
      attempt(pending).onComplete(result -> arrived(pending, result.result()));
    }
  }

  /** One attempt; whatever goes wrong in it is a result. */
  private Future<Target.Result> attempt(Pending pending) {
    Target target = targets.get(pending.message().target());
    if (target == null) {
      return Future.succeededFuture(
          new Target.Result.Retry(
              "No flag system or sink is called '%s' in the server configuration. Known: %s."
                  .formatted(
                      pending.message().target(),
                      String.join(", ", targets.keySet().stream().sorted().toList())),
              Optional.empty()));
    }
    Promise<Target.Result> first = Promise.promise();
    Scheduler.Timer limit =
        scheduler.after(LONGEST_ATTEMPT, () -> first.tryComplete(failed("It never answered.")));
    delivery(target, pending.message())
        .onComplete(first::tryComplete, failure -> first.tryComplete(failed(unexpected(failure))));
    return first.future().onComplete(result -> limit.cancel());
  }

  private static Future<Target.Result> delivery(Target target, Message message) {
    try {
      return target.deliver(message);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Targets turn the failures they know into results; of others the text may hold a secret. */
  private static String unexpected(Throwable failure) {
    return "The attempt failed (" + failure.getClass().getSimpleName() + ").";
  }

  private static Target.Result failed(String detail) {
    return new Target.Result.Retry(detail, Optional.empty());
  }

  private void arrived(Pending pending, Target.Result result) {
    traffic.answered(pending);
    switch (result) {
      case Target.Result.Ok r -> delivered(pending);
      case Target.Result.Retry r -> failed(pending, r);
      case Target.Result.Asks r ->
          tryAgainOrGiveUp(pending, r.detail(), schedule.afterQuestion(pending.message()));
      case Target.Result.Gone r -> gone(pending, r.detail());
    }
  }

  private void delivered(Pending pending) {
    telemetry.delivery(pending.message().target(), "delivered");
    if (traffic.arrivedAhead(pending)) {
      LOG.info(
          "{} arrived while an older command was still on its way; it is sent again afterwards",
          pending.message().id());
      done(pending);
    } else {
      noteUntilItSucceeds(pending, new Attempt.Delivered(clock.instant()), POLL);
    }
  }

  private void failed(Pending pending, Target.Result.Retry retry) {
    Message message = pending.message();
    if (retry.after().isPresent() && !RetrySchedule.rollback(message)) {
      Duration longest = RetrySchedule.longestAsked(message);
      Duration asked = retry.after().get();
      traffic.pause(
          message.target(), clock.instant().plus(asked.compareTo(longest) > 0 ? longest : asked));
    }
    tryAgainOrGiveUp(
        pending, retry.detail(), schedule.afterFailure(message, attempts(pending), retry.after()));
  }

  private void gone(Pending pending, String detail) {
    tryAgainOrGiveUp(pending, detail, schedule.afterGone(pending.message()));
  }

  private void tryAgainOrGiveUp(Pending pending, String detail, Optional<Duration> wait) {
    Message message = pending.message();
    Instant now = clock.instant();
    if (wait.isEmpty()) {
      telemetry.delivery(message.target(), "given-up");
      LOG.warn("{} to {} is given up: {}", message.id(), message.target(), detail);
      noteUntilItSucceeds(pending, new Attempt.GivenUp(detail, now), POLL);
      return;
    }
    telemetry.delivery(message.target(), "failed");
    Instant next = now.plus(wait.get());
    LOG.warn(
        "{} to {} failed, attempt {}, next at {}: {}",
        message.id(),
        message.target(),
        attempts(pending),
        next,
        detail);
    alarms.add(next);
    unnoted.values().removeIf(u -> u.notBefore().isBefore(now.minus(FORGOTTEN_AFTER)));
    unnoted.put(pending.row(), new Unnoted(attempts(pending), next));
    told(pending, new Attempt.Failed(detail, now, next))
        .onSuccess(noted -> unnoted.remove(pending.row()))
        .onComplete(any -> done(pending));
  }

  /** This attempt included. */
  private int attempts(Pending pending) {
    Unnoted memory = unnoted.get(pending.row());
    return 1 + Math.max(pending.attempts(), memory == null ? 0 : memory.attempts());
  }

  private void noteUntilItSucceeds(Pending pending, Attempt attempt, Duration wait) {
    told(pending, attempt)
        .onComplete(
            noted -> {
              unnoted.remove(pending.row());
              done(pending);
            },
            failure -> {
              if (wait.equals(POLL)) {
                LOG.error(
                    "{} is through, but that cannot be noted yet: {}",
                    pending.message().id(),
                    failure.getMessage());
              }
              noteLater(pending, attempt, wait);
            });
  }

  /** Its lane stays taken meanwhile; a stop does not wait for it. */
  private void noteLater(Pending pending, Attempt attempt, Duration wait) {
    Duration twice = wait.multipliedBy(2);
    Duration next = twice.compareTo(SLOWEST_NOTE) > 0 ? SLOWEST_NOTE : twice;
    scheduler.after(
        wait,
        () -> {
          if (running) {
            underWay++;
            noteUntilItSucceeds(pending, attempt, next);
          }
        });
    underWay--;
    completeIfIdle();
  }

  /** The rollout hears it first, then it is noted. */
  private Future<Void> told(Pending pending, Attempt attempt) {
    return Future.succeededFuture(pending.message())
        .compose(message -> reply(message, attempt))
        .compose(heard -> store.record(pending.row(), attempt));
  }

  private Future<Void> reply(Message message, Attempt attempt) {
    if (message.kind() != Message.Kind.FLAG) {
      return Future.succeededFuture();
    }
    FlagCommand command = FlagCommand.of(message);
    return switch (attempt) {
      case Attempt.Delivered a -> replies.obeyed(command.rolloutId(), command.decisionSequence());
      case Attempt.Failed a ->
          replies.refused(command.rolloutId(), command.decisionSequence(), a.detail());
      case Attempt.GivenUp a ->
          replies.refused(command.rolloutId(), command.decisionSequence(), a.detail());
    };
  }

  private void done(Pending pending) {
    traffic.done(pending);
    underWay--;
    completeIfIdle();
    wake();
  }
}
