package dev.sluice.service.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Absence;
import dev.sluice.analyzer.Counts;
import dev.sluice.analyzer.Observed;
import dev.sluice.service.scenarios.ScenarioReader.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioReaderTest {
  @TempDir private Path folder;

  private static final String RATE =
      """
      {"format":"canary-scenario/1","id":"r","intervalSeconds":60,"steps":[0,1],
       "metrics":[{"name":"errors","type":"rate","rhoSafe":1.5,"podExposureRatio":0.5}],
       "data":{"errors":{"xc":[1,null,2],"nc":[10,10,10],"xb":[3,3,3],"nb":[90,90,0],
         "podsB":{"x":[[1,2],null,[1,2]],"n":[[40,50],[40,50],[40,50]]},"profile":[1,1.5]}}}""";

  /** Read from a file of its own, as the command does. */
  static Scenario ok(String text) {
    return assertInstanceOf(Reading.Ok.class, read(text)).scenario();
  }

  private static Reading read(String text) {
    try {
      Path file = Files.createTempFile("scenario", ".json");
      try {
        Files.writeString(file, text);
        return ScenarioReader.read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> problems(String text) {
    return assertInstanceOf(Reading.Broken.class, read(text)).problems();
  }

  @Test
  void aRateBecomesCountsWithPodsAndProfile() {
    Scenario scenario = ok(RATE);

    Scenario.Series errors = scenario.metrics().getFirst();
    assertEquals(3, scenario.looks());
    assertEquals(Observed.Seen.of(new Counts(1, 10), new Counts(3, 90)), errors.looks().getFirst());
    assertInstanceOf(Scenario.Learned.Noise.class, errors.learned());
    assertTrue(errors.gating());
    assertEquals(
        List.of(true, false, true), errors.pods().stream().map(p -> p.isPresent()).toList());
    assertEquals(0.5, errors.pods().getFirst().orElseThrow().exposureRatio());
  }

  @Test
  void anIntervalInWhichAnythingIsMissingIsAnAbsence() {
    assertEquals(
        Absence.STALE,
        assertInstanceOf(Observed.Absent.class, ok(RATE).metrics().getFirst().looks().get(1))
            .why());
  }

  @Test
  void aGzippedScenarioIsRead() throws IOException {
    Path file = folder.resolve("one.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(RATE.getBytes(StandardCharsets.UTF_8));
    }

    assertInstanceOf(Reading.Ok.class, ScenarioReader.read(file));
  }

  @Test
  void whatIsWrongIsSaidWithItsPlaceAndWhatIsRight() {
    Map<String, String> wrong =
        Map.of(
            RATE.replace("canary-scenario/1", "canary-scenario/2"),
            "format must be \"canary-scenario/1\", was \"canary-scenario/2\"",
            RATE.replace("\"id\":\"r\",", ""),
            "id must be a text, was not there",
            RATE.replace("\"intervalSeconds\":60", "\"intervalSeconds\":0"),
            "intervalSeconds must be a number of seconds above 0, was 0",
            RATE.replace("\"rate\"", "\"ratio\""),
            "metrics[0].type must be rate, histogram, mean or gauge, was \"ratio\"",
            RATE.replace("[1,null,2]", "[1,\"x\",2]"),
            "data.errors.xc[1] must be a number, was \"x\"",
            RATE.replace("[1,null,2]", "[1,2]"),
            "data.errors.nc has 3 intervals, the lists before it have 2; all of a metric need as many",
            RATE.replace("\"rhoSafe\":1.5", "\"rhoSafe\":0.5"),
            "metrics[0].rhoSafe must be at least 1 where an increase is worse, was 0.5",
            RATE.replace("[1,null,2]", "[-1,null,2]"),
            "data.errors: events must be at least 0, was -1.0",
            RATE.replace("[1,1.5]", "[1,0.5]"),
            "data.errors: a dispersion is finite and at least 1, was 0.5 in [1.0, 0.5]");
    wrong.forEach((text, sentence) -> assertEquals(List.of(sentence), problems(text)));
  }

  @Test
  void everyMetricThatIsWrongIsNamedAtOnce() {
    String two =
        """
        {"format":"canary-scenario/1","id":"two","intervalSeconds":60,
         "metrics":[{"name":"a","type":"gauge","weight":0},{"name":"b","type":"mean","block":0}],
         "data":{"a":{"c":[1],"b":[1]},"b":{"sc":[1],"nc":[1],"sb":[1],"nb":[1]}}}""";

    assertEquals(
        List.of(
            "metrics[0].weight must be a number above 0, was 0",
            "metrics[1].block must be a whole number of intervals, at least 1, was 0"),
        problems(two));
  }

  @Test
  void metricsOfUnequalLengthAreNotPairedUp() {
    String two =
        """
        {"format":"canary-scenario/1","id":"two","intervalSeconds":60,
         "metrics":[{"name":"a","type":"gauge"},{"name":"b","type":"gauge"}],
         "data":{"a":{"c":[1,2],"b":[1,2]},"b":{"c":[1],"b":[1]}}}""";

    assertEquals(
        List.of(
            "data.a has 2 intervals and data.b has 1; all metrics need as many, and at least one"),
        problems(two));
  }

  @Test
  void aFileThatBreaksOffIsNamedWithLineAndColumn() {
    String sentence = problems(RATE.substring(0, RATE.length() - 20)).getFirst();

    assertTrue(sentence.startsWith("is not whole JSON, at line 4, column "), sentence);
  }
}
