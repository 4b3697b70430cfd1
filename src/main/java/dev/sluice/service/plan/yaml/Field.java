package dev.sluice.service.plan.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A place in the tree that may hold a value. What has the wrong shape reads as absent: the schema
 * has said so already, and the reader goes on to find what else is wrong.
 */
public final class Field {
  private final Optional<Node> node;
  private final Place key;
  private final String pointer;
  private final Problems problems;

  private Field(Optional<Node> node, Place key, String pointer, Problems problems) {
    this.node = node;
    this.key = key;
    this.pointer = pointer;
    this.problems = problems;
  }

  static Field root(Node root, Problems problems) {
    return new Field(Optional.of(root), root.place(), "", problems);
  }

  /** The field under this key; absent where there is none. */
  public Field at(String name) {
    String child = Pointer.child(pointer, name);
    Optional<Node.Entry> entry =
        node.filter(Node.Mapping.class::isInstance)
            .map(n -> ((Node.Mapping) n).entries().get(name));
    return new Field(
        entry.map(Node.Entry::value), entry.map(Node.Entry::key).orElse(key), child, problems);
  }

  /** The items of a list; empty where it is none. */
  public List<Field> items() {
    List<Field> items = new ArrayList<>();
    if (node.orElse(null) instanceof Node.Sequence s) {
      for (Node item : s.items()) {
        String child = Pointer.child(pointer, Integer.toString(items.size()));
        items.add(new Field(Optional.of(item), item.place(), child, problems));
      }
    }
    return items;
  }

  /** The fields of a mapping, in the order of the text. */
  public Map<String, Field> entries() {
    Map<String, Field> entries = new LinkedHashMap<>();
    if (node.orElse(null) instanceof Node.Mapping m) {
      m.entries().keySet().forEach(name -> entries.put(name, at(name)));
    }
    return entries;
  }

  /** Whether the key is there, whatever stands behind it. */
  public boolean given() {
    return node.isPresent();
  }

  public boolean isNull() {
    return node.orElse(null) instanceof Node.Nothing;
  }

  public boolean isMapping() {
    return node.orElse(null) instanceof Node.Mapping;
  }

  /** The kind of the value, with an article: "a list". */
  public String words() {
    return node.map(Node::words).orElse("nothing");
  }

  /** Of the value; of the key, or of what should hold it, where it is absent. */
  public Place place() {
    return node.map(Node::place).orElse(key);
  }

  public Optional<String> text() {
    return node.orElse(null) instanceof Node.Text t ? Optional.of(t.value()) : Optional.empty();
  }

  /** Text, or a number as it was written. */
  public Optional<String> written() {
    return node.orElse(null) instanceof Node.Numeric n ? Optional.of(n.written()) : text();
  }

  public OptionalDouble number() {
    return node.orElse(null) instanceof Node.Numeric n
        ? OptionalDouble.of(n.value())
        : OptionalDouble.empty();
  }

  /** A number without a fraction. */
  public OptionalLong whole() {
    return node.orElse(null) instanceof Node.Numeric n
            && n.value() == Math.rint(n.value())
            && Math.abs(n.value()) < 1e15
        ? OptionalLong.of((long) n.value())
        : OptionalLong.empty();
  }

  public Optional<Boolean> flag() {
    return node.orElse(null) instanceof Node.Flag f ? Optional.of(f.value()) : Optional.empty();
  }

  public Optional<Duration> duration() {
    return text().flatMap(Durations::parse);
  }

  /** A duration between two bounds, or a problem that names them. */
  public Optional<Duration> duration(String least, String most) {
    Optional<Duration> duration = duration();
    Duration from = Durations.parse(least).orElse(Duration.ZERO);
    Duration to = Durations.parse(most).orElse(Duration.ZERO);
    if (duration.filter(d -> d.compareTo(from) < 0 || d.compareTo(to) > 0).isPresent()) {
      problem(
          "'" + name() + "' is " + text().orElse(""),
          "it must lie between " + least + " and " + most);
      return Optional.empty();
    }
    return duration;
  }

  /** The constant that a word in camelCase stands for: "rolledBack" is ROLLED_BACK. */
  public <E extends Enum<E>> Optional<E> oneOf(Class<E> type) {
    return text().flatMap(word -> constant(type, word));
  }

  private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
    for (E constant : type.getEnumConstants()) {
      if (camel(constant.name()).equals(word)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }

  private static String camel(String constant) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < constant.length(); i++) {
      char c = constant.charAt(i);
      boolean capital = i > 0 && constant.charAt(i - 1) == '_';
      if (c != '_') {
        word.append(capital ? c : Character.toLowerCase(c));
      }
    }
    return word.toString();
  }

  /** The texts of a list; items that are none are left out. */
  public List<String> texts() {
    return items().stream().flatMap(i -> i.text().stream()).toList();
  }

  /** The texts of a mapping. */
  public Map<String, String> textByName() {
    Map<String, String> texts = new LinkedHashMap<>();
    entries().forEach((name, field) -> field.text().ifPresent(text -> texts.put(name, text)));
    return texts;
  }

  /** The last key that leads here. */
  public String name() {
    return Pointer.last(pointer);
  }

  public String pointer() {
    return pointer;
  }

  /** The line of the key. */
  public int line() {
    return key.line();
  }

  /** Complains about the value. */
  public void problem(String message, String hint) {
    problems.add(pointer, place(), message, hint);
  }

  /** Complains about the field as a whole: points at its key. */
  public void problemOfKey(String message, String hint) {
    problems.add(pointer, key, message, hint);
  }
}
