package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gates.plan.Exposure;
import java.util.Optional;
import java.util.Set;

/**
 * One strategy of a flag in one environment. A user gets the flag when any of them says so.
 *
 * @param rollout percent, as text, exactly as it is stored; Unleash checks nothing about it
 * @param limited whether constraints or segments, or its very kind, limit whom it is for
 * @param whom constraints and segments as they stand, to notice when they change
 */
record Strategy(
    String id,
    String kind,
    String title,
    Optional<String> rollout,
    Optional<String> groupId,
    Optional<String> stickiness,
    boolean disabled,
    boolean limited,
    String whom) {
  static final String GRADUAL = "flexibleRollout";
  private static final Set<String> FOR_SOME =
      Set.of("userWithId", "remoteAddress", "applicationHostname");

  static Strategy of(JsonNode json) {
    JsonNode parameters = json.path("parameters");
    String kind = json.path("name").asText();
    boolean limited =
        !json.path("constraints").isEmpty()
            || !json.path("segments").isEmpty()
            || FOR_SOME.contains(kind);
    return new Strategy(
        json.path("id").asText(),
        kind,
        json.path("title").isTextual() ? json.path("title").asText() : "",
        text(parameters, "rollout"),
        text(parameters, "groupId"),
        text(parameters, "stickiness"),
        json.path("disabled").asBoolean(false),
        limited,
        json.path("constraints") + " " + json.path("segments"));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  boolean gradual() {
    return kind.equals(GRADUAL);
  }

  /** Whether the stored text is a percentage that every SDK understands alike. */
  boolean sound() {
    return rollout.filter(r -> r.matches("0|[1-9][0-9]?|100")).isPresent();
  }

  /** What SDKs make of it, whatever it is: above 100 everybody, and nonsense is nobody. */
  Exposure exposure() {
    if (disabled) {
      return Exposure.NONE;
    }
    if (!gradual()) {
      return limited ? Exposure.NONE : Exposure.ALL;
    }
    try {
      double percent = Double.parseDouble(rollout.orElse("0").strip());
      return Double.isNaN(percent) ? Exposure.NONE : new Exposure(Math.clamp(percent, 0, 100));
    } catch (NumberFormatException e) {
      return Exposure.NONE;
    }
  }

  /** "'gate' (flexibleRollout)". */
  String shown() {
    return title.isEmpty() ? kind + " without a title" : "'" + title + "' (" + kind + ")";
  }
}
