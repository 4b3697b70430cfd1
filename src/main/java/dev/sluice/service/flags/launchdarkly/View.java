package dev.sluice.service.flags.launchdarkly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.config.LaunchDarklyEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flag as LaunchDarkly shows it, in one environment, and the rule of it that the plan owns.
 *
 * @param json the whole flag
 * @param environment its key
 * @param owned id or description of the rule; absent: the default rule
 */
record View(
    JsonNode json, String environment, Optional<String> owned, LaunchDarklyEndpoint config) {
  private static final double WEIGHTS_IN_A_PERCENT = 1000;

  private JsonNode in() {
    return json.path("environments").path(environment);
  }

  boolean hasEnvironment() {
    return in().isObject();
  }

  boolean on() {
    return in().path("on").asBoolean(false);
  }

  /** The rule that the plan owns; missing where there is none. */
  private JsonNode rule() {
    if (owned.isEmpty()) {
      return in().path("fallthrough");
    }
    for (JsonNode rule : in().path("rules")) {
      if (rule.path("_id").asText().equals(owned.get())
          || rule.path("description").asText().equals(owned.get())) {
        return rule;
      }
    }
    return MissingNode.getInstance();
  }

  boolean hasRule() {
    return rule().isObject();
  }

  /** What a patch calls the rule; empty: the default rule. */
  Optional<String> ruleId() {
    return owned.map(o -> rule().path("_id").asText());
  }

  /** A variation by its id, its name or its value; -1 where there is none. */
  private int index(String wanted) {
    JsonNode variations = json.path("variations");
    for (int i = 0; i < variations.size(); i++) {
      JsonNode v = variations.get(i);
      JsonNode value = v.path("value");
      if (v.path("_id").asText().equals(wanted)
          || v.path("name").asText().equals(wanted)
          || (value.isValueNode() ? value.asText() : value.toString()).equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  int canary() {
    return index(config.canary());
  }

  int baseline() {
    return index(config.baseline());
  }

  String id(int variation) {
    return json.path("variations").path(variation).path("_id").asText();
  }

  /** The share that the owned rule sends to the canary; what else is there is told apart. */
  Exposure exposure() {
    if (!on()) {
      return in().path("offVariation").asInt(-1) == canary() ? Exposure.ALL : Exposure.NONE;
    }
    return share(rule());
  }

  private Exposure share(JsonNode rule) {
    if (!rule.path("rollout").isObject()) {
      return rule.path("variation").asInt(-1) == canary() ? Exposure.ALL : Exposure.NONE;
    }
    double weight = 0;
    for (JsonNode part : rule.path("rollout").path("variations")) {
      weight += part.path("variation").asInt(-1) == canary() ? part.path("weight").asDouble() : 0;
    }
    return new Exposure(Math.max(0, Math.min(100, weight / WEIGHTS_IN_A_PERCENT)));
  }

  /** What of the flag would decide past us who gets the canary, or in another way than it did. */
  List<String> oddities() {
    List<String> odd = new ArrayList<>();
    busy().ifPresent(odd::add);
    if (in().path("offVariation").asInt(-1) == canary()) {
      odd.add(
          "Turned off, the flag serves the canary: a rollback would send everybody there. Make the baseline its off variation.");
    }
    if (others()) {
      odd.add(
          "The rollout of the rule has a third variation with users: only canary and baseline may have some.");
    }
    past().ifPresent(odd::add);
    return odd;
  }

  /** Something of LaunchDarkly's own moves the rule. */
  private Optional<String> busy() {
    JsonNode rule = rule();
    JsonNode allocation = rule.path("rollout").path("experimentAllocation");
    String kind = allocation.path("type").asText("an experiment");
    if (allocation.isObject()) {
      String what =
          switch (kind) {
            case "measuredRollout" -> "a guarded rollout";
            case "progressiveRollout" -> "a progressive rollout";
            default -> "an experiment";
          };
      return Optional.of(moved(what));
    }
    return rule.path("progressiveRolloutConfig").isObject()
        ? Optional.of(moved("a progressive rollout"))
        : Optional.empty();
  }

  private static String moved(String what) {
    return "The rule runs "
        + what
        + " of LaunchDarkly's own, and two must not move it: stop that, or give the plan a rule of its own.";
  }

  private boolean others() {
    for (JsonNode part : rule().path("rollout").path("variations")) {
      int variation = part.path("variation").asInt(-1);
      if (part.path("weight").asInt() > 0 && variation != canary() && variation != baseline()) {
        return true;
      }
    }
    return false;
  }

  /** The canary for somebody whom the owned rule does not choose. */
  private Optional<String> past() {
    for (String kind : List.of("targets", "contextTargets")) {
      for (JsonNode target : in().path(kind)) {
        if (target.path("variation").asInt(-1) == canary() && !target.path("values").isEmpty()) {
          return Optional.of(
              "Individual targets get the canary whatever the exposure is: take them out.");
        }
      }
    }
    for (JsonNode rule : in().path("rules")) {
      if (!rule.equals(rule()) && share(rule).percent() > 0) {
        return Optional.of(
            "Another rule of the flag serves the canary too: take it out, or let the plan own that rule.");
      }
    }
    if (owned.isPresent() && share(in().path("fallthrough")).percent() > 0) {
      return Optional.of("The default rule serves the canary too: let it serve the baseline.");
    }
    return Optional.empty();
  }

  /** What decides who is chosen, beside the weight. */
  String shape() {
    JsonNode rollout = rule().path("rollout");
    return rollout.isObject()
        ? "by %s of %s, seed %s"
            .formatted(
                rollout.path("bucketBy").asText("key"),
                rollout.path("contextKind").asText("user"),
                rollout.path("seed").asText("none"))
        : "";
  }

  /** The flag's number and the environment's: each change moves one of them. */
  String version() {
    return json.path("_version").asText() + "/" + in().path("version").asText();
  }

  Optional<java.time.Instant> lastModified() {
    JsonNode at = in().path("lastModified");
    return at.isIntegralNumber()
        ? Optional.of(java.time.Instant.ofEpochMilli(at.longValue()))
        : Optional.empty();
  }
}
