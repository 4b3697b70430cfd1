package dev.sluice.service.store;

import dev.sluice.gates.rollout.RolloutId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Which rollout answers to which controller. One row for each natural key, and a key gets one only
 * when a rollout was begun for it: there are never more runs than rollouts.
 */
public interface RunStore {

  Future<Optional<Run>> run(Run.Key key);

  /** The run that a rollout answers now. */
  Future<Optional<Run>> runOf(RolloutId rollout);

  /**
   * Writes a run if the one that is there has the version before it (none for version 1); false,
   * and nothing is written, when somebody else was faster.
   */
  Future<Boolean> putRun(Run run);

  /** Runs that are open, those whose lease ends first in front. */
  Future<List<Run>> openRuns(int limit);
}
