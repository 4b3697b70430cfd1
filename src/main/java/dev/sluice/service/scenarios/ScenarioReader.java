package dev.sluice.service.scenarios;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.analyzer.JudgeSettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Reads scenario files: one scenario each, plain or gzipped. A file holds the telemetry itself, not
 * a recipe for it. Whatever is wrong with a file is reported together.
 */
public final class ScenarioReader {
  private static final String FORMAT = "canary-scenario/1";
  private static final int MOST_INTERVALS = 1_000_000;
  private static final int MOST_METRICS = 1000;
  private static final long MOST_BYTES = 512L << 20;

  /** A day; the reference implementation plans for no other length. */
  private static final double HORIZON_SECONDS = 86_400;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MOST_BYTES)
                          .maxNestingDepth(20)
                          .build())
                  .build())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
          .build();

  private ScenarioReader() {}

  /** What came of reading one file. */
  public sealed interface Reading {
    record Ok(Scenario scenario) implements Reading {}

    /**
     * @param problems at least one sentence: where in the file, what is wrong, what is right
     */
    record Broken(List<String> problems) implements Reading {
      public Broken {
        problems = List.copyOf(problems);
      }

      Broken(String problem) {
        this(List.of(problem));
      }
    }
  }

  public static Reading read(Path file) {
    try (InputStream in = open(file)) {
      return read(MAPPER.readTree(in));
    } catch (JsonProcessingException e) {
      return new Reading.Broken(
          "is not whole JSON, at line %d, column %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()));
    } catch (IOException e) {
      return new Reading.Broken("cannot be read: " + e);
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

  static Reading read(JsonNode file) {
    Field root = Field.root(file);
    String format = root.at("format").textOr("");
    if (!format.equals(FORMAT)) {
      return new Reading.Broken(
          "format must be \"" + FORMAT + "\", was " + root.at("format").shown());
    }
    try {
      return scenario(root);
    } catch (Field.Wrong e) {
      return new Reading.Broken(e.sentence());
    }
  }

  private static Reading scenario(Field root) {
    String id = root.at("id").text();
    double seconds = root.at("intervalSeconds").number();
    if (!(seconds > 0 && seconds <= 1e9)) {
      throw root.at("intervalSeconds").wrong("a number of seconds above 0");
    }
    List<Field> metrics = root.at("metrics").list(MOST_METRICS);
    if (metrics.isEmpty()) {
      throw root.at("metrics").wrong("a list with at least one metric");
    }
    List<Scenario.Series> series = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field metric : metrics) {
      try {
        String name = metric.at("name").text();
        if (!names.add(name)) {
          throw metric.at("name").wrong("a name that no other metric has");
        }
        series.add(new SeriesReader(metric, root.at("data").at(name), MOST_INTERVALS).read());
      } catch (Field.Wrong e) {
        problems.add(e.sentence());
      }
    }
    if (!problems.isEmpty()) {
      return new Reading.Broken(problems);
    }
    int looks = series.getFirst().looks().size();
    for (Scenario.Series s : series) {
      if (s.looks().size() != looks || looks == 0) {
        problems.add(
            "data.%s has %d intervals and data.%s has %d; all metrics need as many, and at least one"
                .formatted(
                    series.getFirst().metric().id(), looks, s.metric().id(), s.looks().size()));
      }
    }
    return problems.isEmpty()
        ? new Reading.Ok(new Scenario(id, settings(root), seconds, steps(root), looks, series))
        : new Reading.Broken(problems);
  }

  private static JudgeSettings settings(Field root) {
    double harm = root.at("alphaHarm").numberOr(0.01);
    double safe = root.at("alphaSafe").numberOr(0.05);
    double confirm = root.at("confirm").numberOr(2);
    if (!(harm > 0 && harm <= 0.5)) {
      throw root.at("alphaHarm").wrong("a chance above 0 and at most 0.5");
    }
    if (!(safe > 0 && safe <= 0.5)) {
      throw root.at("alphaSafe").wrong("a chance above 0 and at most 0.5");
    }
    if (!(confirm >= 1 && confirm <= 1e6 && confirm == Math.rint(confirm))) {
      throw root.at("confirm").wrong("a whole number of looks, at least 1");
    }
    return new JudgeSettings(harm, safe, HORIZON_SECONDS, (int) confirm, true, 1);
  }

  private static Set<Integer> steps(Field root) {
    Set<Integer> steps = new HashSet<>();
    if (root.has("steps")) {
      for (Field step : root.at("steps").list(MOST_INTERVALS)) {
        double at = step.number();
        if (!(at >= 0 && at <= Integer.MAX_VALUE && at == Math.rint(at))) {
          throw step.wrong("the index of an interval, from 0");
        }
        steps.add((int) at);
      }
    }
    return steps;
  }
}
