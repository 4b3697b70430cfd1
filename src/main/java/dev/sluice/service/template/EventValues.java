package dev.sluice.service.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the names in a template stand for: the event's {@code data}, the event's own attributes
 * under {@code event}, and of a decision what other systems count in: shares, weights, yes or no.
 */
public final class EventValues {
  private static final double ALL = 100;

  /** Many systems weigh in thousandths of a percent. */
  private static final int WEIGHTS = 100_000;

  private EventValues() {}

  /**
   * @param event a CloudEvent; what it lacks the values lack
   */
  public static JsonNode of(JsonNode event) {
    ObjectNode values =
        event.path("data") instanceof ObjectNode data
            ? data.deepCopy()
            : com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    ObjectNode about = values.putObject("event");
    for (String attribute : new String[] {"id", "type", "source", "subject", "time"}) {
      about.set(attribute, event.path(attribute).deepCopy());
    }
    if (values.path("to").isNumber()) {
      decided(values, values.path("to").doubleValue());
    }
    return values;
  }

  private static void decided(ObjectNode values, double to) {
    boolean disable = values.path("action").asText().equals("disable");
    long weight = Math.round(to / ALL * WEIGHTS);
    values.put("promote", values.path("decision").asText().equals("promote"));
    values.put("rollback", values.path("decision").asText().equals("rollback"));
    values.put("disable", disable);
    values.put("on", to > 0 && !disable);
    number(values, "rest", ALL - to);
    number(values, "share", (double) weight / WEIGHTS);
    values.put("weight", weight);
    values.put("restWeight", WEIGHTS - weight);
  }

  /** Whole numbers without a fraction, because some receivers take no other. */
  private static void number(ObjectNode values, String name, double value) {
    double exact = (double) Math.round(value * WEIGHTS) / WEIGHTS;
    if (exact == Math.rint(exact)) {
      values.put(name, (long) exact);
    } else {
      values.put(name, exact);
    }
  }
}
