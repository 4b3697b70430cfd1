package dev.sluice.service.loop;

import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import java.util.Optional;

/**
 * What the loop knows of a rollout: its state and the evidence at that version. A memory of the
 * store and never more: it is thrown away whenever the store may have seen something else.
 *
 * @param unreadable why the stored evidence cannot be read, where it cannot: it is of another
 *     version. The evidence is then that of nothing, and must be made anew before the next look.
 */
record Knowledge(Rollout rollout, Evidence evidence, Optional<String> unreadable) {

  static Knowledge of(RolloutStore.Stored stored) {
    Rollout rollout = stored.rollout();
    if (stored.evidence().isEmpty()) {
      return new Knowledge(rollout, Evidence.start(rollout.plan()), Optional.empty());
    }
    try {
      Evidence evidence = Evidence.restore(rollout.plan(), stored.evidence());
      return new Knowledge(rollout, evidence, Optional.empty());
    } catch (IllegalArgumentException e) {
      return new Knowledge(
          rollout, Evidence.start(rollout.plan()), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /** After events that left the evidence as it was. */
  Knowledge with(Rollout after) {
    return new Knowledge(after, evidence, unreadable);
  }
}
