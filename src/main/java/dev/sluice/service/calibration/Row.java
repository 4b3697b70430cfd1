package dev.sluice.service.calibration;

/**
 * One row of the table: a situation, how long it is watched, what it has to show.
 *
 * @param name unique over all rows; what people read
 * @param looks one a minute, the most that a rollout takes
 * @param onset look, counted from 0, with which the harm begins; 0 where there is none
 */
record Row(String name, Situation situation, int looks, int onset, Goal goal) {
  /** A fixed number of the row, so that its rollouts do not change when rows come and go. */
  long seed() {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
