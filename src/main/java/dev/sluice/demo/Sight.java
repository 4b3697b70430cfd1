package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the API says of a rollout at one moment, as far as the narrator needs it.
 *
 * @param stage "baking", "applying", "rolledBack" ...
 * @param desired what the plan wants, in percent
 * @param applied what the flag system has confirmed, in percent
 * @param observedShare of the requests on the canary in the latest look, 0 to 1
 * @param checks one sentence each, with its verdict
 * @param decisions how many there were
 */
record Sight(
    String stage,
    String step,
    double desired,
    double applied,
    OptionalDouble observedShare,
    List<CheckLine> checks,
    long decisions,
    Optional<DecisionLine> lastDecision) {

  Sight {
    checks = List.copyOf(checks);
  }

  /** A check in words. */
  record CheckLine(String id, String verdict, String sentence) {}

  /**
   * A decision in words.
   *
   * @param kind "PROMOTE", "HOLD" or "ROLL_BACK"
   */
  record DecisionLine(String kind, String code, double from, double to, String sentence) {}

  boolean completed() {
    return stage.equals("completed");
  }

  boolean rolledBack() {
    return stage.equals("rolledBack");
  }

  boolean ended() {
    return completed() || rolledBack() || stage.equals("aborted");
  }

  /** Reads the answer of {@code GET /api/v1/rollouts/{id}}. */
  static Sight of(JsonNode rollout) {
    JsonNode assessment = rollout.path("lastAssessment");
    JsonNode share = assessment.path("observedShare");
    return new Sight(
        rollout.path("stage").path("type").asText(),
        rollout
            .path("plan")
            .path("steps")
            .path(rollout.path("stepIndex").asInt())
            .path("id")
            .asText(),
        rollout.path("desired").path("percent").asDouble(),
        rollout.path("applied").path("percent").asDouble(),
        share.isNumber() ? OptionalDouble.of(share.asDouble()) : OptionalDouble.empty(),
        checks(assessment.path("checks")),
        rollout.path("decisions").asLong(),
        decision(rollout.path("lastDecision")));
  }

  private static List<CheckLine> checks(JsonNode checks) {
    List<CheckLine> lines = new ArrayList<>();
    for (JsonNode check : checks) {
      lines.add(
          new CheckLine(
              check.path("id").asText(),
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
            decision.path("kind").asText(),
            decision.path("reason").path("code").asText(),
            decision.path("from").path("percent").asDouble(),
            decision.path("to").path("percent").asDouble(),
            decision.path("reason").path("sentence").asText()));
  }
}
