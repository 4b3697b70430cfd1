package dev.sluice.analyzer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole rollouts against the decisions of the reference implementation. At its pace, counts and
 * histograms are decided alike and at the same look. Means and values have a method of their own:
 * it must not be later, and not alarm where the reference does not.
 */
class ScenarioTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Path> files() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(resource("/stats/scenarios"))) {
      return files.sorted().toList().stream();
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(ScenarioTest.class.getResource(name)).toURI());
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
  void theJudgeDecidesLikeTheReferenceAndAtTheSameLook(Path file) throws Exception {
    Scenario scenario = new Scenario(JSON.readTree(file.toFile()));
    JsonNode expected = reference(scenario.id());
    Judge judge = scenario.start();
    OptionalInt harmAt = OptionalInt.empty();
    OptionalInt safeAt = OptionalInt.empty();
    double logHarm = 0;
    for (int i = 0; i < scenario.looks() && harmAt.isEmpty(); i++) {
      Judgement judgement = judge.look(scenario.look(i), scenario.observed(i), scenario.pods(i));
      logHarm = judgement.logHarm();
      if (i > 0 && scenario.look(i).newStep()) {
        safeAt = OptionalInt.empty();
      }
      harmAt = judgement.harm() ? OptionalInt.of(i + 1) : harmAt;
      safeAt =
          safeAt.isEmpty() && safe(judgement, scenario.gating()) ? OptionalInt.of(i + 1) : safeAt;
      assertCulprits(judgement);
    }
    assertEquals(interval(expected, "safeInterval"), safeAt, "safe");
    OptionalInt due = interval(expected, "harmInterval");
    if (scenario.hasSeries()) {
      assertEquals(due.isPresent(), harmAt.isPresent(), "harm");
      assertTrue(harmAt.orElse(0) <= due.orElse(0), harmAt + " is later than " + due);
    } else {
      assertEquals(due, harmAt, "harm");
      Vectors.assertClose(expected.get("logE").asDouble(), logHarm, "ln E");
    }
  }

  /** The method that means and values had at first, still the source of their intervals. */
  @ParameterizedTest
  @MethodSource("files")
  void theReferencesSeriesProcedureIsReproduced(Path file) throws Exception {
    Scenario scenario = new Scenario(JSON.readTree(file.toFile()));
    JsonNode expected = reference(scenario.id());
    int looks = interval(expected, "harmInterval").orElse(scenario.looks());
    for (Map.Entry<String, Double> series : scenario.referenceSeries(looks).entrySet()) {
      Vectors.assertClose(
          expected.get("metrics").get(series.getKey()).get("logE").asDouble(),
          series.getValue(),
          series.getKey());
    }
  }

  private static void assertCulprits(Judgement judgement) {
    assertEquals(judgement.harm(), !judgement.culprits().isEmpty());
    judgement
        .findings()
        .forEach(
            (id, f) -> {
              if (judgement.culprits().contains(id)) {
                assertTrue(f instanceof Finding.Comparison c && c.harmful(), id);
              }
            });
  }

  private static boolean safe(Judgement judgement, List<String> gating) {
    return !gating.isEmpty()
        && gating.stream()
            .map(judgement.findings()::get)
            .allMatch(f -> f instanceof Finding.Comparison c && c.safe());
  }

  private static OptionalInt interval(JsonNode decision, String name) {
    JsonNode interval = decision.get(name);
    return interval.isNull() ? OptionalInt.empty() : OptionalInt.of(interval.asInt());
  }

  @ParameterizedTest
  @MethodSource("files")
  void aRestoredJudgeGoesOnBitForBit(Path file) throws Exception {
    Scenario scenario = new Scenario(JSON.readTree(file.toFile()));
    Judge live = scenario.start();
    Judge restored = scenario.start();
    for (int i = 0; i < scenario.looks(); i++) {
      restored = Judge.restore(scenario.settings(), scenario.metrics(), restored.snapshot());
      Map<String, Observed> observed = scenario.observed(i);
      assertEquals(
          live.look(scenario.look(i), observed, scenario.pods(i)),
          restored.look(scenario.look(i), observed, scenario.pods(i)));
    }
    assertArrayEquals(live.snapshot(), restored.snapshot());
  }
}
