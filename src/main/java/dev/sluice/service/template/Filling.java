package dev.sluice.service.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.service.plan.yaml.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Fills a template in, once. */
final class Filling {
  /** A body is smaller than this; a list within a list within a list is not. */
  static final int MOST_CHARACTERS = 64 * 1024;

  private final Escaping escaping;
  private final Function<String, Optional<String>> references;
  private final StringBuilder out = new StringBuilder();

  Filling(Escaping escaping, Function<String, Optional<String>> references) {
    this.escaping = escaping;
    this.references = references;
  }

  /** It goes no further. */
  static final class Stuck extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Slip slip;

    Stuck(Slip slip) {
      super(slip.what());
      this.slip = slip;
    }

    Slip slip() {
      return slip;
    }
  }

  String fill(List<Part> parts, JsonNode values) throws Stuck {
    fill(parts, List.of(values));
    return out.toString();
  }

  /**
   * @param stack what names are looked up in, the innermost last
   */
  private void fill(List<Part> parts, List<JsonNode> stack) throws Stuck {
    for (Part part : parts) {
      switch (part) {
        case Part.Literal literal -> out.append(literal.text());
        case Part.Gap gap -> gap(gap, stack);
        case Part.Section section -> section(section, stack);
        case Part.Reference reference -> reference(reference);
      }
    }
  }

  private void gap(Part.Gap gap, List<JsonNode> stack) throws Stuck {
    JsonNode value =
        found(stack, gap.name())
            .orElseThrow(() -> new Stuck(unknown(gap.name(), stack.getFirst())));
    if (gap.json()) {
      append(value.toString(), gap.name().spot());
    } else if (value.isContainerNode()) {
      throw new Stuck(
          new Slip(
              gap.name().spot(),
              "'" + gap.name().written() + "' holds several values",
              "write {{json " + gap.name().written() + "}}, or name one of them"));
    } else {
      append(
          value.isTextual() ? escaping.escaped(value.textValue()) : value.asText(),
          gap.name().spot());
    }
  }

  private void append(String text, Spot spot) throws Stuck {
    out.append(text);
    if (out.length() > MOST_CHARACTERS) {
      throw new Stuck(
          new Slip(
              spot,
              "the text grows beyond " + MOST_CHARACTERS / 1024 + " Ki characters",
              "leave something out"));
    }
  }

  private void section(Part.Section section, List<JsonNode> stack) throws Stuck {
    Optional<JsonNode> value = found(stack, section.name());
    boolean there = value.filter(Filling::holds).isPresent();
    if (section.inverted()) {
      if (!there) {
        fill(section.parts(), stack);
      }
    } else if (there && value.get() instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        fill(section.parts(), with(stack, ends(i == 0, i == list.size() - 1), list.get(i)));
      }
    } else if (there) {
      fill(section.parts(), with(stack, value.get()));
    }
  }

  /** Zero is a number like others: "to 0 percent" is there. */
  private static boolean holds(JsonNode value) {
    return !value.isNull()
        && !(value.isBoolean() && !value.booleanValue())
        && !(value.isContainerNode() && value.isEmpty());
  }

  private static ObjectNode ends(boolean first, boolean last) {
    return JsonNodeFactory.instance
        .objectNode()
        .<ObjectNode>set("-first", BooleanNode.valueOf(first))
        .set("-last", BooleanNode.valueOf(last));
  }

  private static List<JsonNode> with(List<JsonNode> stack, JsonNode... more) {
    List<JsonNode> deeper = new ArrayList<>(stack);
    deeper.addAll(List.of(more));
    return deeper;
  }

  private void reference(Part.Reference reference) throws Stuck {
    String value =
        references
            .apply(reference.reference())
            .orElseThrow(
                () ->
                    new Stuck(
                        new Slip(
                            reference.spot(),
                            "'${" + reference.reference() + "}' cannot be read",
                            "set it, or let this user read it")));
    append(escaping.escaped(value), reference.spot());
  }

  /** The innermost value of this name. */
  static Optional<JsonNode> found(List<JsonNode> stack, Part.Name name) {
    if (name.path().isEmpty()) {
      return Optional.of(stack.getLast());
    }
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i).has(name.path().getFirst())) {
        return Optional.of(within(stack.get(i), name.path())).filter(v -> !v.isMissingNode());
      }
    }
    return Optional.empty();
  }

  private static JsonNode within(JsonNode from, List<String> path) {
    JsonNode value = from;
    for (String word : path) {
      value = value.path(word);
    }
    return value;
  }

  static Slip unknown(Part.Name name, JsonNode values) {
    TreeSet<String> known = new TreeSet<>();
    names("", values, known);
    return new Slip(
        name.spot(),
        "there is no '" + name.written() + "' in the event",
        DidYouMean.hint(name.written(), known, "known here"));
  }

  private static void names(String prefix, JsonNode values, Set<String> names) {
    values
        .properties()
        .forEach(
            entry -> {
              names.add(prefix + entry.getKey());
              if (entry.getValue().isObject()) {
                names(prefix + entry.getKey() + ".", entry.getValue(), names);
              }
            });
  }
}
