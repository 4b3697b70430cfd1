package dev.sluice.service.outbox;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.RolloutStore.Pending;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is on its way, and what may set out beside it.
 *
 * <p>A lane is one rollout's messages to one target: one at a time, in order. A rollback does not
 * wait for what is ahead of it in its lane. When it arrives while a raise is still on its way, the
 * raise may yet arrive after it; so it is sent once more when the lane is clear, and only that
 * second arrival counts.
 */
final class Traffic {
  /** A slow target has this many of us waiting for it, not more. */
  static final int PER_TARGET = 4;

  /** Rollbacks have places of their own: slow raises must not keep them. */
  static final int ROLLBACKS_PER_TARGET = 16;

  private final Map<Lane, Held> lanes = new HashMap<>();
  private final Map<String, Integer> ordinary = new HashMap<>();
  private final Map<String, Integer> rollbacks = new HashMap<>();
  private final Map<String, Instant> paused = new HashMap<>();

  private record Lane(RolloutId rollout, String target) {
    static Lane of(Message message) {
      return new Lane(message.rolloutId(), message.target());
    }
  }

  private static final class Held {
    /** Not noted yet. */
    private final Set<Long> rows = new HashSet<>();

    /** Of these, the ones that the target has not answered yet. */
    private final Set<Long> unanswered = new HashSet<>();

    private boolean rollback;
    private boolean rollbackArrivedAhead;
  }

  boolean mayLeave(Pending pending, Instant now) {
    Message message = pending.message();
    Held held = held(pending);
    if (RetrySchedule.rollback(message)) {
      return !held.rollback
          && !held.rollbackArrivedAhead
          && count(rollbacks, message) < ROLLBACKS_PER_TARGET;
    }
    return held.rows.isEmpty()
        && count(ordinary, message) < PER_TARGET
        && !now.isBefore(paused.getOrDefault(message.target(), Instant.MIN));
  }

  void leave(Pending pending) {
    Held held = lanes.computeIfAbsent(Lane.of(pending.message()), l -> new Held());
    held.rows.add(pending.row());
    held.unanswered.add(pending.row());
    held.rollback |= RetrySchedule.rollback(pending.message());
    places(pending.message()).merge(pending.message().target(), 1, Integer::sum);
  }

  /** The target has answered: its place is free, the lane is not yet. */
  void answered(Pending pending) {
    places(pending.message())
        .computeIfPresent(pending.message().target(), (t, n) -> n > 1 ? n - 1 : null);
    Held held = held(pending);
    held.unanswered.remove(pending.row());
    if (held.unanswered.isEmpty()) {
      held.rollbackArrivedAhead = false;
    }
  }

  /**
   * Whether this rollback, just answered, arrived before something older that is still on its way;
   * then it has to be sent again.
   */
  boolean arrivedAhead(Pending pending) {
    Held held = held(pending);
    if (held.unanswered.isEmpty() || !RetrySchedule.rollback(pending.message())) {
      return false;
    }
    held.rollbackArrivedAhead = true;
    return true;
  }

  private Held held(Pending pending) {
    return lanes.getOrDefault(Lane.of(pending.message()), new Held());
  }

  /** Noted, whatever became of it: the next in the lane may leave. */
  void done(Pending pending) {
    Held held = held(pending);
    held.rows.remove(pending.row());
    if (RetrySchedule.rollback(pending.message())) {
      held.rollback = false;
    }
    if (held.rows.isEmpty()) {
      lanes.remove(Lane.of(pending.message()));
    }
  }

  /** The target asked not to be called for a while. Rollbacks are sent all the same. */
  void pause(String target, Instant until) {
    paused.merge(target, until, (one, other) -> one.isAfter(other) ? one : other);
  }

  private Map<String, Integer> places(Message message) {
    return RetrySchedule.rollback(message) ? rollbacks : ordinary;
  }

  private static int count(Map<String, Integer> places, Message message) {
    return places.getOrDefault(message.target(), 0);
  }
}
