package dev.sluice.service.plan.yaml;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** JSON pointers (RFC 6901): "/spec/steps/1/percent". */
final class Pointer {
  private Pointer() {}

  static String child(String parent, String key) {
    return parent + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  static List<String> keys(String pointer) {
    return pointer.isEmpty()
        ? List.of()
        : Arrays.stream(pointer.substring(1).split("/", -1))
            .map(key -> key.replace("~1", "/").replace("~0", "~"))
            .toList();
  }

  static String parent(String pointer) {
    int slash = pointer.lastIndexOf('/');
    return slash < 0 ? "" : pointer.substring(0, slash);
  }

  static String last(String pointer) {
    List<String> keys = keys(pointer);
    return keys.isEmpty() ? "" : keys.getLast();
  }

  static Optional<Node> find(Node root, String pointer) {
    Optional<Node> node = Optional.of(root);
    for (String key : keys(pointer)) {
      node = node.flatMap(n -> step(n, key));
    }
    return node;
  }

  private static Optional<Node> step(Node node, String key) {
    return switch (node) {
      case Node.Mapping m -> m.get(key);
      case Node.Sequence s -> index(key, s.items().size()).map(i -> s.items().get(i));
      case Node.Text t -> Optional.empty();
      case Node.Numeric n -> Optional.empty();
      case Node.Flag f -> Optional.empty();
      case Node.Nothing n -> Optional.empty();
    };
  }

  private static Optional<Integer> index(String key, int size) {
    if (key.isEmpty() || key.length() > 9 || !key.chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    int index = Integer.parseInt(key);
    return index < size ? Optional.of(index) : Optional.empty();
  }

  /** The place of the key that leads to a value; of the value itself in a list. */
  static Optional<Place> key(Node root, String pointer) {
    if (pointer.isEmpty()) {
      return Optional.of(root.place());
    }
    return find(root, parent(pointer))
        .flatMap(
            parent ->
                parent instanceof Node.Mapping m
                    ? Optional.ofNullable(m.entries().get(last(pointer))).map(Node.Entry::key)
                    : find(root, pointer).map(Node::place));
  }
}
