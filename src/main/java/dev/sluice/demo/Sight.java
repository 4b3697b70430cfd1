package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the API says of a rollout at one moment, as far as the narrator needs it.
 *
 * @param state "baking", "applying", "rolledBack" ...
 * @param sentence what is going on
 * @param desired what the plan wants, in percent
 * @param applied what the flag system has confirmed, in percent
 * @param observed of the requests on the canary in the latest look, in percent
 * @param checks one sentence each, with its verdict
 * @param lastDecision absent before the first
 */
record Sight(
    String state,
    boolean ended,
    String sentence,
    String step,
    double desired,
    double applied,
    OptionalDouble observed,
    List<CheckLine> checks,
    Optional<DecisionLine> lastDecision) {

  Sight {
    checks = List.copyOf(checks);
  }

  /**
   * A check in words.
   *
   * @param role "guardrail", "signal" or "observe"
   * @param kind "baseline", or "max" or "min" for a limit
   * @param verdict "pass", "fail", "inconclusive" or "noData"
   */
  record CheckLine(String id, String role, String kind, String verdict, String sentence) {
    /** Whether it is one of the comparisons that promotion and rollback depend on. */
    boolean decides() {
      return role.equals("guardrail") && kind.equals("baseline");
    }

    boolean passed() {
      return verdict.equals("pass");
    }

    boolean failed() {
      return verdict.equals("fail");
    }
  }

  /**
   * A decision in words.
   *
   * @param sequence from 1
   * @param decision "promote", "hold" or "rollBack"
   */
  record DecisionLine(long sequence, String decision, double from, double to, String sentence) {}

  boolean completed() {
    return state.equals("completed");
  }

  /** Whether a person has to let go of the old system before it is over. */
  boolean retireReady() {
    return state.equals("retireReady");
  }

  boolean rolledBack() {
    return state.equals("rolledBack");
  }

  /** Reads the answer of {@code GET /api/v1/rollouts/{id}}; fails with {@link Trouble}. */
  static Sight of(JsonNode rollout) {
    JsonNode exposure = rollout.path("exposure");
    JsonNode observed = exposure.path("observed");
    if (!rollout.path("state").isTextual() || !exposure.path("applied").isNumber()) {
      throw new Trouble("This is not a rollout as this program knows them: " + rollout);
    }
    return new Sight(
        rollout.path("state").asText(),
        rollout.path("ended").asBoolean(),
        rollout.path("sentence").asText(),
        rollout.path("step").path("id").asText(),
        exposure.path("desired").asDouble(),
        exposure.path("applied").asDouble(),
        observed.isNumber() ? OptionalDouble.of(observed.asDouble()) : OptionalDouble.empty(),
        checks(rollout.path("checks")),
        decision(rollout.path("lastDecision")));
  }

  private static List<CheckLine> checks(JsonNode checks) {
    List<CheckLine> lines = new ArrayList<>();
    for (JsonNode check : checks) {
      lines.add(
          new CheckLine(
              check.path("id").asText(),
              check.path("role").asText(),
              check.path("kind").asText(),
              check.path("verdict").asText(),
              check.path("sentence").asText()));
    }
    return lines;
  }

  private static Optional<DecisionLine> decision(JsonNode decision) {
    if (!decision.isObject()) {
      return Optional.empty();
    }
    return Optional.of(
        new DecisionLine(
            decision.path("sequence").asLong(),
            decision.path("decision").asText(),
            decision.path("from").asDouble(),
            decision.path("to").asDouble(),
            decision.path("sentence").asText()));
  }
}
