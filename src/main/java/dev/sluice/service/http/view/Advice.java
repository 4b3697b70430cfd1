package dev.sluice.service.http.view;

import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import java.time.Instant;

/**
 * What a controller should do next, in the four words that controllers know. "Not yet" is never
 * promote: it is continue while everything goes its way, and pause where something stands in it.
 *
 * @param sentence why, for people
 */
public record Advice(Word word, String sentence) {

  /** The four words. */
  public enum Word {
    /** The gate is open. */
    PROMOTE,
    /** Not yet: the step is being watched and nothing speaks against it. */
    CONTINUE,
    /** Not yet, and something has to change first. */
    PAUSE,
    /** It was decided to take everybody back. */
    ROLLBACK;

    /** As controllers read it. */
    public String text() {
      return Words.of(this);
    }
  }

  /**
   * @param step that is asked for, from 0
   */
  public static Advice of(Rollout rollout, int step, Decider decider, Instant now) {
    GateView gate = Gate.of(rollout, step, decider, now);
    return new Advice(word(rollout, step, gate.gate()), gate.reason());
  }

  private static Word word(Rollout rollout, int step, String gate) {
    if (takenBack(rollout)) {
      return Word.ROLLBACK;
    }
    return switch (gate) {
      case "open" -> Word.PROMOTE;
      case "unclear" -> watched(rollout, step) ? Word.CONTINUE : Word.PAUSE;
      default -> Word.PAUSE;
    };
  }

  /** Whether it was decided to take everybody back. */
  public static boolean takenBack(Rollout rollout) {
    return rollout.stage() instanceof Stage.RollingBack
        || rollout.stage() instanceof Stage.RolledBack;
  }

  private static boolean watched(Rollout rollout, int step) {
    if (step != rollout.stepIndex()) {
      return false;
    }
    return switch (rollout.stage()) {
      case Stage.Baking b -> true;
      case Stage.Applying a -> a.trouble().isEmpty();
      case Stage.Pending p -> false;
      case Stage.Held h -> false;
      case Stage.AwaitingApproval a -> false;
      case Stage.RetireReady r -> false;
      case Stage.Paused p -> false;
      case Stage.RollingBack r -> false;
      case Stage.RolledBack r -> false;
      case Stage.Completed c -> false;
      case Stage.Aborted a -> false;
    };
  }
}
