package dev.sluice.service.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A value of a file together with its place in it, so that whoever must mend it finds it. */
record Field(String path, JsonNode node) {
  private static final int MOST_SHOWN = 40;

  static Field root(JsonNode node) {
    return new Field("", node);
  }

  Field at(String name) {
    return new Field(path.isEmpty() ? name : path + "." + name, node.path(name));
  }

  boolean has(String name) {
    return node.has(name) && !node.get(name).isNull();
  }

  /** Element of a list; missing where the list is shorter. */
  Field at(int index) {
    JsonNode element = node.get(index);
    return new Field(
        path + "[" + index + "]", element == null ? MissingNode.getInstance() : element);
  }

  String text() {
    if (!node.isTextual() || node.asText().isBlank()) {
      throw wrong("a text");
    }
    return node.asText();
  }

  String textOr(String otherwise) {
    return node.isTextual() ? node.asText() : otherwise;
  }

  double number() {
    if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
      throw wrong("a number");
    }
    return node.asDouble();
  }

  double numberOr(double otherwise) {
    return node.isMissingNode() || node.isNull() ? otherwise : number();
  }

  /** A number of an interval; empty for null and NaN: nothing usable was seen. */
  Optional<Double> reading() {
    return node.isNull() || (node.isNumber() && Double.isNaN(node.asDouble()))
        ? Optional.empty()
        : Optional.of(number());
  }

  List<Field> list(int most) {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    if (node.size() > most) {
      throw new Wrong(where() + " has " + node.size() + " elements, more than " + most);
    }
    List<Field> elements = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      elements.add(at(i));
    }
    return elements;
  }

  double[] numbers(int most) {
    return list(most).stream().mapToDouble(Field::number).toArray();
  }

  /** The values of a list of readings that must be complete. */
  double[] counts(int most) {
    double[] counts = numbers(most);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0) {
        throw at(i).wrong("a number of at least 0");
      }
    }
    return counts;
  }

  Wrong wrong(String rule) {
    return new Wrong(where() + " must be " + rule + ", was " + shown());
  }

  private String where() {
    return path.isEmpty() ? "the file" : path;
  }

  String shown() {
    if (node.isMissingNode()) {
      return "not there";
    }
    String text = node.toString();
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  /** A file that cannot be used, with one sentence that says where and why. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String sentence;

    Wrong(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }

    String sentence() {
      return sentence;
    }
  }
}
