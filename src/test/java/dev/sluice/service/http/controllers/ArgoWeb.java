package dev.sluice.service.http.controllers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.http.controllers.ArgoMetric.Outcome;
import java.util.Optional;
import java.util.Set;

/**
 * The web provider of Argo Rollouts: any 2xx is an answer, everything else and a path that leads
 * nowhere is an error; the value is what the path finds, as JSON.
 */
record ArgoWeb(String path, Set<String> success, Set<String> failure) {

  /** The value as it is kept; empty for an error. */
  static Optional<String> value(int status, String body, String path) {
    if (status < 200 || status > 299) {
      return Optional.empty();
    }
    JsonNode node;
    try {
      node = body.isEmpty() ? null : Fixtures.JSON.readTree(body);
    } catch (JsonProcessingException plain) {
      return Optional.of(body);
    }
    if (node == null || node.isMissingNode()) {
      return Optional.of(body);
    }
    JsonNode found = node.at(pointer(path));
    return found.isMissingNode() ? Optional.empty() : Optional.of(found.toString());
  }

  private static String pointer(String path) {
    return path.replaceAll("[{}$]", "").replaceAll("\\[([0-9]+)]", ".$1").replace('.', '/');
  }

  Outcome measure(int status, String body) {
    Optional<String> value = value(status, body, path);
    if (value.isEmpty()) {
      return Outcome.ERROR;
    }
    String word = value.get().replace("\"", "");
    if (failure.contains(word)) {
      return Outcome.FAILURE;
    }
    return success.contains(word) ? Outcome.SUCCESS : Outcome.INCONCLUSIVE;
  }
}
