package dev.sluice.service.plan.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The tree as the schema validator wants it. */
final class JsonTree {
  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  private JsonTree() {}

  static JsonNode of(Node node) {
    return switch (node) {
      case Node.Text t -> MAKE.textNode(t.value());
      case Node.Numeric n ->
          Scalars.whole(n) ? MAKE.numberNode((long) n.value()) : MAKE.numberNode(n.value());
      case Node.Flag f -> MAKE.booleanNode(f.value());
      case Node.Nothing n -> MAKE.nullNode();
      case Node.Sequence s -> {
        ArrayNode array = MAKE.arrayNode(s.items().size());
        s.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case Node.Mapping m -> {
        ObjectNode object = MAKE.objectNode();
        m.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
        yield object;
      }
    };
  }
}
