package dev.sluice.service.cases;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Observed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Reads files of cases: a JSON list of cases, or one case, plain or gzipped. One case is in memory
 * at a time. A case that cannot be read is named and passed over.
 */
public final class CaseReader {
  static final int MOST_INTERVALS = 1_000_000;

  /**
   * The one word about how a pair was made that a judge may know: whoever compares with an earlier
   * period has written that into the plan.
   */
  private static final String OTHER_PERIOD = "timeShift";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Consumer<CaseReading> into;

  /**
   * @param into called once for every case, in the order of the file
   */
  public CaseReader(Consumer<CaseReading> into) {
    this.into = into;
  }

  /** Reads one file; what stops it half way is reported as broken too. */
  public void read(Path file) {
    int index = 0;
    try (InputStream in = open(file);
        JsonParser json = MAPPER.createParser(in)) {
      JsonToken first = json.nextToken();
      if (first == JsonToken.START_OBJECT) {
        into.accept(one(file, index, json.readValueAsTree()));
      } else if (first == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          into.accept(one(file, index, json.readValueAsTree()));
          index++;
        }
      } else {
        into.accept(broken(file, "is not a JSON list of cases"));
      }
    } catch (JsonProcessingException e) {
      into.accept(
          broken(
              file,
              "breaks off or is not JSON at line %d, column %d, after %d cases: %s"
                  .formatted(
                      e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                      e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                      index,
                      e.getOriginalMessage())));
    } catch (IOException e) {
      into.accept(broken(file, "cannot be read after %d cases: %s".formatted(index, e)));
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file));
    try {
      return file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static CaseReading broken(Path file, String why) {
    return new CaseReading.Broken(file.toString(), why);
  }

  private static CaseReading one(Path file, int index, JsonNode node) {
    String id = node.path("id").asText("");
    String where = file + (id.isEmpty() ? ", case " + (index + 1) : ", case '" + id + "'");
    try {
      return new CaseReading.Ok(read(id, node));
    } catch (IllegalArgumentException e) {
      return new CaseReading.Broken(where, String.valueOf(e.getMessage()));
    }
  }

  private static Case read(String id, JsonNode node) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("has no id");
    }
    JsonNode metric = node.path("metric");
    Case.Type type = type(metric.path("type").asText(""));
    double seconds = node.path("intervalSeconds").asDouble(Double.NaN);
    if (!(seconds > 0 && seconds < 1e9)) {
      throw new IllegalArgumentException(
          "intervalSeconds must be a number above 0, was " + node.path("intervalSeconds"));
    }
    return new Case(
        id,
        type,
        metric.path("name").asText(id),
        direction(metric.path("direction").asText("")),
        Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))),
        node.path("mode").asText("").equals(OTHER_PERIOD),
        looks(type, node.path("baseline"), node.path("canary")));
  }

  private static List<Observed> looks(Case.Type type, JsonNode baseline, JsonNode canary) {
    if (!baseline.isArray() || !canary.isArray()) {
      throw new IllegalArgumentException("needs the lists 'baseline' and 'canary'");
    }
    if (baseline.size() != canary.size()) {
      throw new IllegalArgumentException(
          "has %d intervals of the baseline and %d of the canary; they must be as many"
              .formatted(baseline.size(), canary.size()));
    }
    if (canary.size() > MOST_INTERVALS) {
      throw new IllegalArgumentException(
          "has %d intervals, more than %d".formatted(canary.size(), MOST_INTERVALS));
    }
    List<Observed> looks = new ArrayList<>(canary.size());
    for (int i = 0; i < canary.size(); i++) {
      try {
        looks.add(Elements.look(type, canary.get(i), baseline.get(i)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("interval " + i + ": " + e.getMessage(), e);
      }
    }
    return looks;
  }

  private static Case.Type type(String word) {
    return switch (word) {
      case "gauge" -> Case.Type.GAUGE;
      case "ratio" -> Case.Type.RATIO;
      case "mean" -> Case.Type.MEAN;
      case "histogram" -> Case.Type.HISTOGRAM;
      default ->
          throw new IllegalArgumentException(
              "metric.type must be gauge, ratio, mean or histogram, was '" + word + "'");
    };
  }

  private static Direction direction(String word) {
    return switch (word) {
      case "lower-is-better" -> Direction.HIGHER_IS_WORSE;
      case "higher-is-better" -> Direction.LOWER_IS_WORSE;
      case "either" -> Direction.EITHER;
      default ->
          throw new IllegalArgumentException(
              "metric.direction must be lower-is-better, higher-is-better or either, was '"
                  + word
                  + "'");
    };
  }
}
