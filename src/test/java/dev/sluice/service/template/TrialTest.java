package dev.sluice.service.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrialTest {
  private static final Path SENT = Path.of("test/resources/golden/webhook");

  private static List<Slip> trial(String text, SampleEvents events) {
    Template template =
        assertInstanceOf(Template.Reading.Ok.class, Template.read(text, Escaping.JSON)).template();
    return Trial.of(template, events, true);
  }

  @Test
  void aTemplateThatDoesForEveryEventHasNothingWrong() {
    assertEquals(
        List.of(),
        trial(
            """
            {
              "flag": "{{flag.key}}", "percent": {{to}}, "share": {{share}}, "rest": {{rest}},
              "weights": [{{weight}}, {{restWeight}}], "why": {{json reason}}, "id": "{{event.id}}",
              {{#flag.environment}}"environment": "{{flag.environment}}",{{/flag.environment}}
              {{#disable}}"enabled": false,{{/disable}}
              "checks": [{{#metrics}}"{{id}}"{{^-last}},{{/-last}}{{/metrics}}],
              "token": "${env:TOKEN}"
            }
            """,
            SampleEvents.COMMAND));
  }

  @Test
  void whatIsNotAlwaysThereIsFoundBeforeItIsMissing() {
    Slip slip = trial("{\"e\": \"{{flag.environment}}\"}", SampleEvents.COMMAND).getFirst();

    assertEquals(new Spot(1, 8), slip.spot());
    assertEquals("there is no 'flag.environment' in the event at times", slip.what());
  }

  @Test
  void whatIsNoJsonIsFoundForTheEventThatMakesItSo() {
    Slip slip = trial("{\"to\": {{to}}{{#disable}},{{/disable}}}", SampleEvents.COMMAND).getFirst();

    assertTrue(
        slip.what().startsWith("what it gives for a rollback that disables is no JSON"),
        slip.what());
  }

  @Test
  void aNameOfADecisionIsNotInThePieceOfNewsThatHasNone() {
    assertEquals(1, trial("{\"to\": {{to}}}", SampleEvents.NEWS).size());
    assertEquals(
        List.of(),
        trial("{\"text\": \"{{headline}}\"{{#to}}, \"to\": {{to}}{{/to}}}", SampleEvents.NEWS));
  }

  @Test
  void aMisspeltSectionIsFound() {
    assertEquals(
        "did you mean 'rollback'?",
        trial("{\"x\": 1{{#rolback}}, \"y\": 2{{/rolback}}}", SampleEvents.COMMAND)
            .getFirst()
            .hint());
  }

  @Test
  void linksHaveTheNamesThatPlansGiveThem() {
    assertEquals(
        List.of(),
        trial(
            "{\"x\": 1{{#links.wiki}}, \"y\": \"{{links.wiki}}\"{{/links.wiki}}}",
            SampleEvents.COMMAND));
  }

  /** A sample that lacks what is really sent, or has more, would promise what is not kept. */
  @Test
  void theSamplesHaveWhatIsReallySent() throws IOException {
    try (Stream<Path> files = Files.list(SENT)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        JsonNode sent = JsonMapper.builder().build().readTree(file.toFile());
        SampleEvents kind =
            sent.path("type").asText().startsWith("sluice.decision.")
                ? SampleEvents.COMMAND
                : SampleEvents.NEWS;
        Set<String> names = names(sent);
        Set<String> more = new TreeSet<>(names);
        more.removeAll(names(kind.fullest()));
        more.removeIf(name -> name.startsWith("data.links."));
        Set<String> fewer = names(kind.all().get(kind == SampleEvents.NEWS ? 1 : 3));
        fewer.removeAll(names);

        assertEquals(new TreeSet<String>(), more, file + " has what the full sample lacks");
        assertEquals(new TreeSet<String>(), fewer, file + " lacks what the bare sample has");
      }
    }
  }

  private static Set<String> names(JsonNode event) {
    Set<String> names = new TreeSet<>();
    names("", event, names);
    return names;
  }

  private static void names(String prefix, JsonNode node, Set<String> names) {
    node.properties()
        .forEach(
            entry -> {
              names.add(prefix + entry.getKey());
              names(prefix + entry.getKey() + ".", entry.getValue(), names);
            });
  }
}
