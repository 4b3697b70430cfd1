package dev.sluice.service.imports;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A plan on its way to being written. */
final class Draft {
  private static final String CANARY = "{version=\"canary\"}";
  private static final String BASELINE = "{version=\"baseline\"}";

  private final String name;
  private final String origin;
  private final List<String> lost = new ArrayList<>();
  private final List<Map<String, String>> metrics = new ArrayList<>();
  private final List<Map<String, String>> steps = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private String every = "30s";

  /**
   * @param origin what is imported: "canary configuration checkout of Kayenta"
   */
  Draft(String name, String origin) {
    this.name = slug(name);
    this.origin = origin;
  }

  /** Lower-case letters, digits and '-', at most 40 of them. */
  static String slug(String text) {
    String slug =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    slug = slug.length() > 40 ? slug.substring(0, 40).replaceAll("-+$", "") : slug;
    return slug.isEmpty() ? "unnamed" : slug;
  }

  void lost(String sentence) {
    if (!lost.contains(sentence)) {
      lost.add(sentence);
    }
  }

  void every(String duration) {
    every = duration;
  }

  void metric(String id, Map<String, String> fields) {
    Map<String, String> metric = new LinkedHashMap<>();
    metric.put("id", unique(id));
    metric.putAll(fields);
    metrics.add(metric);
  }

  void step(String id, Map<String, String> fields) {
    Map<String, String> step = new LinkedHashMap<>();
    step.put("id", unique(id));
    step.putAll(fields);
    steps.add(step);
  }

  void expose(String percent, String atLeast) {
    Map<String, String> fields = new LinkedHashMap<>(Map.of());
    fields.put("kind", "expose");
    fields.put("percent", percent);
    fields.put("hold", "{ atLeast: " + atLeast + " }");
    step("users-" + percent, fields);
  }

  void approval(String id) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("kind", "approve");
    fields.put("approvers", "[somebody]");
    step(id, fields);
    lost("step " + slug(id) + ": who approves is not said; a name was made up");
  }

  private String unique(String id) {
    String slug = slug(id);
    String unique = slug;
    for (int i = 2; !ids.add(unique); i++) {
      unique = slug + "-" + i;
    }
    return unique;
  }

  /** Fails where no metric could be read: a plan without one judges nothing. */
  Imported written() throws ImportException {
    if (metrics.isEmpty()) {
      throw new ImportException(
          "none of its metrics can be read"
              + (lost.isEmpty() ? "" : ": " + String.join("; ", lost)));
    }
    lost(
        "the cohorts: their selectors below are made up. Say which labels tell the new version from"
            + " the old one");
    if (steps.stream().noneMatch(s -> "expose".equals(s.get("kind")))) {
      expose("10", "1h");
      lost("steps: there are none. One was made up, 10 % for an hour");
    }
    if (metrics.stream().noneMatch(m -> "guardrail".equals(m.get("role")))) {
      steps.stream()
          .filter(s -> !"approve".equals(s.get("kind")))
          .forEach(s -> s.put("advanceWhen", "approved"));
      lost(
          "who stops it: no metric may roll back, so a person has to approve each step. Make one of"
              + " them a guardrail instead");
    }
    return new Imported(text(), lost);
  }

  private String text() {
    StringBuilder text = new StringBuilder("# Made of the " + origin + ".\n");
    text.append("# Not carried over:\n");
    lost.forEach(l -> text.append("#  - ").append(l.replaceAll("\\s+", " ")).append('\n'));
    text.append("apiVersion: sluice/v1\nkind: RolloutPlan\nmetadata:\n  name: ").append(name);
    text.append("\nspec:\n  source: { prometheus: main, every: ").append(every).append(" }\n");
    text.append("  cohorts:\n    canary: { selector: ").append(quoted(CANARY)).append(" }\n");
    text.append("    baseline: { selector: ").append(quoted(BASELINE)).append(" }\n  metrics:\n");
    metrics.forEach(m -> entry(text, m));
    text.append("  steps:\n");
    steps.forEach(s -> entry(text, s));
    return text.toString();
  }

  private static void entry(StringBuilder text, Map<String, String> fields) {
    String before = "    - ";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      text.append(before).append(field.getKey()).append(": ").append(field.getValue()).append('\n');
      before = "      ";
    }
  }

  static String quoted(String text) {
    return "'" + text.replaceAll("\\s+", " ").strip().replace("'", "''") + "'";
  }
}
