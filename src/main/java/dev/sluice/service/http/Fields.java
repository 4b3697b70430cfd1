package dev.sluice.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.service.http.HttpProblem.Mistake;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.plan.yaml.Durations;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A small JSON body, read strictly: everything that is wrong with it is said at once, and a field
 * nobody knows is a mistake, because it was meant to do something.
 */
public final class Fields {
  private static final int LONGEST_DURATION = 40;

  private final JsonNode object;
  private final String place;
  private final List<Mistake> mistakes;

  private Fields(JsonNode object, String place, List<Mistake> mistakes) {
    this.object = object;
    this.place = place;
    this.mistakes = mistakes;
  }

  /** No body at all is an empty object. */
  public static Fields of(Buffer body, List<String> known) {
    JsonNode node = body.length() == 0 ? MissingNode.getInstance() : parse(body);
    Fields fields = new Fields(node, "", new ArrayList<>());
    if (!node.isObject() && !node.isMissingNode()) {
      fields.mistakes.add(Mistake.at("", "The body must be one JSON object."));
    }
    fields.onlyKnown(known);
    return fields;
  }

  private void onlyKnown(List<String> known) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        mistakes.add(unknown(field.getKey(), known));
      }
    }
  }

  /** The objects of a list that must be there; what is wrong in them is said with the rest. */
  List<Fields> each(String name, int most, List<String> known) {
    JsonNode list = object.path(name);
    if (!list.isArray() || list.isEmpty() || list.size() > most) {
      wrong(name, "must be a list of 1 to " + most + " objects.");
      return List.of();
    }
    List<Fields> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Fields item = new Fields(list.get(i), pointer(name) + "/" + i, mistakes);
      if (!list.get(i).isObject()) {
        mistakes.add(Mistake.at(item.place, "This must be an object."));
      }
      item.onlyKnown(known);
      all.add(item);
    }
    return all;
  }

  private void wrong(String name, String how) {
    mistakes.add(Mistake.at(pointer(name), "'" + name + "' " + how));
  }

  /** For bodies whose sender may send more than we know of: what is not known is not looked at. */
  public static Fields ofSome(Buffer body) {
    JsonNode node = body.length() == 0 ? MissingNode.getInstance() : parse(body);
    Fields fields = new Fields(node, "", new ArrayList<>());
    if (!node.isObject() && !node.isMissingNode()) {
      fields.mistakes.add(Mistake.at("", "The body must be one JSON object."));
    }
    return fields;
  }

  /** The whole body, to be looked at further. */
  public JsonNode node() {
    return object;
  }

  /** A mistake that the caller found. */
  public void mistake(String pointer, String detail) {
    mistakes.add(Mistake.at(pointer, detail));
  }

  private static JsonNode parse(Buffer body) {
    try {
      return SluiceJson.mapper().readTree(body.getBytes());
    } catch (JsonProcessingException e) {
      String what = e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
      Mistake at =
          e.getLocation() == null
              ? Mistake.at("", "Not JSON: " + what + ".")
              : new Mistake(
                  "",
                  Mistake.place(e.getLocation().getLineNr()),
                  Mistake.place(e.getLocation().getColumnNr()),
                  "Not JSON: " + what + ".",
                  Optional.empty());
      throw Problems.badBody(List.of(at)).refusal();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private Mistake unknown(String name, List<String> known) {
    Optional<String> hint =
        Nearest.to(name, known)
            .map(near -> "did you mean '" + near + "'?")
            .or(() -> Optional.of("known are " + String.join(", ", known)));
    return Mistake.at(pointer(name), "Unknown field '" + name + "'.").hinted(hint);
  }

  private String pointer(String name) {
    return place + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  public Optional<String> text(String name, int longest) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      mistakes.add(Mistake.at(pointer(name), "'" + name + "' must be text."));
      return Optional.empty();
    }
    if (node.textValue().length() > longest) {
      mistakes.add(
          Mistake.at(pointer(name), "'" + name + "' may have " + longest + " characters at most."));
    }
    return Optional.of(node.textValue());
  }

  public OptionalLong count(String name) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return OptionalLong.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      mistakes.add(Mistake.at(pointer(name), "'" + name + "' must be a whole number, at least 0."));
      return OptionalLong.empty();
    }
    return OptionalLong.of(node.longValue());
  }

  /** A text that must be there. */
  public String needed(String name, int longest) {
    if (object.path(name).isMissingNode()) {
      wrong(name, "is missing.");
    }
    return text(name, longest).orElse("");
  }

  /** A whole number that must be there. */
  long neededCount(String name) {
    if (object.path(name).isMissingNode()) {
      wrong(name, "is missing.");
    }
    return count(name).orElse(0);
  }

  /** True or false; it must be there. */
  boolean flag(String name) {
    JsonNode node = object.path(name);
    if (!node.isBoolean()) {
      wrong(name, "must be true or false.");
    }
    return node.asBoolean();
  }

  /** A duration as plans write it, more than zero and up to the longest. */
  Optional<Duration> duration(String name, Duration longest) {
    Optional<String> text = text(name, LONGEST_DURATION);
    Optional<Duration> read = text.flatMap(Durations::parse);
    boolean bad =
        text.isPresent() && read.filter(d -> !d.isZero() && d.compareTo(longest) <= 0).isEmpty();
    if (bad) {
      wrong(name, "must be a duration like 30m or 24h, of " + longest.toDays() + "d at most.");
    }
    return bad ? Optional.empty() : read;
  }

  /** The same, where it must be there. */
  Duration neededDuration(String name, Duration longest) {
    if (object.path(name).isMissingNode()) {
      wrong(name, "is missing: a duration like 24h.");
    }
    return duration(name, longest).orElse(Duration.ZERO);
  }

  /** An instant that must be there. */
  Instant instant(String name) {
    String text = needed(name, LONGEST_DURATION);
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      if (!text.isEmpty()) {
        wrong(name, "must be an instant like 2026-03-02T10:00:00Z.");
      }
      return Instant.EPOCH;
    }
  }

  /** Finite numbers by name; there must be some. */
  Map<String, Double> numbers(String name, int most) {
    JsonNode node = object.path(name);
    if (!node.isObject() || node.isEmpty() || node.size() > most) {
      wrong(name, "must be an object of 1 to " + most + " numbers.");
      return Map.of();
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> number : node.properties()) {
      double value = number.getValue().asDouble(Double.NaN);
      if (!number.getValue().isNumber() || !Double.isFinite(value)) {
        wrong(name, "has '" + number.getKey() + "', which is no finite number.");
      }
      numbers.put(number.getKey(), value);
    }
    return numbers;
  }

  /** Fails with everything that was found. */
  public void check() {
    if (!mistakes.isEmpty()) {
      throw Problems.badBody(mistakes).refusal();
    }
  }
}
