package dev.sluice.service.http.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** Numbers as Kayenta and its clients write and read them. */
final class Numbers {
  private Numbers() {}

  /** A whole score without a fraction: Spinnaker reads an integer. */
  static void put(ObjectNode to, String field, double value) {
    if (value == Math.rint(value)) {
      to.put(field, (long) value);
    } else {
      to.put(field, value);
    }
  }

  /** NaN and the infinities come as words; empty for what is no number at all. */
  static OptionalDouble read(JsonNode node) {
    if (node.isNumber()) {
      return OptionalDouble.of(node.doubleValue());
    }
    return switch (node.asText("")) {
      case "NaN" -> OptionalDouble.of(Double.NaN);
      case "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      default -> OptionalDouble.empty();
    };
  }
}
