package dev.sluice.service.plan.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** The tree as the schema validator wants it. */
final class JsonTree {
  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  private JsonTree() {}

  /**
   * The validator shows the words of an enum by way of toString, for which Jackson starts a whole
   * object mapper: a quarter of the time that a command line needs to check a plan.
   */
  private static final class PlainText extends TextNode {
    private static final long serialVersionUID = 1L;

    PlainText(String value) {
      super(value);
    }

    @Override
    public String toString() {
      return "'" + textValue() + "'";
    }
  }

  static JsonNode of(Node node) {
    return switch (node) {
      case Node.Text t -> new PlainText(t.value());
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
