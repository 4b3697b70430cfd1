package dev.sluice.service.plan.yaml;

import com.networknt.schema.Error;
import dev.sluice.service.plan.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** From a complaint of the schema validator to a problem that names its place and the remedy. */
final class SchemaWords {
  private final List<String> lines;
  private final Node root;
  private final Node schema;
  private final Map<String, List<String>> homes = new HashMap<>();

  /**
   * @param text of the document
   * @param schema as a tree, for its titles, examples and neighbours of a keyword
   */
  SchemaWords(String text, Node root, Node schema) {
    lines = text.lines().toList();
    this.root = root;
    this.schema = schema;
  }

  Problem of(Error error) {
    Complaint c = new Complaint(error, root, schema);
    return switch (error.getKeyword()) {
      case "additionalProperties" -> unknown(c);
      case "propertyNames" -> badName(c);
      case "required" -> missing(c);
      case "false" -> notHere(c);
      case "enum" -> c.isNull() ? empty(c) : notOneOf(c);
      case "const" -> notThis(c);
      case "type" -> c.isNull() ? empty(c) : wrongType(c);
      case "pattern" -> c.value(c.shown() + " is not " + article(c.title()), c.examples());
      case "minimum" -> c.value(c.is(), "the least is " + c.limit());
      case "maximum" -> c.value(c.is(), "the most is " + c.limit());
      case "exclusiveMinimum" -> c.value(c.is(), "it must be more than " + c.limit());
      case "exclusiveMaximum" -> c.value(c.is(), "it must be less than " + c.limit());
      case "minLength", "minItems", "minProperties" ->
          c.key(c.field() + " is empty", "fill it in or leave it out");
      case "maxLength" ->
          c.value(c.field() + " is too long", "at most " + c.limit() + " characters");
      case "maxItems" -> c.key(c.field() + " has too many entries", "at most " + c.limit());
      case "maxProperties" -> tooMany(c);
      default -> c.value(c.field() + " " + error.getMessage(), "");
    };
  }

  private Problem unknown(Complaint c) {
    String key = c.property();
    List<String> known = c.keys(Pointer.child(c.parentSchema, "properties"));
    String hint =
        DidYouMean.closest(key, known)
            .map(DidYouMean::question)
            .or(() -> belongsElsewhere(key))
            .orElseGet(() -> DidYouMean.listed(known, "known here"));
    return c.child(key, "unknown field '" + key + "'", hint);
  }

  /** Right word, wrong section. */
  private Optional<String> belongsElsewhere(String key) {
    List<String> homes = homes().getOrDefault(key, List.of());
    return homes.size() == 1
        ? Optional.of("it belongs to " + article(homes.getFirst()))
        : Optional.empty();
  }

  /** In which kinds of mappings a field is known. */
  private Map<String, List<String>> homes() {
    if (homes.isEmpty() && Pointer.find(schema, "/$defs").orElse(null) instanceof Node.Mapping m) {
      m.entries().values().forEach(definition -> addHome(definition.value()));
    }
    return homes;
  }

  private void addHome(Node definition) {
    Optional<String> title = Complaint.text(definition, "title");
    if (title.isPresent()
        && Pointer.find(definition, "/properties").orElse(null) instanceof Node.Mapping fields) {
      fields
          .entries()
          .keySet()
          .forEach(f -> homes.computeIfAbsent(f, k -> new ArrayList<>()).add(title.get()));
    }
  }

  private Problem badName(Complaint c) {
    String key = c.property();
    return c.child(
        key, "'" + key + "' is not " + article(c.titleAt(c.keyword)), c.examplesAt(c.keyword));
  }

  private Problem missing(Complaint c) {
    String field = c.property();
    String hint =
        c.properties(field).stream().flatMap(p -> meaning(p).stream()).findFirst().orElse("");
    return c.key(c.subject() + " needs '" + field + "'", hint);
  }

  /** What a field is for: the words it may take, or the first sentence of its description. */
  private Optional<String> meaning(String pointer) {
    Optional<Node.Mapping> described =
        Pointer.find(schema, pointer)
            .filter(Node.Mapping.class::isInstance)
            .map(Node.Mapping.class::cast);
    List<String> words = Complaint.strings(described.flatMap(d -> d.get("enum")));
    if (!words.isEmpty()) {
      return Optional.of("it is " + DidYouMean.or(words));
    }
    return described
        .flatMap(d -> d.text("description"))
        .map(SchemaWords::firstSentence)
        .or(() -> described.flatMap(d -> d.text("$ref")).flatMap(ref -> meaning(ref.substring(1))));
  }

