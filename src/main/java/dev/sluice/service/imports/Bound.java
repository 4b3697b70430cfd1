package dev.sluice.service.imports;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another tool accepts, with both ends.
 *
 * @param longer how long it must lie beyond; empty where once is enough
 */
record Bound(Optional<BigDecimal> min, Optional<BigDecimal> max, String longer) {
  static final Bound NONE = new Bound(Optional.empty(), Optional.empty(), "");

  private static final Pattern CONDITION =
      Pattern.compile("\\s*result(?:\\[0])?\\s*(<=|<|>=|>)\\s*([0-9.]+)\\s*");
  private static final Pattern GUARD =
      Pattern.compile("\\s*(?:len\\(result\\)\\s*(?:==|>)\\s*0|isNaN\\(result(?:\\[0])?\\))\\s*");

  /**
   * Argo's conditions: one comparison of the first result, beside guards against missing data.
   *
   * @param success whether the condition says what is good
   * @return absent where it says anything else
   */
  static Optional<Bound> ofCondition(String condition, boolean success) {
    Optional<Bound> bound = Optional.empty();
    for (String part : condition.split("&&|\\|\\|", -1)) {
      Matcher comparison = CONDITION.matcher(part);
      if (comparison.matches() && bound.isEmpty()) {
        boolean above = String.valueOf(comparison.group(1)).startsWith(">");
        Optional<BigDecimal> edge = Optional.of(new BigDecimal(comparison.group(2)));
        bound =
            Optional.of(
                above == success
                    ? new Bound(edge, Optional.empty(), "")
                    : new Bound(Optional.empty(), edge, ""));
      } else if (!GUARD.matcher(part).matches()) {
        return Optional.empty();
      }
    }
    return bound;
  }

  Bound and(Bound other) {
    return new Bound(min.or(other::min), max.or(other::max), longer);
  }

  Bound lasting(String duration) {
    return new Bound(min, max, duration);
  }

  boolean any() {
    return min.isPresent() || max.isPresent();
  }

  /** The direction that hurts, as far as a bound says it. */
  String worseWhen() {
    return min.isPresent() && max.isPresent() ? "different" : min.isPresent() ? "lower" : "higher";
  }

  /** Writes a metric with this bound; what does not fit its type goes among what is lost. */
  Map<String, String> metric(Query query, String worseWhen, String role, String id, Draft draft) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> limit = new LinkedHashMap<>();
    switch (query.kind()) {
      case RATIO -> {
        String above = Draft.quoted(String.valueOf(query.fields().get("above")));
        String below = Draft.quoted(String.valueOf(query.fields().get("below")));
        boolean bad = worseWhen.equals("higher");
        fields.put("type", bad ? "ratio" : "rate");
        fields.put(bad ? "bad" : "sum", above);
        fields.put(bad ? "total" : "per", below);
        edge(limit, "min", min, query.scale(), "");
        edge(limit, "max", max, query.scale(), "");
      }
      case QUANTILE -> {
        fields.put("type", "quantile");
        query
            .fields()
            .forEach((k, v) -> fields.put(k, k.equals("histogram") ? Draft.quoted(v) : v));
        edge(limit, "max", max, new BigDecimal("0.001"), "ms");
        if (min.isPresent()) {
          draft.lost("metric " + id + ": a latency has no least value, so its lower bound is gone");
        }
      }
      case VALUE -> {
        fields.put("type", "value");
        fields.put("query", Draft.quoted(String.valueOf(query.fields().get("query"))));
        edge(limit, "min", min, BigDecimal.ONE, "");
        edge(limit, "max", max, BigDecimal.ONE, "");
        if (!longer.isEmpty() && !limit.isEmpty()) {
          limit.put("for", longer);
        }
      }
    }
    if (!longer.isEmpty() && any() && query.kind() != Query.Kind.VALUE) {
      draft.lost(
          "metric "
              + id
              + ": failures for "
              + longer
              + ": what is counted is tested statistically and needs no patience");
    }
    boolean latency = query.kind() == Query.Kind.QUANTILE;
    fields.put("worseWhen", latency ? "higher" : worseWhen);
    fields.put("role", role);
    if (!limit.isEmpty()) {
      fields.put(
          "limit", limit.toString().replace("=", ": ").replace("{", "{ ").replace("}", " }"));
    }
    if (!query.dropped().isEmpty()) {
      draft.lost(
          "metric "
              + id
              + ": the matchers "
              + List.copyOf(new java.util.LinkedHashSet<>(query.dropped()))
              + " chose one side; $cohort stands for them, so the cohorts' selectors have to say it");
    }
    return fields;
  }

  private static void edge(
      Map<String, String> limit,
      String end,
      Optional<BigDecimal> at,
      BigDecimal scale,
      String unit) {
    at.ifPresent(
        value ->
            limit.put(
                end,
                value.divide(scale, 9, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString()
                    + unit));
  }
}
