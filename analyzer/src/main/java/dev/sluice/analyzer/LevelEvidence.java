package dev.sluice.analyzer;

import dev.sluice.analyzer.state.StateReader;
import dev.sluice.analyzer.state.StateWriter;

/** Evidence that one direction of a paired series lies worse than its margin. */
sealed interface LevelEvidence permits ShiftSide, SteadySide {

  /** What pairs exceeded the line by before the rollout, oldest first, in units of differences. */
  void remember(double[] excesses);

  /** Takes in the next pair. */
  void take(Pairing.Pair pair, boolean newStep);

  /** ln E after a look that brought a pair. */
  double logE();

  /** ln E after a look that brought none. */
  double standing();

  void save(StateWriter out);

  void load(StateReader in);
}
