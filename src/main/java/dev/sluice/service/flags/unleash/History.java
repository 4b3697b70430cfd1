package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Unleash's log of events, in one sentence. */
final class History {
  /** Enough to find the latest of one environment among those of others. */
  static final int EVENTS = 20;

  private static final int NAME_LENGTH = 80;

  private History() {}

  /** The newest that concerns this environment, or the flag as a whole. */
  static Optional<String> latest(JsonNode answer, String environment) {
    for (JsonNode event : answer.path("events")) {
      JsonNode where = event.path("environment");
      if (!where.isTextual() || where.asText().equals(environment)) {
        return Optional.of(sentence(event));
      }
    }
    return Optional.empty();
  }

  private static String sentence(JsonNode event) {
    String who = event.path("createdBy").asText("somebody");
    String when = event.path("createdAt").asText("");
    return (who.length() > NAME_LENGTH ? who.substring(0, NAME_LENGTH) + "…" : who)
        + " "
        + what(event)
        + (when.isEmpty() ? "" : " at " + when);
  }

  private static String what(JsonNode event) {
    String type = event.path("type").asText("changed it");
    return switch (type) {
      case "feature-environment-enabled" -> "turned it on";
      case "feature-environment-disabled" -> "turned it off";
      case "feature-archived" -> "archived it";
      case "feature-strategy-add" -> "added strategy " + title(event.path("data"));
      case "feature-strategy-remove" -> "took strategy " + title(event.path("preData")) + " away";
      case "feature-strategy-update" -> updated(event.path("preData"), event.path("data"));
      default -> "(" + type + ")";
    };
  }

  private static String title(JsonNode strategy) {
    return "'" + strategy.path("title").asText(strategy.path("name").asText()) + "'";
  }

  private static String updated(JsonNode before, JsonNode after) {
    String from = before.path("parameters").path("rollout").asText();
    String to = after.path("parameters").path("rollout").asText();
    return from.equals(to)
        ? "changed strategy " + title(after)
        : "set strategy " + title(after) + " from " + from + " to " + to + " %";
  }
}
