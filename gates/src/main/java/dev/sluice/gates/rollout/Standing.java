package dev.sluice.gates.rollout;

import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a step stands after its latest look: the first of these questions that has an answer decides.
 *
 * <ol>
 *   <li>Is a guardrail proven worse, or an absolute limit broken? ({@link #regression})
 *   <li>Does the traffic follow the plan, are the signals well, is there data? ({@link #obstacle})
 *   <li>Has the step shown what the plan asks for? ({@link #missing})
 * </ol>
 *
 * Checks that a person has waived are left out of all three.
 */
final class Standing {
  /** Below this many looks in a row without data a gap is a gap, and not yet a reason to hold. */
  static final long PATIENCE_LOOKS = 3;

  private static final Duration DEFAULT_GRACE = Duration.ofMinutes(15);

  private final Rollout rollout;
  private final Step step;
  private final Assessment assessment;
  private final boolean fresh;

  /**
   * @param now tells whether the look is news: what was absent in a look that is made up for later
   *     takes nobody back
   */
  Standing(Rollout rollout, Assessment assessment, Instant now) {
    this.rollout = rollout;
    this.step = rollout.step();
    this.assessment = assessment;
    this.fresh = Silence.isFresh(rollout.plan(), assessment, now);
  }

  boolean stale() {
    return !fresh;
  }

  /** Why the canary must be taken back, if it must. */
  Optional<Reason> regression() {
    List<Check> named = named();
    if (!named.isEmpty()) {
      Reason.Code code =
          named.stream().allMatch(c -> c.kind() != Check.Kind.BASELINE)
              ? Reason.Code.LIMIT_BROKEN
              : Reason.Code.REGRESSION;
      return Optional.of(new Reason(code, sentences(named)));
    }
    return missingTooLong().or(() -> trouble(ExposureRule.OnTrouble.ROLLBACK));
  }

  /** Why the canary must be taken back whatever the step says of regressions: nobody sees it. */
  Optional<Reason> deadMan() {
    return fresh ? Silence.of(rollout).rollBack() : Optional.empty();
  }

  /**
   * Failing guardrails, whether named by the joint evidence or by a limit that is judged on its
   * own.
   */
  private List<Check> named() {
    Set<String> culprits = assessment.harm() ? Set.copyOf(assessment.culprits()) : Set.of();
    return guardrails()
        .filter(
            c ->
                culprits.contains(c.id())
                    || (c.kind() != Check.Kind.BASELINE && c.verdict() == Verdict.FAIL))
        .toList();
  }

  private Optional<Reason> missingTooLong() {
    Duration every = rollout.plan().source().every();
    return guardrails()
        .filter(c -> fresh && c.verdict() == Verdict.NO_DATA)
        .filter(c -> onNoData(c) == Metric.OnNoData.FAIL)
        .filter(c -> afterGrace() && every.multipliedBy(c.absentLooks()).compareTo(grace()) >= 0)
        .findFirst()
        .map(
            c ->
                new Reason(
                    Reason.Code.NO_DATA,
                    c.sentence() + " The plan says that this counts as a failure."));
  }

  /** What stands in the way without being the canary's fault. */
  Optional<Reason> obstacle() {
    return drifted()
        .or(() -> trouble(ExposureRule.OnTrouble.HOLD))
        .or(this::worseSignal)
        .or(this::noData)
        .or(() -> Silence.of(rollout).hold());
  }

  private Optional<Reason> drifted() {
    return rollout.drift().map(drift -> drifted(rollout, drift));
  }

  static Reason drifted(Rollout rollout, Drift drift) {
    String what =
        drift.seen().equals(rollout.applied())
            ? "Somebody else changed which users are on the canary"
            : "Somebody else moved the flag to "
                + drift.seen()
                + " where the plan wants "
                + rollout.applied();
    return new Reason(
        Reason.Code.DRIFTED, what + (drift.detail().isBlank() ? "." : ": " + drift.detail()));
  }

  private Optional<Reason> trouble(ExposureRule.OnTrouble wanted) {
    return assessment
        .trafficTrouble()
        .filter(t -> afterGrace())
        .filter(t -> consequence(rollout.plan(), t) == wanted)
        .map(t -> new Reason(code(t), t.sentence()));
  }

  /** Whether the traffic of this look is broken in a way that the plan does not only report. */
  static boolean trafficCounts(Rollout rollout, Assessment assessment) {
    return assessment
        .trafficTrouble()
        .filter(t -> consequence(rollout.plan(), t) != ExposureRule.OnTrouble.WARN)
        .isPresent();
  }

  /** In a dry run nobody moves the traffic: that it does not follow the plan is no news. */
  private static ExposureRule.OnTrouble consequence(Plan plan, Assessment.TrafficTrouble trouble) {
    Optional<ExposureRule> rule = plan.exposure();
    if (rule.isEmpty()) {
      return ExposureRule.OnTrouble.WARN;
    }
    return switch (trouble.kind()) {
      case MISMATCH ->
          plan.policy().dryRun() ? ExposureRule.OnTrouble.WARN : rule.get().onMismatch();
      case NO_TRAFFIC -> rule.get().onNoTraffic();
    };
  }

  private static Reason.Code code(Assessment.TrafficTrouble trouble) {
    return switch (trouble.kind()) {
      case MISMATCH -> Reason.Code.TRAFFIC_MISMATCH;
      case NO_TRAFFIC -> Reason.Code.NO_TRAFFIC;
    };
  }

  private Optional<Reason> worseSignal() {
    List<Check> worse =
        live().filter(c -> c.role() == Metric.Role.SIGNAL && c.verdict() == Verdict.FAIL).toList();
    return worse.isEmpty()
        ? Optional.empty()
        : Optional.of(new Reason(Reason.Code.SIGNAL_WORSE, sentences(worse)));
  }

  private Optional<Reason> noData() {
    List<Check> blind =
        guardrails()
            .filter(c -> c.verdict() == Verdict.NO_DATA && onNoData(c) != Metric.OnNoData.IGNORE)
            .filter(c -> Math.min(c.absentLooks(), rollout.stepLooks()) >= PATIENCE_LOOKS)
            .toList();
    return blind.isEmpty()
        ? Optional.empty()
        : Optional.of(new Reason(Reason.Code.NO_DATA, sentences(blind)));
  }

  /** What the gate still lacks; empty when it is open. */
  Optional<Reason> missing() {
    if (rollout.stepLooks() == 0) {
      return Optional.of(
          new Reason(
              Reason.Code.BAKING,
              "No look has yet seen a whole window at " + rollout.desired() + "."));
    }
    if (!longEnough()) {
      return Optional.of(
          new Reason(
              Reason.Code.BAKING,
              "Observed for "
                  + Durations.words(served())
                  + " of at least "
                  + Durations.words(rollout.atLeast())
                  + "."));
    }
    return assessment
        .trafficTrouble()
        .filter(t -> trafficCounts(rollout, assessment))
        .map(t -> new Reason(code(t), t.sentence()))
        .or(this::lacking);
  }

  /** What the metrics still lack, whatever the time. */
  Optional<Reason> lacking() {
    List<Check> notYet = guardrails().filter(c -> !shown(c)).toList();
    if (!notYet.isEmpty()) {
      return Optional.of(new Reason(Reason.Code.INCONCLUSIVE, sentences(notYet)));
    }
    Optional<Reason> few = tooFew();
    if (few.isPresent()) {
      return few;
    }
    if (suspicious()) {
      return Optional.of(
          new Reason(
              Reason.Code.INCONCLUSIVE,
              "The guardrails together lean towards harm, too much to pass and too little to roll back."));
    }
    return Optional.empty();
  }

  private boolean shown(Check check) {
    if (check.verdict() == Verdict.NO_DATA) {
      return onNoData(check) == Metric.OnNoData.IGNORE;
    }
    if (check.verdict() == Verdict.FAIL) {
      return false;
    }
    boolean provenNeeded =
        step.advanceWhen() == Step.AdvanceWhen.PROVEN_SAFE && check.kind() == Check.Kind.BASELINE;
    return check.enough() && (!provenNeeded || check.verdict() == Verdict.PASS);
  }

  /** The plan may want a step to have seen so many units, whatever its time. */
  private Optional<Reason> tooFew() {
    if (step.minSamples().isEmpty()) {
      return Optional.empty();
    }
    long least = step.minSamples().getAsLong();
    List<String> few =
        guardrails()
            .filter(c -> c.verdict() != Verdict.NO_DATA && countsUnits(c))
            .filter(c -> units(c.finding()) < least)
            .map(
                c ->
                    String.format(
                        Locale.ROOT,
                        "%s: %,.0f of at least %,d units of the canary in this step.",
                        c.title(),
                        units(c.finding()),
                        least))
            .distinct()
            .toList();
    return few.isEmpty()
        ? Optional.empty()
        : Optional.of(new Reason(Reason.Code.INCONCLUSIVE, String.join(" ", few)));
  }

  private static double units(Finding finding) {
    return switch (finding) {
      case Finding.Comparison c -> c.canarySize();
      case Finding.Insufficient i -> i.canarySize();
    };
  }

  private boolean countsUnits(Check check) {
    return switch (rollout.plan().metric(check.metricId())) {
      case Metric.Ratio m -> true;
      case Metric.Quantile m -> true;
      case Metric.Mean m -> true;
      case Metric.Rate m -> true;
      case Metric.Value m -> false;
      case Metric.Pushed m -> false;
    };
  }

  private boolean suspicious() {
    return rollout.waived().isEmpty() && assessment.logHarm() >= assessment.threshold() / 2;
  }

  /** Whether the step lasted as long as it may. */
  boolean outOfTime() {
    return rollout
        .deadline()
        .filter(deadline -> !assessment.window().to().isBefore(deadline))
        .isPresent();
  }

  /**
   * Whether an answer is all that is missing: the step was watched as long as it has to be, the
   * traffic follows the plan, and every guardrail has been compared on as many units as the step
   * asks for. Going on without an answer still needs data.
   */
  boolean inconclusiveOnly() {
    return rollout.stepLooks() > 0
        && longEnough()
        && !trafficCounts(rollout, assessment)
        && tooFew().isEmpty()
        && guardrails().allMatch(this::compared);
  }

  private boolean compared(Check check) {
    return check.verdict() == Verdict.NO_DATA
        ? onNoData(check) == Metric.OnNoData.IGNORE
        : check.finding() instanceof Finding.Comparison;
  }

  /**
   * Retention is a promise about the calendar, from the moment at which everybody was on the
   * canary; everything else needs time in which something was seen. A look that is made up for, of
   * a window from before that moment, says nothing of it, however short the retention is.
   */
  boolean longEnough() {
    return step.kind() == Step.Kind.RETAIN
        ? rollout
            .keptSince()
            .map(since -> since.plus(rollout.atLeast()))
            .filter(until -> !assessment.window().to().isBefore(until))
            .isPresent()
        : served().compareTo(rollout.atLeast()) >= 0;
  }

  private Duration served() {
    if (step.kind() != Step.Kind.RETAIN) {
      return rollout.dwell();
    }
    return rollout
        .keptSince()
        .map(since -> Duration.between(since, assessment.window().to()))
        .filter(passed -> !passed.isNegative())
        .orElse(Duration.ZERO);
  }

  private boolean afterGrace() {
    return rollout
        .appliedAt()
        .filter(applied -> !assessment.window().to().isBefore(applied.plus(grace())))
        .isPresent();
  }

  private Duration grace() {
    return rollout.plan().exposure().map(ExposureRule::grace).orElse(DEFAULT_GRACE);
  }

  private Metric.OnNoData onNoData(Check check) {
    Plan plan = rollout.plan();
    return plan.metric(check.metricId()).common().onNoData();
  }

  private Stream<Check> guardrails() {
    return live().filter(c -> c.role() == Metric.Role.GUARDRAIL);
  }

  private Stream<Check> live() {
    return assessment.checks().stream().filter(c -> !rollout.waived().contains(c.id()));
  }

  private static String sentences(List<Check> checks) {
    return checks.stream().map(Check::sentence).collect(Collectors.joining(" "));
  }
}
