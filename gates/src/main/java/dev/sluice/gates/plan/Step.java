package dev.sluice.gates.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One level of a rollout, and what has to be true to leave it.
 *
 * @param exposure the canary's share of the users at this step, of the mirrored traffic for a
 *     shadow step; steps that move no traffic carry the share of the step before
 * @param canary name of the cohort that is judged
 * @param baseline name of the cohort it is compared with; absent where nothing stands beside it
 * @param atLeast least observed time with usable data
 * @param atMost wall time after which {@code onInconclusive} applies; absent: wait for ever
 * @param metrics ids judged in this step
 * @param windows local times at which an increase may start; empty: any time
 * @param minSamples units of the canary that every guardrail with units must have seen in this step
 */
public record Step(
    String id,
    Kind kind,
    Exposure exposure,
    String canary,
    Optional<String> baseline,
    Duration atLeast,
    Optional<Duration> atMost,
    List<String> metrics,
    AdvanceWhen advanceWhen,
    OnInconclusive onInconclusive,
    OnRegression onRegression,
    List<ChangeWindow> windows,
    List<String> approvers,
    OptionalLong minSamples) {

  public Step {
    metrics = List.copyOf(metrics);
    windows = List.copyOf(windows);
    approvers = List.copyOf(approvers);
  }

  /** Whether the step's exposure is a share of the users, and not of mirrored traffic. */
  public boolean movesUsers() {
    return switch (kind) {
      case EXPOSE, APPROVE, RETAIN -> true;
      case SHADOW, VERIFY -> false;
    };
  }

  /** What a step does. */
  public enum Kind {
    /** Mirrored traffic: users never see the canary's answer. */
    SHADOW,
    /** Data is compared before anyone is switched. */
    VERIFY,
    /** A share of the users is on the canary. */
    EXPOSE,
    /** People say go. */
    APPROVE,
    /** Everybody is on the canary; the old system stays ready. */
    RETAIN
  }

  /** What must be shown before the next step. */
  public enum AdvanceWhen {
    PROVEN_SAFE,
    NO_HARM_FOUND,
    APPROVED
  }

  /** What happens when the longest hold has passed without an answer. */
  public enum OnInconclusive {
    HOLD,
    ADVANCE,
    ROLLBACK,
    ASK
  }

  /** What a proven regression of a guardrail does. */
  public enum OnRegression {
    ROLLBACK,
    HOLD,
    ASK
  }
}
