package dev.sluice.service.flags.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Bodies of writes. */
final class Patch {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String ROLLOUT = "/parameters/rollout";

  private Patch() {}

  /** Sets the percentage, if nothing of what decides who gets the canary has changed. */
  static String rollout(View.Version seen, String percent) {
    ArrayNode patch = JSON.arrayNode();
    seen.rollout().ifPresent(v -> operation(patch, "test", ROLLOUT, TextNode.valueOf(v)));
    seen.groupId()
        .ifPresent(v -> operation(patch, "test", "/parameters/groupId", TextNode.valueOf(v)));
    seen.stickiness()
        .ifPresent(v -> operation(patch, "test", "/parameters/stickiness", TextNode.valueOf(v)));
    operation(patch, "test", "/disabled", BooleanNode.valueOf(seen.disabled()));
    operation(
        patch, seen.rollout().isPresent() ? "replace" : "add", ROLLOUT, TextNode.valueOf(percent));
    if (seen.disabled()) {
      operation(patch, "replace", "/disabled", BooleanNode.FALSE);
    }
    return patch.toString();
  }

  /** Tests what cannot be: tells whether we may write, and writes nothing. */
  static String nothing() {
    ArrayNode patch = JSON.arrayNode();
    operation(patch, "test", ROLLOUT, TextNode.valueOf("may Sluice write here?"));
    return patch.toString();
  }

  private static void operation(ArrayNode patch, String op, String path, JsonNode value) {
    patch.addObject().put("op", op).put("path", path).set("value", value);
  }

  static String newStrategy(String title, String groupId, String stickiness, String percent) {
    ObjectNode strategy = JSON.objectNode().put("name", Strategy.GRADUAL).put("title", title);
    strategy
        .putObject("parameters")
        .put("rollout", percent)
        .put("stickiness", stickiness)
        .put("groupId", groupId);
    strategy.putArray("constraints");
    return strategy.toString();
  }
}
