package dev.sluice.gates.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a rollout stands within its current step.
 *
 * <pre>
 *            apply confirmed           gate open              last step left
 *  Applying ----------------> Baking ------------> Applying(next) ... -------> Completed
 *     |                        |  ^ |  retention over                  retire     ^
 *     |                        |  | +----------------> RetireReady ---------------+
 *     |                  cause |  | cause gone
 *     |                        v  |
 *     |                       Held        AwaitingApproval        Paused (remembers where)
 *     |                        |                |                   |
 *     +------------------------+-------+--------+-------------------+
 *                                      | roll back: always allowed
 *                                      v
 *                                 RollingBack -----> RolledBack        Aborted (leaves the exposure as it is)
 * </pre>
 */
public sealed interface Stage {

  /**
   * Not begun: outside the hours in which the first step may raise the exposure. Nothing is looked
   * at yet; only the time, or a person, moves it on.
   */
  record Pending(Reason reason, Instant since) implements Stage {}

  /**
   * The flag system was told; dwell begins when it has obeyed.
   *
   * @param trouble what the flag system last answered, while it refuses or does not answer
   */
  record Applying(Instant since, Optional<String> trouble) implements Stage {}

  /**
   * Users are where the plan wants them; looks are judged and their time is counted. This, Held and
   * AwaitingApproval are only reached once the flag system has confirmed the exposure.
   */
  record Baking() implements Stage {}

  /**
   * Something stands in the way; looks go on, the time of bad looks does not count, and it ends by
   * itself or by hand.
   */
  record Held(Reason reason, Instant since) implements Stage {}

  /** A person has to say go; looks go on and a regression still rolls back. */
  record AwaitingApproval(Reason reason, Instant since) implements Stage {}

  /**
   * The old system was kept ready as long as the plan wants; it stays ready, and looks go on, until
   * a person says that it may go. That is never done by the calendar.
   */
  record RetireReady(Instant since) implements Stage {}

  /**
   * Stopped by a person; remembers where. Pausing stops promotion, never protection: looks are
   * judged and a proven regression still rolls back. Time spent paused does not count as dwell.
   */
  record Paused(Stage from, Actor actor, String reason, Instant since) implements Stage {}

  /**
   * Decided; the flag system has not confirmed yet. Asked again for ever.
   *
   * @param overdue whether the time that the plan allows has passed and somebody was called
   */
  record RollingBack(Decision decision, Instant since, boolean overdue) implements Stage {}

  /** Nobody is on the canary any more. */
  record RolledBack(Decision decision, Instant at) implements Stage {}

  /** The last step was left. */
  record Completed(Instant at) implements Stage {}

  /** A person ended the rollout without touching the exposure. */
  record Aborted(Actor actor, String reason, Instant at) implements Stage {}

  /** Whether nothing will happen any more. */
  default boolean ended() {
    return switch (this) {
      case RolledBack r -> true;
      case Completed c -> true;
      case Aborted a -> true;
      case Pending p -> false;
      case Applying a -> false;
      case Baking b -> false;
      case Held h -> false;
      case AwaitingApproval a -> false;
      case RetireReady r -> false;
      case Paused p -> false;
      case RollingBack r -> false;
    };
  }

  /**
   * Whether the metrics are looked at in this stage; in the others nobody looks, and no look is
   * overdue.
   */
  default boolean watched() {
    return switch (this) {
      case Applying a -> true;
      case Baking b -> true;
      case Held h -> true;
      case AwaitingApproval a -> true;
      case RetireReady r -> true;
      case Paused p -> p.from().watched();
      case Pending p -> false;
      case RollingBack r -> false;
      case RolledBack r -> false;
      case Completed c -> false;
      case Aborted a -> false;
    };
  }
}
