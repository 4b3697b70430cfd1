package dev.sluice.service.notify.slack;

import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Plan;
import dev.sluice.service.notify.text.Cut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks in lines. One that matters has two: what it says, and the numbers that show why. Those
 * that pass share one where the message is about something else.
 */
final class MetricLines {
  private static final int TITLE = 80;
  private static final int DETAIL = 200;
  private static final int NUMBERS = 300;

  private final Plan plan;

  MetricLines(Plan plan) {
    this.plan = plan;
  }

  /**
   * @param passes whether those that pass are told with their numbers too
   */
  List<String> of(List<Check> checks, boolean passes) {
    List<String> lines = new ArrayList<>();
    checks.stream()
        .filter(check -> passes || check.verdict() != Verdict.PASS)
        .map(this::detailed)
        .forEach(lines::add);
    if (!passes) {
      lines.addAll(named(checks));
    }
    return lines;
  }

  private static List<String> named(List<Check> checks) {
    Map<String, List<String>> titles = new LinkedHashMap<>();
    checks.stream()
        .filter(check -> check.verdict() == Verdict.PASS)
        .forEach(
            check -> {
              String state =
                  check.kind() == Check.Kind.BASELINE ? "proven safe" : "within the limit";
              titles.computeIfAbsent(state, s -> new ArrayList<>()).add(title(check));
            });
    List<String> lines = new ArrayList<>();
    titles.forEach(
        (state, names) ->
            lines.add("✓ " + state + ": " + String.join(", ", names.stream().distinct().toList())));
    return lines;
  }

  private static String title(Check check) {
    return Mrkdwn.fitted(check.title(), TITLE);
  }

  private String detailed(Check check) {
    return verdictLine(check) + "\n" + Mrkdwn.fitted(numbers(check), NUMBERS);
  }

  private static String verdictLine(Check check) {
    return mark(check.verdict()) + " *" + title(check) + "* " + words(check) + role(check);
  }

  /** A mark to find the line by; the words beside it say the same. */
  private static String mark(Verdict verdict) {
    return switch (verdict) {
      case FAIL -> "✗";
      case PASS -> "✓";
      case INCONCLUSIVE -> "?";
      case NO_DATA -> "–";
    };
  }

  private static String words(Check check) {
    return switch (check.verdict()) {
      case FAIL ->
          switch (check.kind()) {
            case BASELINE -> "is worse";
            case MAX -> "is over its limit";
            case MIN -> "is under its limit";
          };
      case PASS -> check.kind() == Check.Kind.BASELINE ? "is proven safe" : "is within its limit";
      case INCONCLUSIVE -> "is unclear";
      case NO_DATA -> "has no data";
    };
  }

  private static String role(Check check) {
    return switch (check.role()) {
      case GUARDRAIL -> "";
      case SIGNAL ->
          check.verdict() == Verdict.FAIL ? " (a signal: it holds, and does not roll back)" : "";
      case OBSERVE -> " (observed only)";
    };
  }

  private String numbers(Check check) {
    return switch (check.finding()) {
      case Finding.Insufficient f -> lacking(check, f);
      case Finding.Comparison f ->
          check.verdict() == Verdict.NO_DATA ? told(check) : compared(check, f);
    };
  }

  private static String lacking(Check check, Finding.Insufficient found) {
    String why = check.verdict() == Verdict.NO_DATA ? told(check) : found.detail();
    boolean some = found.canarySize() > 0 || found.baselineSize() > 0;
    return Cut.toLength(why, DETAIL)
        + (some ? " " + samples(found.canarySize(), found.baselineSize()) + "." : "");
  }

  /** The check's own sentence, without the title that stands in the line above. */
  private static String told(Check check) {
    String title = check.title() + ": ";
    String sentence =
        check.sentence().startsWith(title)
            ? check.sentence().substring(title.length())
            : check.sentence();
    return Capital.first(Cut.toLength(sentence, DETAIL));
  }

  private String compared(Check check, Finding.Comparison found) {
    Reading reading = new Reading(plan.metric(check.metricId()));
    return check.kind() == Check.Kind.BASELINE
        ? againstBaseline(reading, found)
        : againstLimit(reading, found);
  }

  private static String againstBaseline(Reading reading, Finding.Comparison found) {
    Effect effect = found.effect();
    return "canary "
        + reading.value(found.canaryValue())
        + ", baseline "
        + reading.value(found.baselineValue())
        + ": "
        + reading.change(effect.scale(), effect.estimate())
        + " ("
        + reading.interval(effect)
        + "), "
        + reading.accepted(effect)
        + " · "
        + samples(found.canarySize(), found.baselineSize());
  }

  private static String againstLimit(Reading reading, Finding.Comparison found) {
    Effect effect = found.effect();
    boolean spread =
        effect.scale() == Effect.Scale.VALUE && Double.compare(effect.lower(), effect.upper()) != 0;
    return "canary "
        + reading.value(found.canaryValue())
        + (spread ? " (" + reading.interval(effect) + ")" : "")
        + ", limit "
        + reading.value(found.baselineValue())
        + (found.canarySize() > 1 ? " · " + Reading.count(found.canarySize()) + " samples" : "");
  }

  private static String samples(double canary, double baseline) {
    return Reading.count(canary) + " and " + Reading.count(baseline) + " samples";
  }
}
