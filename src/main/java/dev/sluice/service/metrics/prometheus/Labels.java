package dev.sluice.service.metrics.prometheus;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which series belong together, by their labels. */
final class Labels {
  static final String LE = "le";
  private static final String JOB = "job";
  private static final String INSTANCE = "instance";

  private Labels() {}

  /**
   * What was scraped: one process, as a rule. Without these labels (recording rules, pushed
   * metrics) whatever has none of them counts as one.
   */
  record Target(String job, String instance) {
    boolean known() {
      return !instance.isEmpty();
    }
  }

  static Target target(Map<String, String> labels) {
    return new Target(labels.getOrDefault(JOB, ""), labels.getOrDefault(INSTANCE, ""));
  }

  static Map<String, String> without(Map<String, String> labels, String label) {
    Map<String, String> rest = new HashMap<>(labels);
    rest.remove(label);
    return rest;
  }

  /** The same thing measured twice: sum and count of one histogram. */
  static Map<String, String> nameless(Map<String, String> labels) {
    return without(labels, Answer.NAME);
  }

  /**
   * Whether a series of the target itself ({@code up}, the start time) is about the process this
   * series comes from: it has no label that says otherwise.
   */
  static boolean about(Map<String, String> ofTarget, Map<String, String> series) {
    return ofTarget.entrySet().stream()
        .allMatch(
            l -> l.getKey().equals(Answer.NAME) || l.getValue().equals(series.get(l.getKey())));
  }

  /** As people write a series. */
  static String shown(Map<String, String> labels) {
    StringBuilder text = new StringBuilder(labels.getOrDefault(Answer.NAME, "")).append('{');
    new TreeMap<>(nameless(labels))
        .forEach(
            (name, value) ->
                text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
                    .append(name)
                    .append('=')
                    .append(QueryTemplate.quoted(value)));
    return text.append('}').toString();
  }
}
