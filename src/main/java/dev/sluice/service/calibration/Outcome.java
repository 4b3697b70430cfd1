package dev.sluice.service.calibration;

import dev.sluice.analyzer.classical.BinomialShare;
import java.util.List;
import java.util.OptionalInt;

/**
 * What came of the rollouts of one row at one pace.
 *
 * @param onset look, counted from 0, with which the harm begins; 0 where there is none
 * @param alarms one for each rollout: the look, counted from 1, after which harm was proven
 */
record Outcome(int onset, List<OptionalInt> alarms) {
  private static final double CONFIDENCE = 0.95;

  Outcome {
    alarms = List.copyOf(alarms);
  }

  int runs() {
    return alarms.size();
  }

  /** In how many harm was called before it began. */
  int early() {
    return (int) alarms.stream().filter(a -> a.isPresent() && a.getAsInt() <= onset).count();
  }

  /** Looks from the beginning to the alarm, where one came in time or later, ascending. */
  List<Integer> delays() {
    return alarms.stream()
        .filter(a -> a.isPresent() && a.getAsInt() > onset)
        .map(a -> a.getAsInt() - onset)
        .sorted()
        .toList();
  }

  int found() {
    return delays().size();
  }

  /** Share of the rollouts that the row's goal asks for, with its exact 95 % interval. */
  BinomialShare share(Goal goal) {
    return switch (goal) {
      case Goal.AlarmsAtMost g -> BinomialShare.of(found() + early(), runs(), CONFIDENCE);
      case Goal.FoundAtLeast g -> within(g.withinLooks());
      case Goal.MedianAtMost g -> BinomialShare.of(found(), runs(), CONFIDENCE);
    };
  }

  /** Share of the rollouts that were found within so many looks. */
  private BinomialShare within(double looks) {
    return BinomialShare.of(
        (int) delays().stream().filter(d -> d <= looks).count(), runs(), CONFIDENCE);
  }

  /** Looks after which half of all rollouts had been found; empty if fewer than half ever were. */
  OptionalInt median() {
    int half = (runs() + 1) / 2;
    return found() >= half ? OptionalInt.of(delays().get(half - 1)) : OptionalInt.empty();
  }

  Standing standing(Goal goal) {
    BinomialShare share = share(goal);
    return switch (goal) {
      case Goal.AlarmsAtMost g ->
          share.estimate() <= g.share()
              ? Standing.MET
              : share.lower() <= g.share() ? Standing.MISSED_BY_CHANCE : Standing.NOT_MET;
      case Goal.FoundAtLeast g ->
          share.estimate() >= g.share()
              ? Standing.MET
              : share.upper() >= g.share() ? Standing.MISSED_BY_CHANCE : Standing.NOT_MET;
      case Goal.MedianAtMost g ->
          median().isPresent() && median().getAsInt() <= g.looks()
              ? Standing.MET
              : within(g.looks()).upper() >= 0.5 ? Standing.MISSED_BY_CHANCE : Standing.NOT_MET;
    };
  }

  /** How a row stands to its goal. */
  enum Standing {
    MET("met"),
    /** The share misses the goal, but its interval holds it: more runs would tell. */
    MISSED_BY_CHANCE("not met, may be chance"),
    NOT_MET("**not met**");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
