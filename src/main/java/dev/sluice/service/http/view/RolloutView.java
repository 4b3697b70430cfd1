package dev.sluice.service.http.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The whole state of a rollout, as {@code GET /api/v1/rollouts/{id}} answers it. Exposures are in
 * percent, durations in seconds, shares from 0 to 1.
 *
 * @param planHash which revision of the plan it runs
 * @param version grows with everything that happens; the ETag
 * @param state one word, see {@link Words#states()}
 * @param sentence what is going on, for people
 * @param why what it waits for or why it ended
 * @param clock the one instant that matters now
 * @param checks of the latest look, in the order of the plan
 * @param footing what the verdicts stand on besides the looks, a sentence each: what was learned
 *     from before the start, and comparisons that must find nothing
 * @param blindSince since when the metrics system cannot be reached
 * @param rollbackReady whether everybody can be taken back to the old system, which therefore has
 *     to stay up
 * @param rollbackReadyUntil when that ends, in the retention
 * @param readiness what was last said of the old system; absent: nothing
 * @param proposal what waits for a second person
 * @param drift where somebody else has put the flag
 * @param actions what can be asked of it now
 */
public record RolloutView(
    String id,
    long version,
    String state,
    boolean ended,
    String sentence,
    Optional<WhyView> why,
    Optional<ClockView> clock,
    String plan,
    String planHash,
    String description,
    String owner,
    Map<String, String> links,
    boolean dryRun,
    double falseAlarm,
    Instant startedAt,
    ActorView startedBy,
    Instant updatedAt,
    StepNowView step,
    List<StepView> steps,
    ExposureView exposure,
    LookView look,
    List<CheckView> checks,
    Optional<EvidenceView> evidence,
    Optional<TroubleView> traffic,
    List<FootingView> footing,
    Optional<Instant> blindSince,
    List<String> waived,
    Optional<DecisionView> lastDecision,
    boolean rollbackReady,
    Optional<Instant> rollbackReadyUntil,
    Optional<ReadinessView> readiness,
    Optional<ProposalView> proposal,
    Optional<DriftView> drift,
    List<ActionView> actions) {

  /**
   * What was last said of the old system.
   *
   * @param since when it became so
   * @param saidUntil when it is no longer believed that it is ready, unless it is said again
   */
  public record ReadinessView(
      boolean ready, String reason, Instant since, Optional<Instant> saidUntil, ActorView actor) {}

  /**
   * What one person wants and a second one has to agree to.
   *
   * @param act promote, approve or retire
   * @param until after that it has to be asked anew
   */
  public record ProposalView(
      String act, ActorView actor, String reason, boolean forced, Instant at, Instant until) {}

  /**
   * Somebody else moved the flag.
   *
   * @param seen where it stands, in percent
   */
  public record DriftView(double seen, String detail, Instant since) {}

  /**
   * @param code stable, for machines
   */
  public record WhyView(String code, String sentence, Instant since) {}

  /**
   * @param label what happens or happened then: "next step at the earliest"
   */
  public record ClockView(String label, Instant at) {}

  /**
   * @param kind engine, person or controller
   */
  public record ActorView(String kind, String name) {}

  /**
   * @param number from 1
   * @param appliedAt when the flag system confirmed the exposure
   * @param dwellSeconds observed time so far: applied, with usable data, not paused
   * @param deadline when the step's longest time is over
   */
  public record StepNowView(
      String id,
      int number,
      int of,
      Instant enteredAt,
      Optional<Instant> appliedAt,
      double dwellSeconds,
      double atLeastSeconds,
      Optional<Instant> deadline) {}

  /**
   * @param kind shadow, verify, expose, approve or retain
   * @param place done, now or next; "stopped" for the step a rollout ended in
   */
  public record StepView(
      String id,
      String kind,
      double percent,
      String place,
      double atLeastSeconds,
      OptionalDouble atMostSeconds,
      String advanceWhen) {}

  /**
   * Three numbers that should agree.
   *
   * @param desired what the plan wants
   * @param applied what the flag system last confirmed
   * @param observed the share seen in the latest look's traffic
   */
  public record ExposureView(double desired, double applied, OptionalDouble observed) {}

  /**
   * @param number of looks taken
   * @param windowTo end of the latest look's window
   * @param nextDueAt when the next look may be taken; absent where none is due: before the
   *     beginning, while it is being rolled back, after the end
   */
  public record LookView(
      long number,
      double everySeconds,
      Optional<Instant> windowFrom,
      Optional<Instant> windowTo,
      Optional<Instant> nextDueAt) {}

  /**
   * The guardrails together.
   *
   * @param logHarm natural logarithm of the combined e-value
   * @param threshold what it must reach to prove harm
   */
  public record EvidenceView(
      boolean harm, OptionalDouble logHarm, OptionalDouble threshold, List<String> culprits) {}

  /**
   * @param metric absent where it is about everything a cohort counts
   * @param kind shape, noise, nothing, control, restarts, gaps or constant
   * @param alarmed whether a person should look: a control has found what is not there, or the data
   *     of the look are odd
   */
  public record FootingView(
      Optional<String> metric, String kind, boolean alarmed, String sentence) {}

  /** What is wrong with the traffic split. */
  public record TroubleView(String code, String sentence) {}

  /**
   * @param id the idempotency key of all that followed
   * @param decision promote, hold or rollBack
   * @param forced a person went over a gate that was not open
   */
  public record DecisionView(
      String id,
      long sequence,
      String decision,
      String code,
      String sentence,
      String step,
      double from,
      double to,
      ActorView actor,
      boolean forced,
      Instant at) {}

  /**
   * @param name the word of a {@link Verb}
   * @param reasonNeeded it is refused without a reason
   * @param why why it is not allowed, or what is unusual about it
   */
  public record ActionView(
      String name, boolean allowed, boolean reasonNeeded, Optional<String> why) {}
}
