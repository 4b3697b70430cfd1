package dev.sluice.service.scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.Judge;
import dev.sluice.analyzer.JudgeSettings.Pace;
import dev.sluice.analyzer.Judgement;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole rollouts against the decisions of the reference implementation. */
class ScenarioJudgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TOLERANCE = 1e-9;

  static Stream<Path> files() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(resource("/stats/scenarios"))) {
      return files.sorted().toList().stream();
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(ScenarioJudgeTest.class.getResource(name)).toURI());
  }

  private static Scenario scenario(Path file) {
    return assertInstanceOf(ScenarioReader.Reading.Ok.class, ScenarioReader.read(file)).scenario();
  }

  private static JsonNode reference(String id) throws IOException, URISyntaxException {
    for (String line : Files.readAllLines(resource("/stats/scenarios-reference.jsonl"))) {
      JsonNode decision = JSON.readTree(line);
      if (decision.get("id").asText().equals(id)) {
        return decision;
      }
    }
    throw new IllegalArgumentException(id);
  }

  @ParameterizedTest
  @MethodSource("files")
  void atTheSteadyPaceEveryDecisionIsTheReferencesAtTheSameLook(Path file) throws Exception {
    JsonNode ours =
        JSON.readTree(DecisionLine.of(new ScenarioJudge(Pace.STEADY).judge(scenario(file))));
    JsonNode theirs = reference(ours.get("id").asText());

    for (String exact : List.of("decision", "harmInterval", "safeInterval")) {
      assertEquals(theirs.get(exact), ours.get(exact), exact);
    }
    assertClose(theirs.get("logE"), ours.get("logE"), "logE");
    theirs
        .get("metrics")
        .properties()
        .forEach(m -> assertMetric(m.getValue(), ours.get("metrics").get(m.getKey()), m.getKey()));
  }

  private static void assertMetric(JsonNode theirs, JsonNode ours, String name) {
    assertClose(theirs.get("logE"), ours.get("logE"), name + " logE");
    assertClose(theirs.get("pValue"), ours.get("pValue"), name + " pValue");
    assertEquals(theirs.get("intervals"), ours.get("intervals"), name + " intervals");
    assertEquals(theirs.has("estimate"), ours.has("estimate"), name + " has an estimate");
  }

  private static void assertClose(JsonNode expected, JsonNode actual, String what) {
    double e = expected.asDouble();
    assertEquals(e, actual.asDouble(), TOLERANCE * Math.max(1, Math.abs(e)), what);
  }

  /** The pace of rollouts may be sooner or later by some looks; it invents and misses nothing. */
  @ParameterizedTest
  @MethodSource("files")
  void theSwiftPaceProvesHarmWhereTheReferenceDoesAndNowhereElse(Path file) throws Exception {
    Decided swift = new ScenarioJudge(Pace.SWIFT).judge(scenario(file));

    assertEquals(
        !reference(swift.id()).get("harmInterval").isNull(), swift.harmAt().isPresent(), "harm");
  }

  @ParameterizedTest
  @MethodSource("files")
  void harmAlwaysHasANameAndTheNamedMetricSaysSo(Path file) {
    Scenario scenario = scenario(file);
    for (Pace pace : Pace.values()) {
      Judge judge = new ScenarioJudge(pace).start(scenario);
      for (int i = 0; i < scenario.looks(); i++) {
        assertCulprits(ScenarioJudge.look(judge, scenario, i));
      }
    }
  }

  private static void assertCulprits(Judgement judgement) {
    assertEquals(judgement.harm(), !judgement.culprits().isEmpty());
    for (String culprit : judgement.culprits()) {
      assertTrue(
          judgement.findings().get(culprit) instanceof Finding.Comparison c && c.harmful(),
          culprit);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aRestoredJudgeGoesOnBitForBit(Path file) {
    Scenario scenario = scenario(file);
    for (Pace pace : Pace.values()) {
      Judge live = new ScenarioJudge(pace).start(scenario);
      Judge restored = new ScenarioJudge(pace).start(scenario);
      for (int i = 0; i < scenario.looks(); i++) {
        if (i % 7 == 0) {
          restored =
              Judge.restore(scenario.settings().with(pace), scenario.judged(), restored.snapshot());
        }
        assertEquals(
            ScenarioJudge.look(live, scenario, i), ScenarioJudge.look(restored, scenario, i));
      }
      assertArrayEquals(live.snapshot(), restored.snapshot());
    }
  }

  @Test
  void ofAScenarioWithNothingUsableNothingIsConcluded() throws Exception {
    String gauge =
        """
        {"format":"canary-scenario/1","id":"blind","intervalSeconds":60,
         "metrics":[{"name":"cpu","type":"gauge"}],
         "data":{"cpu":{"c":[1,null,null,null,null,2],"b":[1,1,1,NaN,1,2]}}}""";
    Scenario scenario = ScenarioReaderTest.ok(gauge);

    Decided decided = new ScenarioJudge(Pace.STEADY).judge(scenario);

    assertEquals(Decided.Word.INSUFFICIENT, decided.decision());
    assertEquals(2, Objects.requireNonNull(decided.metrics().get("cpu")).intervals());
  }
}
