package dev.sluice.service.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What differs between two plans, in words and by the names of things: "step users-10: hold.atLeast
 * was 1h, is 6h". Elements of lists are matched by their id, so that one that was put in between
 * does not make all others look new.
 */
final class PlanChanges {
  private static final Pattern PLAIN_LIST = Pattern.compile("^\\[.*]$", Pattern.DOTALL);

  private final List<String> lines = new ArrayList<>();

  private PlanChanges() {}

  /** One line for each difference, in the order of the plan; empty where they say the same. */
  static List<String> between(JsonNode before, JsonNode after) {
    PlanChanges changes = new PlanChanges();
    changes.compare("", "", before, after);
    return List.copyOf(changes.lines);
  }

  /**
   * @param thing what the difference belongs to: "step users-10"; empty for the plan itself
   * @param path below the thing: "hold.atLeast"
   */
  private void compare(String thing, String path, JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      for (String key : keys(before, after)) {
        compare(thing, below(path, key), before.path(key), after.path(key));
      }
    } else if (named(before) && named(after)) {
      elements(path, byName(before), byName(after));
    } else if (before.isMissingNode()) {
      said(thing, path, "is new: " + shown(after));
    } else if (after.isMissingNode()) {
      said(thing, path, "is gone; it was " + shown(before));
    } else {
      said(thing, path, "was " + shown(before) + ", is " + shown(after));
    }
  }

  private static Set<String> keys(JsonNode before, JsonNode after) {
    Set<String> keys = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(keys::add);
    after.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static String below(String path, String key) {
    return path.isEmpty() || path.equals("spec") || path.equals("metadata")
        ? key
        : path + "." + key;
  }

  private void elements(String path, Map<String, JsonNode> before, Map<String, JsonNode> after) {
    String noun = noun(path);
    for (Map.Entry<String, JsonNode> old : before.entrySet()) {
      JsonNode now = after.get(old.getKey());
      if (now == null) {
        lines.add(noun + " " + old.getKey() + " is gone");
      } else {
        compare(noun + " " + old.getKey(), "", old.getValue(), now);
      }
    }
    String previous = "";
    for (Map.Entry<String, JsonNode> now : after.entrySet()) {
      if (!before.containsKey(now.getKey())) {
        String place = previous.isEmpty() ? "at the beginning" : "behind " + previous;
        lines.add(noun + " " + now.getKey() + " is new, " + place + ": " + shown(now.getValue()));
      }
      previous = now.getKey();
    }
    order(noun, before.keySet(), after.keySet());
  }

  /** The order of steps is the plan; that of metrics is how they are shown. */
  private void order(String noun, Set<String> before, Set<String> after) {
    List<String> stayed = before.stream().filter(after::contains).toList();
    List<String> now = after.stream().filter(before::contains).toList();
    if (!stayed.equals(now)) {
      lines.add(
          "the order of "
              + noun
              + "s was "
              + String.join(", ", stayed)
              + ", is "
              + String.join(", ", now));
    }
  }

  private static String noun(String path) {
    return switch (path) {
      case "steps" -> "step";
      case "metrics" -> "metric";
      case "notify" -> "notify";
      default -> path;
    };
  }

  /** A list whose elements all have different names. */
  private static boolean named(JsonNode list) {
    return list.isArray() && !list.isEmpty() && byName(list).size() == list.size();
  }

  private static Map<String, JsonNode> byName(JsonNode list) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (JsonNode element : list) {
      name(element).ifPresent(name -> named.put(name, element));
    }
    return named;
  }

  private static Optional<String> name(JsonNode element) {
    for (String key : List.of("id", "sink")) {
      if (element.path(key).isTextual()) {
        return Optional.of(element.path(key).asText());
      }
    }
    return Optional.empty();
  }

  private void said(String thing, String path, String what) {
    String subject = thing.isEmpty() ? path : path.isEmpty() ? thing : thing + ": " + path;
    lines.add(subject + " " + what);
  }

  private static String shown(JsonNode value) {
    if (value.isTextual()) {
      return value.asText();
    }
    String text = value.toString();
    boolean words = PLAIN_LIST.matcher(text).matches() || value.isObject();
    return words ? text.replace("\"", "").replace(",", ", ").replace(":", ": ") : text;
  }
}
