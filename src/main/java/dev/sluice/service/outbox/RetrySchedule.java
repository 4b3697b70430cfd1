package dev.sluice.service.outbox;

import dev.sluice.service.store.RolloutStore.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a message that failed is tried again.
 *
 * <p>Announcements come ten times within about nineteen hours and are then given up. A flag command
 * is never given up: the rollout waits for it. A raise slows down to half an hour, a rollback to
 * one minute, because users are on a bad canary until it arrives.
 *
 * <p>Every wait is shortened by up to a fifth, so that what failed together does not come back
 * together. What the target asks for is honoured within reason: a broken Retry-After must not put a
 * rollback off until tomorrow.
 */
final class RetrySchedule {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));
  private static final List<Duration> ROLLBACK_WAITS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          Duration.ofMinutes(1));
  private static final Duration SLOWEST_RAISE = Duration.ofMinutes(30);
  private static final Duration SLOWEST_ROLLBACK = Duration.ofMinutes(1);
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(30);
  private static final double JITTER = 0.2;

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  static boolean rollback(Message message) {
    return message.urgent() && message.kind() == Message.Kind.FLAG;
  }

  /**
   * @param attempts how often it was tried, this failure included
   * @param asked what the target asked for, if it did
   * @return how long to wait; empty: given up
   */
  Optional<Duration> afterFailure(Message message, int attempts, Optional<Duration> asked) {
    return planned(message, attempts)
        .map(wait -> longer(jittered(wait), within(asked, longestAsked(message))));
  }

  /**
   * The endpoint says that it will never work: only what may not be lost is tried again, slowly.
   */
  Optional<Duration> afterGone(Message message) {
    return switch (message.kind()) {
      case ANNOUNCEMENT -> Optional.empty();
      case FLAG -> Optional.of(jittered(rollback(message) ? SLOWEST_ROLLBACK : SLOWEST_RAISE));
    };
  }

  /** A person is asked over there: often enough to notice when the answer has come. */
  Optional<Duration> afterQuestion(Message message) {
    return switch (message.kind()) {
      case ANNOUNCEMENT -> afterGone(message);
      case FLAG -> Optional.of(jittered(ASKED_AGAIN));
    };
  }

  private static Optional<Duration> planned(Message message, int attempts) {
    List<Duration> waits = rollback(message) ? ROLLBACK_WAITS : WAITS;
    boolean last = attempts > waits.size();
    Duration wait = waits.get(Math.min(Math.max(attempts, 1), waits.size()) - 1);
    return switch (message.kind()) {
      case ANNOUNCEMENT -> last ? Optional.empty() : Optional.of(wait);
      case FLAG -> Optional.of(wait.compareTo(SLOWEST_RAISE) > 0 ? SLOWEST_RAISE : wait);
    };
  }

  /** The longest wait that a target may ask for this message. */
  static Duration longestAsked(Message message) {
    return switch (message.kind()) {
      case ANNOUNCEMENT -> LONGEST_ASKED;
      case FLAG -> rollback(message) ? SLOWEST_ROLLBACK : SLOWEST_RAISE;
    };
  }

  private static Duration within(Optional<Duration> asked, Duration longest) {
    return asked.filter(a -> !a.isNegative()).map(a -> shorter(a, longest)).orElse(Duration.ZERO);
  }

  private Duration jittered(Duration wait) {
    return Duration.ofMillis(Math.round(wait.toMillis() * (1 - JITTER * random.nextDouble())));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
