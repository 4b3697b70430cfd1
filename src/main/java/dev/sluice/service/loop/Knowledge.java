package dev.sluice.service.loop;

import dev.sluice.gates.look.Evidence;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;

/**
 * What the loop knows of a rollout: its state and the evidence at that version. A memory of the
 * store and never more: it is thrown away whenever the store may have seen something else.
 */
record Knowledge(Rollout rollout, Evidence evidence) {

  static Knowledge of(RolloutStore.Stored stored) {
    Rollout rollout = stored.rollout();
    Evidence evidence =
        stored.evidence().isEmpty()
            ? Evidence.start(rollout.plan())
            : Evidence.restore(rollout.plan(), stored.evidence());
    return new Knowledge(rollout, evidence);
  }

  /** After events that left the evidence as it was. */
  Knowledge with(Rollout after) {
    return new Knowledge(after, evidence);
  }
}
