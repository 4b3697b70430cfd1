package dev.sluice.service.plan.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a YAML text. An anchored value stands in the tree as often as it is referred to; its
 * place is where it was written.
 */
public sealed interface Node {

  /** Where the value begins. */
  Place place();

  /** How many values it holds, itself included. */
  default int size() {
    return switch (this) {
      case Text t -> 1;
      case Numeric n -> 1;
      case Flag f -> 1;
      case Nothing n -> 1;
      case Sequence s -> s.count;
      case Mapping m -> m.count;
    };
  }

  /** The word for its kind, with an article: "a list". */
  default String words() {
    return switch (this) {
      case Text t -> "text";
      case Numeric n -> "a number";
      case Flag f -> "true or false";
      case Nothing n -> "nothing";
      case Sequence s -> "a list";
      case Mapping m -> "a mapping";
    };
  }

  record Text(String value, Place place) implements Node {}

  /**
   * @param written as it stands in the text
   */
  record Numeric(double value, String written, Place place) implements Node {}

  record Flag(boolean value, Place place) implements Node {}

  /** null, or a key with nothing behind it. */
  record Nothing(Place place) implements Node {}

  record Sequence(List<Node> items, Place place, int count) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    static Sequence of(List<Node> items, Place place) {
      return new Sequence(items, place, 1 + items.stream().mapToInt(Node::size).sum());
    }
  }

  /**
   * @param entries in the order of the text
   */
  record Mapping(Map<String, Entry> entries, Place place, int count) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    static Mapping of(Map<String, Entry> entries, Place place) {
      int values = entries.values().stream().mapToInt(e -> e.value().size()).sum();
      return new Mapping(entries, place, 1 + values);
    }

    public Optional<Node> get(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /** The text under a key, where it is one. */
    public Optional<String> text(String key) {
      return get(key).filter(Text.class::isInstance).map(n -> ((Text) n).value());
    }
  }

  /** A key with its place, and what stands behind it. */
  record Entry(Place key, Node value) {}
}
