package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.service.http.Fields;

/**
 * What a score means to the one who asks.
 *
 * @param pass at least this is a pass, 0 to 100
 * @param marginal less than this is a failure
 */
record Thresholds(double pass, double marginal) {

  static Thresholds read(Fields fields, String field) {
    JsonNode node = fields.node().path(field);
    double pass = number(fields, node, field, "pass");
    double marginal = number(fields, node, field, "marginal");
    if (pass == 0 && node.path("pass").isNumber()) {
      fields.mistake("/" + field + "/pass", "'pass' must be above 0: a rollback has the score 0.");
    }
    if (marginal > pass) {
      fields.mistake("/" + field, "'marginal' is above 'pass'.");
    }
    return new Thresholds(pass, marginal);
  }

  private static double number(Fields fields, JsonNode node, String field, String name) {
    JsonNode value = node.path(name);
    if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 100) {
      fields.mistake("/" + field + "/" + name, "'" + name + "' must be a number from 0 to 100.");
      return 0;
    }
    return value.doubleValue();
  }

  /**
   * The score of "neither": above marginal, because Spinnaker fails at it, and below pass. Whole
   * where there is room, because both clients cut the rest off.
   */
  double between() {
    double whole = Math.floor((pass + marginal) / 2);
    return whole > marginal && whole < pass ? whole : (pass + marginal) / 2;
  }

  /** Whether there is anything between failing and passing. */
  boolean hasMiddle() {
    return marginal < pass;
  }

  String meaning(double score) {
    return score >= pass ? "Pass" : score >= marginal ? "Marginal" : "Fail";
  }

  static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
