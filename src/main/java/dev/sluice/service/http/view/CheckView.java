package dev.sluice.service.http.view;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import dev.sluice.service.http.view.AnalysisView.PointView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One condition of a step with its numbers. What is not known is absent; so is an end of the
 * interval that nothing bounds yet.
 *
 * @param id the metric's id, with ".max" or ".min" behind it for a limit
 * @param role guardrail, signal or observe
 * @param kind baseline, max or min
 * @param verdict pass, fail, inconclusive or noData
 * @param waived a person went over it with a forced promotion
 * @param sentence why, for people
 * @param unit of the values: share (0 to 1), seconds, milliseconds or number
 * @param scale of estimate, interval and margin: ratio (canary by baseline), difference or value
 * @param margin the edge of what is accepted, in the worse direction; for a limit, the limit
 * @param baseline absent for a limit: nothing stands beside it
 * @param tier what the promise rests on: exact, calibrated or uncalibrated
 * @param shortage why there is no comparison yet
 * @param looksMissing how many more looks that takes, where it can be said
 * @param ahead how much longer, for comparisons with a baseline
 */
public record CheckView(
    String id,
    String metric,
    String title,
    String role,
    String kind,
    String verdict,
    boolean waived,
    String sentence,
    String unit,
    String worseWhen,
    Optional<String> scale,
    OptionalDouble estimate,
    OptionalDouble intervalLow,
    OptionalDouble intervalHigh,
    OptionalDouble margin,
    CohortView canary,
    Optional<CohortView> baseline,
    boolean enough,
    Optional<String> tier,
    Optional<String> shortage,
    OptionalLong looksMissing,
    Optional<AheadView> ahead) {

  /** What needs a person's eyes first. */
  public static final Comparator<CheckView> BY_URGENCY =
      Comparator.comparingInt(CheckView::distance).thenComparing(CheckView::id);

  /**
   * @param value over the step, in the check's unit
   * @param samples units behind the value
   */
  public record CohortView(OptionalDouble value, OptionalDouble samples) {}

  /**
   * @param outlook proven, looks, never or unknown
   * @param remainingSeconds about how long until it is proven safe, if it is no worse than the
   *     baseline; at outlook looks
   * @param never why it cannot be proven: noTraffic, looksWorse or noDrift
   * @param sentence the same for people; absent where nothing is waited for
   * @param canaryPerLook units of the canary per look, of late
   * @param detectable the canary's smallest worse value that this step finds in half of the cases,
   *     by its least time and at this traffic; counted metrics only
   */
  public record AheadView(
      String outlook,
      OptionalDouble remainingSeconds,
      Optional<String> never,
      Optional<String> sentence,
      double canaryPerLook,
      double baselinePerLook,
      OptionalDouble detectable) {}

  /** All checks of a look of the past, in the order of the plan; nothing is waived in them. */
  public static List<CheckView> of(Assessment look, Plan plan) {
    Step step =
        plan.steps().stream()
            .filter(s -> s.id().equals(look.stepId()))
            .findFirst()
            .orElse(plan.steps().getFirst());
    return look.checks().stream().map(c -> Checks.past(c, plan, step)).toList();
  }

  private int distance() {
    return ofRole() * 10 + ofVerdict();
  }

  private int ofRole() {
    return switch (role) {
      case "guardrail" -> waived ? 1 : 0;
      case "signal" -> verdict.equals("fail") ? 0 : 1;
      default -> 2;
    };
  }

  private int ofVerdict() {
    return switch (verdict) {
      case "fail" -> 0;
      case "noData" -> 1;
      case "inconclusive" -> 2;
      default -> 3;
    };
  }

  /** The verdict as people say it. */
  public String words() {
    String word = word(verdict, limit());
    return waived ? word + ", waived" : word;
  }

  /** A verdict as people say it. */
  public static String word(String verdict, boolean limit) {
    return switch (verdict) {
      case "fail" -> limit ? "limit broken" : "worse";
      case "pass" -> limit ? "within limit" : "proven safe";
      case "inconclusive" -> "unclear";
      default -> "no data";
    };
  }

  /** Whether a change either way is worse. */
  public boolean twoSided() {
    return worseWhen.equals("different") && !limit();
  }

  /** The same check with the numbers of another look. */
  public CheckView at(PointView point) {
    return new CheckView(
        id,
        metric,
        title,
        role,
        kind,
        verdict,
        waived,
        sentence,
        unit,
        worseWhen,
        scale,
        point.estimate(),
        point.intervalLow(),
        point.intervalHigh(),
        margin,
        canary,
        baseline,
        enough,
        tier,
        shortage,
        looksMissing,
        ahead);
  }

  /** Whether it is held against a fixed bound. */
  public boolean limit() {
    return !kind.equals("baseline");
  }

  /** "p99 latency", "p99 latency (max)". */
  public String name() {
    return limit() ? title + " (" + kind.toLowerCase(Locale.ROOT) + ")" : title;
  }
}
