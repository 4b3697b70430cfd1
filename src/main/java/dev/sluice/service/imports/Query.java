package dev.sluice.service.imports;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PromQL of another tool, as a metric of ours. Counters are taken apart where their form is known,
 * because what is counted proves more than what is averaged; all else becomes a {@code value}.
 *
 * @param scale what the other tool multiplies with: 100 for percentages, else 1
 */
record Query(Kind kind, Map<String, String> fields, BigDecimal scale, List<String> dropped) {
  private static final String SELECTOR = "([a-zA-Z_:][\\w:]*\\{[^{}]*})\\s*\\[[^\\]]*]";
  private static final String RATE = "(?:rate|increase|irate)\\(\\s*" + SELECTOR + "\\s*\\)";
  private static final String SUM =
      "sum\\s*(?:by\\s*\\([^)]*\\)\\s*)?\\(\\s*" + RATE + "\\s*\\)(?:\\s*by\\s*\\([^)]*\\))?";
  private static final Pattern RATIO =
      Pattern.compile(
          "\\s*(?:(100)\\s*\\*\\s*)?\\(?\\s*"
              + SUM
              + "\\s*/\\s*"
              + SUM
              + "\\s*\\)?\\s*(?:\\*\\s*(100))?\\s*");
  private static final Pattern QUANTILE =
      Pattern.compile(
          "\\s*histogram_quantile\\(\\s*([0-9.]+)\\s*,\\s*(?:" + SUM + "|" + RATE + ")\\s*\\)\\s*");
  private static final Pattern ANY_SELECTOR =
      Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*\\{([^{}]*)}");
  private static final String RANGE = "\\[(?:__template__|(?:\\d+(?:ms|[smhdwy]))+)]";
  private static final Pattern BARE = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*(?=" + RANGE + ")");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern LONELY =
      Pattern.compile(
          "(?<![\\w.])(?!(?:and|or|unless|bool|offset|by|without|on|ignoring|group_left|group_right|atan2|inf|nan)\\b)"
              + "[a-zA-Z_:][\\w:]*+(?!\\s*[({\\w])",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MATCHER =
      Pattern.compile("\\s*(\\w+)\\s*(?:=~|!~|!=|=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*')\\s*,?");
  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{|\\$\\{|__");

  /** What became of it. */
  enum Kind {
    RATIO,
    QUANTILE,
    VALUE
  }

  /**
   * @return absent where it chooses no series that a cohort could stand in
   */
  static Optional<Query> read(String text) {
    List<String> dropped = new ArrayList<>();
    Optional<String> chosen = cohorts(text.replaceAll("\\s+", " ").strip(), dropped);
    return chosen.map(query -> shaped(query, dropped));
  }

  private static Query shaped(String query, List<String> dropped) {
    Matcher ratio = RATIO.matcher(query);
    if (ratio.matches()) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("above", String.valueOf(ratio.group(2)));
      fields.put("below", String.valueOf(ratio.group(3)));
      boolean percent = ratio.group(1) != null || ratio.group(4) != null;
      return new Query(Kind.RATIO, fields, BigDecimal.valueOf(percent ? 100 : 1), dropped);
    }
    Matcher quantile = QUANTILE.matcher(query);
    if (quantile.matches()) {
      String series = quantile.group(2) == null ? quantile.group(3) : quantile.group(2);
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("histogram", String.valueOf(series).replaceFirst("_bucket\\{", "{"));
      fields.put("quantile", String.valueOf(quantile.group(1)));
      return new Query(Kind.QUANTILE, fields, BigDecimal.ONE, dropped);
    }
    String value = query.replaceAll(RANGE, "[\\$window]");
    return new Query(Kind.VALUE, Map.of("query", value), BigDecimal.ONE, dropped);
  }

  /** Puts $cohort into every selector, in place of the matchers that templates would fill. */
  private static Optional<String> cohorts(String text, List<String> dropped) {
    // Inside of a string a '{' may belong to a template: "{{ target }}". Those are folded first.
    String folded =
        text.replaceAll("\\{\\{[^{}]*}}", "__template__")
            .replaceAll("\\$\\{[^{}]*}", "__template__");
    Matcher selectors = ANY_SELECTOR.matcher(folded);
    StringBuilder out = new StringBuilder();
    boolean found = false;
    while (selectors.find()) {
      found = true;
      String matchers = kept(selectors.group(2), dropped);
      selectors.appendReplacement(
          out,
          Matcher.quoteReplacement(
              selectors.group(1) + "{$cohort" + (matchers.isEmpty() ? "" : "," + matchers) + "}"));
    }
    selectors.appendTail(out);
    String query = out.toString();
    Matcher bare = BARE.matcher(query);
    StringBuilder whole = new StringBuilder();
    while (bare.find()) {
      found = true;
      bare.appendReplacement(whole, Matcher.quoteReplacement(bare.group(1) + "{$cohort}"));
    }
    bare.appendTail(whole);
    query = whole.toString().replaceAll("\\[__template__]", "[5m]");
    return found && everySeriesChosen(query) ? Optional.of(query) : Optional.empty();
  }

  /**
   * Whether all series stand for a cohort. One that does not would be the same on both sides, and
   * hide a regression: then the whole query is better left to a person.
   */
  private static boolean everySeriesChosen(String query) {
    String without = query.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'", "\"\"");
    String bare = GROUPING.matcher(without.replace("{$cohort", "<")).replaceAll("");
    return !TEMPLATE.matcher(query).find()
        && bare.indexOf('{') < 0
        && !LONELY
            .matcher(bare.replaceAll("[\\w:]+\\s*<[^}]*}", " ").replaceAll(RANGE, " "))
            .find();
  }

  private static String kept(String matchers, List<String> dropped) {
    List<String> kept = new ArrayList<>();
    Matcher matcher = MATCHER.matcher(matchers);
    while (matcher.find()) {
      String one = matcher.group().strip().replaceAll(",$", "");
      if (TEMPLATE.matcher(one).find()) {
        dropped.add(one.replace("__template__", "<template>"));
      } else {
        kept.add(one.strip());
      }
    }
    return String.join(",", kept);
  }
}
