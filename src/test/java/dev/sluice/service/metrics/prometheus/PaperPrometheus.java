package dev.sluice.service.metrics.prometheus;

import dev.sluice.service.metrics.prometheus.Answer.Series;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Prometheus in memory that knows two forms of query, raw samples and last_over_time, and
 * matchers with = and =~. For properties that need many thousands of answers; what the real one
 * says is tested with the real one.
 */
final class PaperPrometheus implements Asker {
  private static final Pattern QUERY =
      Pattern.compile("(last_over_time\\()?(\\w*)(?:\\{(.*)})?\\[(\\d+)(ms|s)]\\)?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|=)\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Map<Map<String, String>, NavigableMap<Long, Double>> samples =
      new LinkedHashMap<>();
  private final List<Query> asked = new ArrayList<>();
  private boolean leftOpen;
  private boolean dropsNames;
  private BiFunction<Query, Reply, Reply> edit = (query, reply) -> reply;

  /** From version 3 on, ranges do not contain their left border. */
  PaperPrometheus leftOpen(boolean open) {
    leftOpen = open;
    return this;
  }

  /** Some systems drop the metric's name from what a function returns. */
  PaperPrometheus dropsNames() {
    dropsNames = true;
    return this;
  }

  /** Lets a test change replies. */
  PaperPrometheus edit(BiFunction<Query, Reply, Reply> change) {
    edit = change;
    return this;
  }

  PaperPrometheus put(Map<String, String> labels, long millis, double value) {
    samples.computeIfAbsent(labels, l -> new TreeMap<>()).put(millis, value);
    return this;
  }

  PaperPrometheus put(Map<String, String> labels, Instant time, double value) {
    return put(labels, time.toEpochMilli(), value);
  }

  Map<Map<String, String>, NavigableMap<Long, Double>> samples() {
    return samples;
  }

  List<Query> asked() {
    return asked;
  }

  @Override
  public Future<Reply> ask(Query query) {
    asked.add(query);
    return Future.succeededFuture(edit.apply(query, reply(query)));
  }

  private Reply reply(Query query) {
    Matcher parts = QUERY.matcher(query.promql());
    if (!parts.matches()) {
      throw new AssertionError("this Prometheus is only paper and does not know " + query.promql());
    }
    long length = Long.parseLong(parts.group(4)) * (parts.group(5).equals("s") ? 1000 : 1);
    long to = query.time().toEpochMilli();
    boolean last = parts.group(1) != null;
    List<Series> series = new ArrayList<>();
    samples.forEach(
        (labels, points) -> {
          if (matches(labels, parts.group(2), parts.group(3))) {
            Points inRange = inRange(points, to - length, to, last);
            if (!inRange.isEmpty()) {
              series.add(new Series(shownLabels(labels, last), inRange, List.of()));
            }
          }
        });
    return new Reply.Answered(
        new Answer(last ? Answer.Type.VECTOR : Answer.Type.MATRIX, series, List.of()));
  }

  private Map<String, String> shownLabels(Map<String, String> labels, boolean function) {
    return function && dropsNames ? Labels.nameless(labels) : labels;
  }

  private Points inRange(NavigableMap<Long, Double> points, long from, long to, boolean lastOnly) {
    Points inRange = new Points(4);
    var range = points.subMap(from, !leftOpen, to, true);
    if (lastOnly && !range.isEmpty()) {
      inRange.add(to, range.lastEntry().getValue());
    } else {
      range.forEach(inRange::add);
    }
    return inRange;
  }

  private static boolean matches(Map<String, String> labels, String name, String matchers) {
    boolean matches = name.isEmpty() || name.equals(labels.get(Answer.NAME));
    Matcher matcher = MATCHER.matcher(matchers == null ? "" : matchers);
    while (matcher.find()) {
      String value = labels.getOrDefault(matcher.group(1), "");
      String wanted = matcher.group(3).replace("\\\\", "\\");
      matches &= matcher.group(2).equals("=") ? value.equals(wanted) : value.matches(wanted);
    }
    return matches;
  }

  /** Scrapes one series at even distances. */
  PaperPrometheus every(
      Duration step, Instant from, Instant to, Map<String, String> labels, double perScrape) {
    double value = 0;
    for (Instant t = from; !t.isAfter(to); t = t.plus(step)) {
      put(labels, t, value);
      value += perScrape;
    }
    return this;
  }
}