  private static String firstSentence(String text) {
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    return lowerFirst(
        sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence);
  }

  private static String lowerFirst(String sentence) {
    boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
    return acronym || sentence.isEmpty()
        ? sentence
        : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  /** A field that the kind of its neighbour forbids: a percent on a retain step. */
  private Problem notHere(Complaint c) {
    String parent = Pointer.parent(c.pointer);
    Optional<Node> owner = Pointer.find(root, parent);
    String kind =
        Stream.of("type", "kind")
            .flatMap(k -> owner.stream().flatMap(o -> Complaint.text(o, k).stream()))
            .findFirst()
            .orElse("");
    String title = c.titleAt(c.owner());
    String required = String.join(", ", c.strings(Pointer.child(c.branch(), "required")));
    return c.key(
        c.field() + " does not belong to " + article((kind + " " + title).strip()),
        required.isEmpty() ? "take it out" : "it takes " + required);
  }

  private Problem notOneOf(Complaint c) {
    List<String> known = c.strings(c.keyword);
    String hint =
        DidYouMean.closest(c.raw(), known)
            .map(DidYouMean::question)
            .orElse("it is " + DidYouMean.or(known));
    return c.value(c.shown() + " is no value of " + c.field(), hint);
  }

  private Problem notThis(Complaint c) {
    String wanted = c.limit();
    String hint =
        c.name().equals("apiVersion")
            ? "this version reads '" + wanted + "'"
            : "write '" + wanted + "'";
    return c.value(c.field() + " is " + c.shown(), hint);
  }

  private Problem empty(Complaint c) {
    String hint =
        commentBehind(c.place().line())
            ? "'#' begins a comment: put text that begins with it in quotes"
            : "fill it in or leave the line out";
    return c.key(c.field() + " is empty", hint);
  }

  /** Whether the line holds "key: #something". */
  private boolean commentBehind(int line) {
    return line > 0 && line <= lines.size() && hash(lines.get(line - 1));
  }

  private static boolean hash(String line) {
    int at = line.indexOf(": #");
    return at >= 0 && at + 3 < line.length() && line.charAt(at + 3) != ' ';
  }

  private Problem wrongType(Complaint c) {
    List<String> wanted = c.strings(c.keyword);
    String type = wanted.isEmpty() ? c.limit() : wanted.getFirst();
    Node node = c.node();
    String message = c.field() + " must be " + typeWords(type) + ", not " + node.words();
    return switch (node) {
      case Node.Numeric n when type.equals("integer") ->
          c.value(c.is() + ", and must be a whole number", c.examples());
      case Node.Text t when type.equals("array") -> c.value(message, "write [" + c.quoted() + "]");
      case Node.Mapping m when type.equals("array") ->
          c.value(message, "begin each entry with '- '");
      case Node.Mapping m when type.equals("string") ->
          c.value(message, "text that begins with a brace needs quotes");
      case Node.Text t when t.value().endsWith("%") && type.equals("number") ->
          c.value(message, "write " + withoutSign(c, t.value()));
      case Node.Numeric n when type.equals("string") ->
          c.value(message, c.examples().isEmpty() ? "put it in quotes" : c.examples());
      case Node.Flag f when type.equals("string") -> c.value(message, "put it in quotes");
      default -> c.value(message, c.examples());
    };
  }

  /** "10%" is 10 where a percentage is wanted, and 0.1 where a share is. */
  private static String withoutSign(Complaint c, String percent) {
    String number = percent.substring(0, percent.length() - 1).strip();
    try {
      java.math.BigDecimal value = new java.math.BigDecimal(number);
      boolean share = !c.title().equals("percentage");
      return (share ? value.movePointLeft(2) : value).toPlainString();
    } catch (NumberFormatException e) {
      return "a number";
    }
  }

  private static String typeWords(String type) {
    return switch (type) {
      case "string" -> "text";
      case "number" -> "a number";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "a mapping";
      default -> type;
    };
  }

  private Problem tooMany(Complaint c) {
    boolean one = c.limit().equals("1");
    List<String> known = c.keys(Pointer.child(c.parentSchema, "properties"));
    return c.key(
        c.field() + " has too many entries",
        one ? "it takes one of " + String.join(", ", known) : "at most " + c.limit());
  }

  static String article(String noun) {
    boolean vowel = !noun.isEmpty() && "aeiou".indexOf(noun.charAt(0)) >= 0;
    return (vowel ? "an " : "a ") + noun;
  }
}
