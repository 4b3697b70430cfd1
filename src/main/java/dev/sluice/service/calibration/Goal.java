package dev.sluice.service.calibration;

import java.util.Locale;

/** What a row of the table has to show. */
sealed interface Goal {

  /** Harm is called in at most this share of the rollouts, in which there is none. */
  record AlarmsAtMost(double share) implements Goal {}

  /** Harm is found in at least this share of the rollouts, at most so many looks after it began. */
  record FoundAtLeast(double share, int withinLooks) implements Goal {}

  /** In half of the rollouts harm is found at most so many looks after it began. */
  record MedianAtMost(double looks) implements Goal {}

  /** As it stands in the table. */
  default String words() {
    return switch (this) {
      case AlarmsAtMost g -> "at most " + percent(g.share());
      case FoundAtLeast g -> "at least " + percent(g.share()) + " in " + span(g.withinLooks());
      case MedianAtMost g -> "median at most " + looks(g.looks());
    };
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String span(int looks) {
    return looks % 60 == 0 ? looks / 60 + " h" : looks + " looks";
  }

  private static String looks(double looks) {
    return String.format(Locale.ROOT, looks < 10 ? "%.1f" : "%.0f", looks);
  }
}
