package dev.sluice.service.flags.launchdarkly;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.flags.Note;

/** Semantic patches: what is to be done, in LaunchDarkly's words. */
final class Patch {
  static final String TYPE = "application/json; domain-model=launchdarkly.semanticpatch";
  private static final int WEIGHTS = 100_000;
  private static final int LONGEST_COMMENT = 1000;

  private final ObjectNode body = JsonNodeFactory.instance.objectNode();
  private final ArrayNode instructions;

  /** Why stands in the flag's history. */
  Patch(String environment, Note note) {
    String comment = note.sentence() + " (decision " + note.id() + ")";
    body.put("environmentKey", environment);
    body.put(
        "comment",
        comment.length() > LONGEST_COMMENT ? comment.substring(0, LONGEST_COMMENT) : comment);
    instructions = body.putArray("instructions");
  }

  Patch weights(View view, Exposure exposure) {
    int weight = (int) Math.round(exposure.share() * WEIGHTS);
    ObjectNode instruction = instructions.addObject();
    view.ruleId()
        .ifPresentOrElse(
            rule -> instruction.put("kind", "updateRuleVariationOrRollout").put("ruleId", rule),
            () -> instruction.put("kind", "updateFallthroughVariationOrRollout"));
    instruction.put("rolloutContextKind", view.config().contextKind());
    instruction
        .putObject("rolloutWeights")
        .put(view.id(view.canary()), weight)
        .put(view.id(view.baseline()), WEIGHTS - weight);
    return this;
  }

  Patch on() {
    instructions.addObject().put("kind", "turnFlagOn");
    return this;
  }

  Patch off() {
    instructions.addObject().put("kind", "turnFlagOff");
    return this;
  }

  String text() {
    return body.toString();
  }
}
