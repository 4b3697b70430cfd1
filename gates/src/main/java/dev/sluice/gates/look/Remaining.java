package dev.sluice.gates.look;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** How much longer a check will take, in words; empty where nothing is to be waited for. */
final class Remaining {
  static final Duration LONG = Duration.ofDays(30);
  private static final Duration HOURS = Duration.ofHours(2);
  private static final Duration DAYS = Duration.ofDays(3);
  private static final long ROUND_MINUTES = 20;
  private static final long FIVE = 5;

  private final Metric metric;
  private final Duration every;

  Remaining(Metric metric, Duration every) {
    this.metric = metric;
    this.every = every;
  }

  /** One sentence, with a space before it. */
  String of(Verdict verdict, Finding finding, Optional<Ahead> ahead) {
    return switch (finding) {
      case Finding.Insufficient i -> verdict == Verdict.INCONCLUSIVE ? first(i.looksMissing()) : "";
      case Finding.Comparison c ->
          switch (verdict) {
            case INCONCLUSIVE -> ahead.map(a -> safety(a.safety())).orElse("");
            case PASS -> floor(c, ahead);
            case FAIL, NO_DATA -> "";
          };
    };
  }

  private String first(OptionalLong looks) {
    return looks.isPresent() && looks.getAsLong() > 1
        ? " " + about((double) looks.getAsLong()) + " more until there is a comparison."
        : "";
  }

  private String safety(Outlook outlook) {
    return switch (outlook) {
      case Outlook.Looks l when tooLong(l.looks()) ->
          " At this traffic it cannot be proven safe within " + LONG.toDays() + " days.";
      case Outlook.Looks l ->
          " "
              + about(l.looks())
              + " more at this traffic, if the canary is no worse than the baseline.";
      case Outlook.Never n ->
          switch (n.why()) {
            case NO_TRAFFIC -> " Without traffic on both cohorts it is never proven safe.";
            case LOOKS_WORSE ->
                " While it looks worse than what is accepted it is not proven safe.";
            case NO_DRIFT -> " With this tolerance and these buckets it is never proven safe.";
          };
      case Outlook.Unknown u -> "";
      case Outlook.Proven p -> "";
    };
  }

  /** What is proven may still lack the plan's least number of samples. */
  private String floor(Finding.Comparison c, Optional<Ahead> ahead) {
    OptionalLong least = metric.common().minSamples();
    if (least.isEmpty() || c.canarySize() >= least.getAsLong()) {
      return "";
    }
    double pace = ahead.map(a -> a.pace().canary()).orElse(0.0);
    double looks = ((double) least.getAsLong() - c.canarySize()) / pace;
    return " The plan wants "
        + Numbers.whole((double) least.getAsLong())
        + " samples of the canary and it has "
        + Numbers.whole(c.canarySize())
        + (pace > 0 && !tooLong(looks)
            ? "; " + lower(about(looks)) + " more at this traffic."
            : ".");
  }

  private boolean tooLong(double looks) {
    return looks * (double) every.toMillis() > (double) LONG.toMillis();
  }

  private static String lower(String text) {
    return text.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + text.substring(1);
  }

  private String about(double looks) {
    return "About " + words(Duration.ofMillis((long) Math.ceil(looks * every.toMillis())));
  }

  /** No finer than an estimate is: "40 s", "7 min", "35 min", "3 h", "5 days". */
  static String words(Duration time) {
    if (time.compareTo(Duration.ofMinutes(1)) <= 0) {
      return Math.max(1, time.toSeconds()) + " s";
    }
    if (time.compareTo(HOURS) <= 0) {
      long minutes = Math.max(1, Math.round(time.toSeconds() / 60.0));
      return (minutes < ROUND_MINUTES ? minutes : Math.round(minutes / 5.0) * FIVE) + " min";
    }
    return time.compareTo(DAYS) <= 0
        ? Math.round(time.toMinutes() / 60.0) + " h"
        : Math.round(time.toHours() / 24.0) + " days";
  }
}
