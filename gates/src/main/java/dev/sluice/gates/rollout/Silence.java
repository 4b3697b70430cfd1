package dev.sluice.gates.rollout;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long nothing at all has been seen of the canary, and what follows from it. What is absent of
 * one metric while another one is seen is no silence: for that there is the metric's own rule.
 *
 * <p>Two ways to be blind: looks are taken and find nothing, or the metrics system cannot be asked.
 * Neither counts what was not watched: a look that is made up for after an outage, or hours that
 * passed while this process was away or its clock was set forward.
 */
final class Silence {
  /**
   * A look is news while it is not older than this many looks: while catching up, nothing is raised
   * and nobody is missed on old news.
   */
  private static final int FRESH_LOOKS = 2;

  /** Attempts in vain, with growing waits between them, after which a source counts as gone. */
  private static final int ENOUGH_ATTEMPTS = 4;

  private final Rollout rollout;
  private final Duration lasted;

  private Silence(Rollout rollout, Duration lasted) {
    this.rollout = rollout;
    this.lasted = lasted;
  }

  /** As the looks have it. */
  static Silence of(Rollout rollout) {
    return new Silence(rollout, rollout.silence().orElse(Duration.ZERO));
  }

  /** After another attempt to reach the metrics system in vain. */
  static Silence blind(Rollout rollout, int attempt, Instant now) {
    Duration blind =
        attempt < ENOUGH_ATTEMPTS
            ? Duration.ZERO
            : rollout
                .blindSince()
                .map(since -> Duration.between(since, now))
                .filter(passed -> !passed.isNegative())
                .orElse(Duration.ZERO);
    return new Silence(rollout, rollout.silence().orElse(Duration.ZERO).plus(blind));
  }

  /** Whether something of the canary was seen, or nothing was asked. */
  static boolean breaks(Assessment assessment) {
    return assessment.checks().isEmpty()
        || assessment.checks().stream().anyMatch(c -> c.verdict() != Verdict.NO_DATA);
  }

  static boolean isFresh(Plan plan, Assessment assessment, Instant now) {
    Duration allowed = plan.source().settle().plus(plan.source().every().multipliedBy(FRESH_LOOKS));
    return !now.isAfter(assessment.window().to().plus(allowed));
  }

  private boolean usersAreExposed() {
    return rollout.applied().compareTo(Exposure.NONE) > 0;
  }

  private DeadMan deadMan() {
    return rollout.plan().policy().silence();
  }

  /** Why the rollout must be held, if it must. */
  Optional<Reason> hold() {
    return usersAreExposed() && lasted.compareTo(deadMan().holdAfter()) >= 0
        ? Optional.of(new Reason(Reason.Code.SILENT, sentence()))
        : Optional.empty();
  }

  /** Why the canary must be taken back, if it must. */
  Optional<Reason> rollBack() {
    return deadMan()
        .rollbackAfter(rollout.applied())
        .filter(after -> usersAreExposed() && lasted.compareTo(after) >= 0)
        .map(
            after ->
                new Reason(
                    Reason.Code.SILENT,
                    sentence()
                        + " The plan says to take back "
                        + rollout.applied()
                        + " after "
                        + Durations.words(after)
                        + "."));
  }

  private String sentence() {
    return "Nothing was seen of the canary for " + Durations.words(lasted) + ".";
  }
}
