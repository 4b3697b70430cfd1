package dev.sluice.service.plan.yaml;

import com.networknt.schema.Error;
import dev.sluice.service.plan.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One error with everything that is known of its place in the document and in the schema. */
final class Complaint {
  private final Error error;
  private final Node root;
  private final Node schema;

  /** Of the value in the document. */
  final String pointer;

  /** Of the keyword in the schema. */
  final String keyword;

  /** Of the schema that holds the keyword. */
  final String parentSchema;

  /**
   * @param root the document
   * @param schema as a tree, for its titles, examples and the neighbours of a keyword
   */
  Complaint(Error error, Node root, Node schema) {
    this.error = error;
    this.root = root;
    this.schema = schema;
    pointer = error.getInstanceLocation().toString();
    String location = error.getSchemaLocation().toString();
    keyword = location.substring(location.indexOf('#') + 1);
    parentSchema = Pointer.parent(keyword);
  }

  String name() {
    return Pointer.last(pointer);
  }

  /** "'percent'", "the plan" for the document as a whole. */
  String field() {
    return pointer.isEmpty() ? "the " + titleAt("") : "'" + name() + "'";
  }

  String property() {
    return error.getProperty() == null ? "" : error.getProperty();
  }

  Node node() {
    return Pointer.find(root, pointer).orElse(root);
  }

  boolean isNull() {
    return node() instanceof Node.Nothing;
  }

  Place place() {
    return Pointer.key(root, pointer).orElse(Place.UNKNOWN);
  }

  String raw() {
    return plain(node());
  }

  String shown() {
    String raw = raw().replace('\n', ' ').strip();
    boolean cut = raw.length() > 60;
    return "'" + (cut ? raw.substring(0, 60) + "..." : raw) + "'";
  }

  /** The value in quotes where YAML needs them. */
  String quoted() {
    String raw = raw();
    return raw.matches("[A-Za-z0-9][-A-Za-z0-9_]{0,60}") ? raw : shown();
  }

  /** "'percent' is 150". */
  String is() {
    return field() + " is " + raw();
  }

  String limit() {
    return Pointer.find(schema, keyword).map(Complaint::plain).orElse("");
  }

  private static String plain(Node node) {
    return switch (node) {
      case Node.Text t -> t.value();
      case Node.Numeric n -> n.written();
      case Node.Flag f -> Boolean.toString(f.value());
      case Node.Nothing n -> "null";
      case Node.Sequence s -> "a list";
      case Node.Mapping m -> "a mapping";
    };
  }

  String title() {
    return titleAt(parentSchema);
  }

  String titleAt(String schemaPointer) {
    return Pointer.find(schema, schemaPointer)
        .flatMap(n -> text(n, "title"))
        .orElse("value that fits");
  }

  String examples() {
    return examplesAt(parentSchema);
  }

  String examplesAt(String schemaPointer) {
    List<String> examples = strings(Pointer.child(schemaPointer, "examples"));
    return examples.isEmpty() ? "" : "like " + String.join(", ", examples);
  }

  List<String> strings(String schemaPointer) {
    return strings(Pointer.find(schema, schemaPointer));
  }

  static List<String> strings(Optional<Node> list) {
    List<String> strings = new ArrayList<>();
    if (list.orElse(null) instanceof Node.Sequence s) {
      s.items().forEach(item -> strings.add(plain(item)));
    }
    return strings;
  }

  List<String> keys(String schemaPointer) {
    return Pointer.find(schema, schemaPointer).orElse(schema) instanceof Node.Mapping m
        ? List.copyOf(m.entries().keySet())
        : List.of();
  }

  /** Where a field is described: here, or beside the branch that asks for it. */
  List<String> properties(String field) {
    return List.of(
        Pointer.child(Pointer.child(parentSchema, "properties"), field),
        Pointer.child(Pointer.child(above(parentSchema), "properties"), field));
  }

  /** For a field that a branch forbids: the branch's "then". */
  String branch() {
    return Pointer.parent(Pointer.parent(parentSchema));
  }

  /** The schema that holds the branch: two keywords and an index above it. */
  String owner() {
    return above(branch());
  }

  private static String above(String then) {
    return Pointer.parent(Pointer.parent(Pointer.parent(then)));
  }

  /** "metric 'p99'", "cohort 'canary'", "'spec'", "the plan". */
  String subject() {
    String title = Pointer.find(schema, ownTitle()).flatMap(n -> text(n, "title")).orElse(name());
    Optional<String> id = text(node(), "id").or(() -> text(node(), "name")).or(this::givenName);
    return pointer.isEmpty() || id.isEmpty()
        ? "the " + title
        : title.equals(id.get()) ? "'" + title + "'" : title + " '" + id.get() + "'";
  }

  /** The key that leads to the value, where it is no number in a list. */
  private Optional<String> givenName() {
    return Pointer.find(root, Pointer.parent(pointer))
        .filter(Node.Mapping.class::isInstance)
        .map(n -> name());
  }

  private String ownTitle() {
    boolean branch = Pointer.last(parentSchema).equals("then");
    return branch ? above(parentSchema) : parentSchema;
  }

  Problem value(String message, String hint) {
    return problem(pointer, node().place(), message, hint);
  }

  Problem key(String message, String hint) {
    return problem(pointer, place(), message, hint);
  }

  Problem child(String key, String message, String hint) {
    String child = Pointer.child(pointer, key);
    Place place = Pointer.key(root, child).orElse(place());
    return problem(child, place, message, hint);
  }

  static Optional<String> text(Node node, String key) {
    return node instanceof Node.Mapping m ? m.text(key) : Optional.empty();
  }

  private static Problem problem(String pointer, Place place, String message, String hint) {
    Optional<String> remedy = hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    return new Problem(pointer, place.line(), place.column(), message, remedy);
  }
}
