package dev.sluice.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Puts into words what changed between two moments of a rollout. Pure: what it is shown decides
 * what it says; to repeat itself is not in it, but a long silence is broken every ten seconds.
 */
final class Narrator {
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final String flag;
  private final Map<String, String> verdicts = new HashMap<>();
  private long told;
  private double applied;
  private String state = "";
  private Duration spoke = Duration.ZERO;

  Narrator(String flag) {
    this.flag = flag;
  }

  /**
   * @param now time since the curtain rose
   * @param flagPercent what the flag endpoint itself says
   */
  List<String> see(Duration now, Sight sight, double flagPercent) {
    List<String> words = new ArrayList<>();
    verdicts(sight, words);
    decision(sight, words);
    exposure(sight, flagPercent, words);
    state(sight, words);
    if (words.isEmpty() && now.minus(spoke).compareTo(SILENCE) >= 0 && !sight.ended()) {
      words.add(still(sight));
    }
    if (words.isEmpty()) {
      return List.of();
    }
    spoke = now;
    return words.stream().map(line -> clock(now) + "  " + line).toList();
  }

  /** "01:07". */
  static String clock(Duration time) {
    return String.format(Locale.ROOT, "%02d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  private void decision(Sight sight, List<String> words) {
    sight.lastDecision().filter(d -> d.sequence() > told).ifPresent(d -> words.add(decision(d)));
    told = sight.lastDecision().map(Sight.DecisionLine::sequence).orElse(told);
  }

  private static String decision(Sight.DecisionLine d) {
    boolean moves = Double.compare(d.from(), d.to()) != 0;
    String move = moves ? percent(d.from()) + " -> " + percent(d.to()) : "still " + percent(d.to());
    return switch (d.decision()) {
      case "promote" -> "DECISION: go on, " + move + ". " + d.sentence();
      case "rollBack" -> "DECISION: ROLL BACK, " + move + ". " + d.sentence();
      default -> "DECISION: hold at " + percent(d.to()) + ". " + d.sentence();
    };
  }

  private void exposure(Sight sight, double flagPercent, List<String> words) {
    if (Double.compare(sight.applied(), applied) != 0) {
      applied = sight.applied();
      words.add(
          "The flag has obeyed: "
              + flag
              + " is on for "
              + percent(flagPercent)
              + " of the users (asked for: "
              + percent(sight.desired())
              + ").");
    }
  }

  private void state(Sight sight, List<String> words) {
    if (sight.state().equals(state)) {
      return;
    }
    state = sight.state();
    switch (state) {
      case "rolledBack" -> words.add("Rolled back: nobody is on the canary any more.");
      case "held", "awaitingApproval", "paused", "completed", "aborted" ->
          words.add(sight.sentence());
      default -> {}
    }
  }

  /** What became clear: any failure, and the proof of those on whom it depends. */
  private void verdicts(Sight sight, List<String> words) {
    String decided = sight.lastDecision().map(Sight.DecisionLine::sentence).orElse("");
    for (Sight.CheckLine check : sight.checks()) {
      String before = verdicts.put(sight.step() + "/" + check.id(), check.verdict());
      boolean news = !check.verdict().equals(before);
      boolean clear = check.failed() || (check.passed() && check.decides());
      if (news && clear && !decided.contains(check.sentence())) {
        words.add(check.sentence());
      }
    }
  }

  private static String still(Sight sight) {
    StringBuilder line =
        new StringBuilder("Watching ").append(sight.step()).append(": ").append(seen(sight));
    sight.checks().stream()
        .filter(Sight.CheckLine::decides)
        .forEach(check -> line.append("\n       ").append(check.sentence()));
    return line.toString();
  }

  private static String seen(Sight sight) {
    OptionalDouble observed = sight.observed();
    String asked = "asked for " + percent(sight.desired());
    return observed.isEmpty()
        ? asked + ", no requests seen yet."
        : asked + ", " + percent(observed.getAsDouble()) + " of the requests seen on the canary.";
  }

  private static String percent(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f %%", value)
        : String.format(Locale.ROOT, "%.1f %%", value);
  }
}
