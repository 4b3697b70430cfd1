package dev.sluice.service.plan.yaml;

import dev.sluice.service.plan.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;

/** Puts the events of a YAML parser together to a tree. */
final class Composer {
  private static final int DEEPEST = 20;
  private static final int MOST_VALUES = 20_000;
  private static final int LONGEST = 16 * 1024;
  private static final String MERGE = "<<";

  private final ParserImpl parser;
  private final Problems problems;
  private final Map<String, Optional<Node>> anchors = new HashMap<>();
  private int values;

  Composer(ParserImpl parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** What makes it useless to read on. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Stopped(Place place, String message, String hint) {
      super(message);
      problem = new Problem("", place.line(), place.column(), message, Optional.of(hint));
    }

    Problem problem() {
      return problem;
    }
  }

  Node compose() {
    return node("", 0);
  }

  private Node node(String pointer, int depth) {
    Event event = parser.getEvent();
    Place place = YamlReader.place(event.getStartMark());
    if (depth > DEEPEST) {
      throw new Stopped(
          place, "this is nested more than " + DEEPEST + " deep", "no plan needs that; flatten it");
    }
    return switch (event) {
      case AliasEvent alias -> {
        Node target = alias(alias, place);
        count(target.size(), place);
        yield target;
      }
      case NodeEvent start -> anchored(start, place, pointer, depth);
      default ->
          throw new Stopped(place, "a value is missing here", "check the lines around this one");
    };
  }

  private Node anchored(NodeEvent start, Place place, String pointer, int depth) {
    count(1, place);
    String anchor = start.getAnchor();
    if (anchor != null) {
      anchors.put(anchor, Optional.empty());
    }
    Node node =
        switch (start) {
          case ScalarEvent scalar -> scalar(scalar, place, pointer);
          case SequenceStartEvent s -> sequence(s, place, pointer, depth);
          case MappingStartEvent m -> mapping(m, place, pointer, depth);
          default ->
              throw new Stopped(place, "a value is missing here", "check the lines around it");
        };
    if (anchor != null) {
      anchors.put(anchor, Optional.of(node));
    }
    return node;
  }

  private void count(int more, Place place) {
    values += more;
    if (values > MOST_VALUES) {
      throw new Stopped(
          place,
          "this holds more than " + MOST_VALUES + " values",
          "aliases count as often as they are used");
    }
  }

  private Node alias(AliasEvent alias, Place place) {
    Optional<Node> target = anchors.get(alias.getAnchor());
    if (target == null) {
      throw new Stopped(
          place,
          "nothing above is called '&" + alias.getAnchor() + "'",
          "text that begins with '*' needs quotes");
    }
    return target.orElseThrow(
        () ->
            new Stopped(
                place,
                "'*" + alias.getAnchor() + "' stands inside of what it refers to",
                "write the value out"));
  }

  private Node scalar(ScalarEvent scalar, Place place, String pointer) {
    if (scalar.getValue().length() > LONGEST) {
      throw new Stopped(
          place, "a value is longer than " + LONGEST + " characters", "no plan needs that");
    }
    boolean text = tag(scalar.getTag(), place, pointer) || !scalar.isPlain();
    return text
        ? new Node.Text(scalar.getValue(), place)
        : Scalars.resolve(scalar.getValue(), place, pointer, problems);
  }

  /** Whether a tag says that the value is text; any other tag is a problem. */
  private boolean tag(@Nullable String tag, Place place, String pointer) {
    boolean text = "tag:yaml.org,2002:str".equals(tag) || "!".equals(tag);
    if (tag != null && !text) {
      problems.add(pointer, place, "the tag '" + tag + "' means nothing here", "take it out");
    }
    return text;
  }

  private Node sequence(CollectionStartEvent start, Place place, String pointer, int depth) {
    tag(start.getTag(), place, pointer);
    List<Node> items = new ArrayList<>();
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node(Pointer.child(pointer, Integer.toString(items.size())), depth + 1));
    }
    parser.getEvent();
    return Node.Sequence.of(items, place);
  }

  private Node mapping(CollectionStartEvent start, Place place, String pointer, int depth) {
    tag(start.getTag(), place, pointer);
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Node.Text key = key(pointer);
      boolean merge = key.value().equals(MERGE);
      Node value = node(Pointer.child(pointer, key.value()), depth + 1);
      if (merge) {
        merged.add(value);
      } else {
        put(entries, key, value, pointer);
      }
    }
    parser.getEvent();
    merged.forEach(value -> merge(entries, value, place, pointer));
    return Node.Mapping.of(entries, place);
  }

  private Node.Text key(String pointer) {
    Mark mark = parser.peekEvent().getStartMark();
    Place place = YamlReader.place(mark);
    if (parser.getEvent() instanceof ScalarEvent scalar && scalar.getValue().length() <= 200) {
      String key = scalar.getValue();
      if (scalar.isPlain() && Scalars.ambiguous(key)) {
        problems.add(
            Pointer.child(pointer, key),
            place,
            "some readers of YAML take '" + key + "' for true or false",
            "put the key in quotes");
      }
      return new Node.Text(key, place);
    }
    throw new Stopped(
        place,
        "a key must be a plain word",
        "text that begins with a brace, bracket, '*' or '&' needs quotes");
  }

  private void put(Map<String, Node.Entry> entries, Node.Text key, Node value, String pointer) {
    Node.Entry first = entries.putIfAbsent(key.value(), new Node.Entry(key.place(), value));
    if (first != null) {
      problems.add(
          Pointer.child(pointer, key.value()),
          key.place(),
          "'" + key.value() + "' is given twice",
          "the first is in line " + first.key().line());
    }
  }

  /** "<<: *common" takes over what is not given here. */
  private void merge(Map<String, Node.Entry> entries, Node value, Place place, String pointer) {
    switch (value) {
      case Node.Mapping m -> m.entries().forEach(entries::putIfAbsent);
      case Node.Sequence s -> s.items().forEach(item -> merge(entries, item, place, pointer));
      case Node.Text t -> notMerged(t, pointer);
      case Node.Numeric n -> notMerged(n, pointer);
      case Node.Flag f -> notMerged(f, pointer);
      case Node.Nothing n -> notMerged(n, pointer);
    }
  }

  private void notMerged(Node value, String pointer) {
    problems.add(
        Pointer.child(pointer, MERGE),
        value.place(),
        "'<<' takes over the fields of a mapping, and this is " + value.words(),
        "write '<<: *name', where '&name' stands before a mapping");
  }
}
