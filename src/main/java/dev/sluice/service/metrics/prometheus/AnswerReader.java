package dev.sluice.service.metrics.prometheus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.sluice.analyzer.Absence;
import dev.sluice.service.metrics.prometheus.Answer.Series;
import dev.sluice.service.metrics.prometheus.NativeHistogram.Bucket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of the query API as it arrives, piece by piece: nothing waits for the end of the
 * body, so an answer that is too large or not an answer at all is given up at once, and the body
 * itself is never held.
 *
 * <p>Members may come in any order; unknown ones are skipped. Bounds: nesting, length of a name, a
 * text and a number, number of series; the length of the whole is bounded by the caller.
 */
final class AnswerReader {
  private static final int MAX_NESTING = 32;
  private static final int MAX_TEXT = 256 * 1024;
  private static final int MAX_NUMBER = 64;
  private static final int MAX_NOTES = 5;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_TEXT)
                  .maxNameLength(MAX_TEXT)
                  .maxNumberLength(MAX_NUMBER)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** Where in the answer the reader stands. */
  private enum Place {
    TOP,
    DATA,
    RESULT,
    SERIES,
    LABELS,
    POINTS,
    POINT,
    HISTOGRAM_POINTS,
    HISTOGRAM_POINT,
    HISTOGRAM,
    BUCKETS,
    BUCKET,
    WARNINGS,
    IGNORED
  }

  /** What the whole turned out to be. */
  sealed interface Read {
    record Success(Answer answer) implements Read {}

    /** The API's own error. */
    record Failure(String type, String message) implements Read {}
  }

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final int maxSeries;
  private final Deque<Place> places = new ArrayDeque<>();
  private String field = "";
  private boolean complete;

  private String status = "";
  private String errorType = "";
  private String error = "";
  private String resultType = "";
  private final List<String> warnings = new ArrayList<>();
  private final List<Series> series = new ArrayList<>();

  private Map<String, String> labels = new LinkedHashMap<>();
  private Points points = new Points(2);
  private List<NativeHistogram> histograms = new ArrayList<>();
  private List<Bucket> buckets = new ArrayList<>();
  private double count;
  private double time;
  private final double[] bucket = new double[4];
  private int index;
  private int scalarParts;

  AnswerReader(int maxSeries) {
    this.maxSeries = maxSeries;
    try {
      parser = JSON.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException("a parser without input cannot fail to read", e);
    }
    feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  void feed(byte[] bytes) throws Unreadable {
    try {
      feeder.feedInput(bytes, 0, bytes.length);
      drain();
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  Read finish() throws Unreadable {
    feeder.endOfInput();
    try {
      drain();
    } catch (IOException e) {
      throw complete ? notJson(e) : brokenOff();
    }
    if (!complete) {
      throw brokenOff();
    }
    return switch (status) {
      case "success" -> new Read.Success(new Answer(type(), List.copyOf(series), warnings));
      case "error" -> new Read.Failure(errorType, error);
      default ->
          throw new Unreadable(Absence.MALFORMED, "is JSON, but not of the Prometheus query API");
    };
  }

  private static Unreadable brokenOff() {
    return new Unreadable(Absence.MALFORMED, "broke off before its end");
  }

  private static Unreadable notJson(IOException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    boolean bound = e instanceof StreamConstraintsException;
    return new Unreadable(
        Absence.MALFORMED,
        bound
            ? "breaks a bound of this reader: " + message.lines().findFirst().orElse("")
            : "is not JSON");
  }

  private Answer.Type type() throws Unreadable {
    return switch (resultType.toLowerCase(Locale.ROOT)) {
      case "matrix" -> Answer.Type.MATRIX;
      case "vector" -> Answer.Type.VECTOR;
      case "scalar" -> Answer.Type.SCALAR;
      case "string" -> Answer.Type.STRING;
      default ->
          throw new Unreadable(
              Absence.MALFORMED, "has the unknown result type '" + Trouble.shown(resultType) + "'");
    };
  }

  private void drain() throws IOException, Unreadable {
    JsonToken token;
    while ((token = parser.nextToken()) != null && token != JsonToken.NOT_AVAILABLE) {
      switch (token) {
        case FIELD_NAME -> field = parser.currentName();
        case START_OBJECT, START_ARRAY -> open(token == JsonToken.START_OBJECT);
        case END_OBJECT, END_ARRAY -> close();
        case VALUE_STRING -> text(parser.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> text(parser.getText());
        case VALUE_TRUE -> yes();
        case VALUE_FALSE, VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> index++;
      }
    }
  }

  /** VictoriaMetrics has a word of its own for an answer that is not whole. */
  private void yes() {
    if (places.peek() == Place.TOP && field.equals("isPartial")) {
      warnings.add("isPartial is true");
    }
    index++;
  }

  private void open(boolean object) throws Unreadable {
    Place inside = inside(places.peek(), object);
    places.push(inside);
    switch (inside) {
      case SERIES -> begin();
      case HISTOGRAM -> {
        buckets = new ArrayList<>();
        count = Double.NaN;
      }
      case POINT, BUCKET, HISTOGRAM_POINT -> index = 0;
      case RESULT -> points = new Points(1);
      case TOP, DATA, LABELS, POINTS, HISTOGRAM_POINTS, BUCKETS, WARNINGS, IGNORED -> {}
    }
  }

  private void begin() throws Unreadable {
    if (series.size() == maxSeries) {
      throw new Unreadable(Absence.TOO_MANY_SERIES, "holds more than " + maxSeries + " series");
    }
    labels = new LinkedHashMap<>();
    points = new Points(2);
    histograms = new ArrayList<>();
  }

  private Place inside(@Nullable Place at, boolean object) {
    if (at == null) {
      return object ? Place.TOP : Place.IGNORED;
    }
    return switch (at) {
      case TOP ->
          switch (field) {
            case "data" -> object ? Place.DATA : Place.IGNORED;
            case "warnings" -> object ? Place.IGNORED : Place.WARNINGS;
            default -> Place.IGNORED;
          };
      case DATA -> field.equals("result") && !object ? Place.RESULT : Place.IGNORED;
      case RESULT -> object ? Place.SERIES : Place.IGNORED;
      case SERIES ->
          switch (field) {
            case "metric" -> object ? Place.LABELS : Place.IGNORED;
            case "value" -> object ? Place.IGNORED : Place.POINT;
            case "values" -> object ? Place.IGNORED : Place.POINTS;
            case "histogram" -> object ? Place.IGNORED : Place.HISTOGRAM_POINT;
            case "histograms" -> object ? Place.IGNORED : Place.HISTOGRAM_POINTS;
            default -> Place.IGNORED;
          };
      case POINTS -> object ? Place.IGNORED : Place.POINT;
      case HISTOGRAM_POINTS -> object ? Place.IGNORED : Place.HISTOGRAM_POINT;
      case HISTOGRAM_POINT -> object ? Place.HISTOGRAM : Place.IGNORED;
      case HISTOGRAM -> field.equals("buckets") && !object ? Place.BUCKETS : Place.IGNORED;
      case BUCKETS -> object ? Place.IGNORED : Place.BUCKET;
      case LABELS, POINT, BUCKET, WARNINGS, IGNORED -> Place.IGNORED;
    };
  }

  private void close() throws Unreadable {
    switch (places.pop()) {
      case TOP -> complete = true;
      case SERIES -> series.add(new Series(labels, points, histograms));
      case POINT -> requireIndex(2, "a sample");
      case RESULT -> {
        if (scalarParts > 0) {
          series.add(new Series(Map.of(), points, List.of()));
        }
      }
      case BUCKET -> {
        requireIndex(4, "a bucket");
        buckets.add(new Bucket(bucket[1], bucket[2], bucket[3]));
      }
      case HISTOGRAM -> histograms.add(new NativeHistogram(millis(time), count, buckets));
      case DATA, LABELS, POINTS, HISTOGRAM_POINTS, HISTOGRAM_POINT, BUCKETS, WARNINGS, IGNORED -> {}
    }
  }

  private void requireIndex(int wanted, String what) throws Unreadable {
    if (index != wanted) {
      throw new Unreadable(
          Absence.MALFORMED, "has " + what + " of " + index + " parts instead of " + wanted);
    }
  }

  private void text(String text) throws Unreadable {
    Place at = places.peek();
    if (at == null) {
      return;
    }
    switch (at) {
      case TOP -> top(text);
      case DATA -> resultType = field.equals("resultType") ? text : resultType;
      case LABELS -> labels.put(field, text);
      case POINT -> point(text, index++);
      case RESULT -> point(text, scalarParts++);
      case HISTOGRAM_POINT -> time = index++ == 0 ? number(text) : time;
      case HISTOGRAM -> count = field.equals("count") ? number(text) : count;
      case BUCKET -> {
        if (index < bucket.length) {
          bucket[index] = number(text);
        }
        index++;
      }
      case WARNINGS -> {
        if (warnings.size() < MAX_NOTES) {
          warnings.add(Trouble.shown(text));
        }
      }
      case SERIES, POINTS, HISTOGRAM_POINTS, BUCKETS, IGNORED -> {}
    }
  }

  private void top(String text) {
    switch (field) {
      case "status" -> status = text;
      case "errorType" -> errorType = text;
      case "error" -> error = text;
      default -> {}
    }
  }

  private void point(String text, int part) throws Unreadable {
    if (part == 0) {
      time = number(text);
    } else if (part == 1) {
      // A result of type string is a pair too; what it says is of no use here.
      points.add(millis(time), resultType.equals("string") ? Double.NaN : number(text));
    }
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }

  private static double number(String text) throws Unreadable {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  private static double finite(String text) throws Unreadable {
    try {
      if (text.length() <= MAX_NUMBER) {
        return Double.parseDouble(text);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a text that is too long to be a number.
    }
    throw new Unreadable(
        Absence.MALFORMED, "has '" + Trouble.shown(text) + "' where a number belongs");
  }
}
