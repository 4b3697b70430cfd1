package dev.sluice.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds what the kinds of other projects would not understand. No library on our class path has
 * models of them, and a cluster drops a misspelt field without a word; so their fields stand in a
 * list, and everything that is not there is a mistake.
 */
final class CustomFields {
  private static final Map<String, String> METADATA =
      Map.of(
          "metadata.name", "text",
          "metadata.namespace", "text",
          "metadata.labels.*", "text",
          "metadata.annotations.*", "text",
          "metadata.finalizers[]", "text");

  private final Map<String, Map<String, String>> kinds = new HashMap<>();

  CustomFields() {
    Map<String, String> fields = new HashMap<>();
    for (String line : list().lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      String[] words = line.strip().split(" ", -1);
      if (line.startsWith(" ")) {
        fields.put(words[0], words[1]);
      } else {
        fields = new HashMap<>(METADATA);
        kinds.put(line, fields);
      }
    }
    // The same but for the name: one is for a namespace, the other for the cluster.
    kinds.put(
        "argoproj.io/v1alpha1 ClusterAnalysisTemplate",
        Objects.requireNonNull(kinds.get("argoproj.io/v1alpha1 AnalysisTemplate")));
  }

  private static String list() {
    try (InputStream in = CustomFields.class.getResourceAsStream("/kubernetes/custom-kinds.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String kind(JsonNode object) {
    return object.path("apiVersion").asText() + " " + object.path("kind").asText();
  }

  boolean knows(JsonNode object) {
    return kinds.containsKey(kind(object));
  }

  /** Every field that the kind does not have, and every value of a wrong type, with its path. */
  List<String> unknown(JsonNode object) {
    Map<String, String> fields = kinds.get(kind(object));
    if (fields == null) {
      return List.of("nobody has written down the fields of '" + kind(object) + "'");
    }
    List<String> unknown = new ArrayList<>();
    object
        .properties()
        .forEach(
            field -> {
              if (!List.of("apiVersion", "kind").contains(field.getKey())) {
                walk(fields, field.getKey(), field.getValue(), unknown);
              }
            });
    return unknown;
  }

  private static void walk(
      Map<String, String> fields, String path, JsonNode value, List<String> unknown) {
    String type = fields.get(path);
    if (type != null) {
      if (!fits(type, value)) {
        unknown.add(path + " should be a " + type + " and is " + value);
      }
    } else if (value.isObject()) {
      boolean free = fields.containsKey(path + ".*");
      value
          .properties()
          .forEach(
              f -> walk(fields, path + "." + (free ? "*" : f.getKey()), f.getValue(), unknown));
    } else if (value.isArray()) {
      value.forEach(element -> walk(fields, path + "[]", element, unknown));
    } else {
      unknown.add(path);
    }
  }

  private static boolean fits(String type, JsonNode value) {
    return switch (type) {
      case "text" -> value.isTextual();
      case "number" -> value.isNumber();
      case "flag" -> value.isBoolean();
      case "any" -> true;
      default -> throw new IllegalStateException("no such type in the list: " + type);
    };
  }
}
