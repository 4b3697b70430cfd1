package dev.sluice.service.http.flagger;

import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.Run;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the plan has opened more traffic than the canary has.
 *
 * <p>Flagger does not say which weight it has when it asks for more; its events do, where they are
 * sent here. So a yes is worth one raise: each step of the plan gives one, and where the weight is
 * known, one for each weight below the step's exposure. A yes that is asked for again within
 * seconds was lost on its way (ticks are at least ten seconds apart) and is said again. A yes that
 * was lost for good leaves the canary behind the plan until the next step: behind is safe.
 */
record Grant(Run run, Rollout rollout, Instant now) {
  private static final String STEP = "grantedStep";
  private static final String WEIGHT_THEN = "grantedWeight";
  private static final String AT = "grantedAt";
  private static final String WEIGHT = "weight";
  private static final Duration SAME_TICK = Duration.ofSeconds(5);

  static Map<String, String> weight(String percent) {
    return Map.of(WEIGHT, percent);
  }

  private String weight() {
    return run.notes().getOrDefault(WEIGHT, "");
  }

  /** Why not; empty for a yes. */
  Optional<String> refusal(String gate) {
    if (rollout.stage() instanceof dev.sluice.gates.rollout.Stage.Completed || saidJustNow()) {
      return Optional.empty();
    }
    boolean known = !weight().isEmpty();
    if (known && Double.parseDouble(weight()) >= rollout.applied().percent()) {
      return Optional.of(
          "The canary has " + weight() + " %, and no more than that is open. " + gate);
    }
    return spent()
        ? Optional.of("Step " + rollout.step().id() + " was opened to it already. " + gate)
        : Optional.empty();
  }

  private boolean spent() {
    return Integer.toString(rollout.stepIndex()).equals(run.notes().get(STEP))
        && weight().equals(run.notes().get(WEIGHT_THEN));
  }

  private boolean saidJustNow() {
    try {
      Instant at = Instant.parse(run.notes().getOrDefault(AT, ""));
      return spent() && Duration.between(at, now).compareTo(SAME_TICK) < 0;
    } catch (DateTimeException neverSaid) {
      return false;
    }
  }

  /** What to note with a yes. */
  Map<String, String> noted() {
    return rollout.ended() || saidJustNow()
        ? Map.of()
        : Map.of(
            STEP, Integer.toString(rollout.stepIndex()), WEIGHT_THEN, weight(), AT, now.toString());
  }
}
