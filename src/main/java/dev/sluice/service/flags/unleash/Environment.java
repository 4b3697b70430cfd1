package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A flag as it stands in one environment.
 *
 * @param on whether it serves anybody there
 * @param archived taken out of use: SDKs do not see it any more, whatever else is said of it
 * @param parents flags that it depends on: who does not have those does not have this one
 */
record Environment(boolean on, boolean archived, List<Strategy> strategies, List<String> parents) {
  Environment {
    strategies = List.copyOf(strategies);
    parents = List.copyOf(parents);
  }

  /** Out of the answer about the whole flag; empty where it is not such an answer. */
  static Optional<Environment> of(JsonNode feature, String name) {
    for (JsonNode environment : feature.path("environments")) {
      if (environment.path("name").asText().equals(name)) {
        return single(environment, feature.path("archived").asBoolean(false), feature);
      }
    }
    return Optional.empty();
  }

  /** Out of the answer about an archived flag, of which only this can still be asked. */
  static Optional<Environment> ofArchived(JsonNode environment) {
    return single(environment, true, environment);
  }

  private static Optional<Environment> single(
      JsonNode environment, boolean archived, JsonNode feature) {
    if (!environment.path("enabled").isBoolean() || !environment.path("strategies").isArray()) {
      return Optional.empty();
    }
    List<Strategy> strategies =
        StreamSupport.stream(environment.path("strategies").spliterator(), false)
            .map(Strategy::of)
            .toList();
    List<String> parents =
        StreamSupport.stream(feature.path("dependencies").spliterator(), false)
            .map(d -> d.path("feature").asText())
            .toList();
    return Optional.of(
        new Environment(environment.path("enabled").asBoolean(), archived, strategies, parents));
  }
}
