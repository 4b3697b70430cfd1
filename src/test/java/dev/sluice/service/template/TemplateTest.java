package dev.sluice.service.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final String VALUES =
      """
      {"to": 10, "flag": {"key": "check\\"out/v2"}, "rollback": false, "promote": true, "zero": 0,
       "none": null, "empty": [], "reason": {"code": "safe"}, "half": 0.5,
       "metrics": [{"id": "p99"}, {"id": "errors", "to": 3}], "list": ["a", "b", "c"]}
      """;

  private static JsonNode values() {
    try {
      return JsonMapper.builder().build().readTree(VALUES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Template template(String text, Escaping escaping) {
    return assertInstanceOf(Template.Reading.Ok.class, Template.read(text, escaping), text)
        .template();
  }

  private static Template.Filled filled(String text, Escaping escaping) {
    return template(text, escaping).fill(values(), name -> Optional.of("<" + name + ">"));
  }

  private static String json(String text) {
    return assertInstanceOf(Template.Filled.Ok.class, filled(text, Escaping.JSON)).text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain | plain",
        "{{to}} percent | 10 percent",
        "{{ to }}{{half}} | 100.5",
        "{{flag.key}} | check\\\"out/v2",
        "{{json flag}} | {\"key\":\"check\\\"out/v2\"}",
        "{{json flag.key}} | \"check\\\"out/v2\"",
        "{{#promote}}up{{/promote}}{{^promote}}down{{/promote}} | up",
        "{{#rollback}}up{{/rollback}}{{^rollback}}down{{/rollback}} | down",
        "{{#zero}}zero is a number{{/zero}} | zero is a number",
        "{{#none}}a{{/none}}{{^none}}b{{/none}}{{^empty}}c{{/empty}}{{^nope}}d{{/nope}} | bcd",
        "{{#metrics}}{{id}}={{to}};{{/metrics}} | p99=10;errors=3;",
        "{{#list}}{{.}}{{^-last}},{{/-last}}{{/list}} | a,b,c",
        "{{#flag}}{{key}}{{/flag}} | check\\\"out/v2",
        "{{! nothing of this}}{{to}} | 10",
        "$to }} ${env:KEY} | $to }} <env:KEY>",
      })
  void gapsSectionsAndListsAreFilledIn(String text, String expected) {
    assertEquals(expected, json(text));
  }

  @Test
  void inAFormAndInAnAddressAValueStaysOneValue() {
    assertEquals(
        new Template.Filled.Ok("key=check%22out%2Fv2"), filled("key={{flag.key}}", Escaping.URL));
    assertEquals(new Template.Filled.Ok("check\"out/v2"), filled("{{flag.key}}", Escaping.NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{flag.kye}} | 1 | 1 | there is no 'flag.kye' in the event | did you mean 'flag.key'?",
        "a\\n  {{flag}} | 2 | 3 | 'flag' holds several values | write {{json flag}}, or name one of them",
        "{{#list}}{{somebody}}{{/list}} | 1 | 10 | there is no 'somebody' in the event | known here: empty, flag, flag.key, half, list, metrics, none, promote, reason, reason.code, rollback, to and more",
      })
  void aNameThatIsNotThereIsAMistakeAndNotAnEmptyText(
      String text, int line, int column, String what, String hint) {
    Template.Filled filled = filled(text.replace("\\n", "\n"), Escaping.JSON);

    assertEquals(new Template.Filled.Failed(new Slip(new Spot(line, column), what, hint)), filled);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\\nb {{#x}} | 2 | 3 | the section 'x' is never closed",
        "{{/x}} | 1 | 1 | the section 'x' is closed and was never begun",
        "{{#a}}{{#b}}{{/a}}{{/b}} | 1 | 13 | 'a' is closed where 'b' was begun last",
        "ü {{to | 1 | 3 | '{{' is never closed",
        "{{{to}}} | 1 | 1 | a value cannot be put in unescaped",
        "{{&to}} | 1 | 1 | a value cannot be put in unescaped",
        "{{>other}} | 1 | 1 | there are no partial templates here",
        "{{=<% %>=}} | 1 | 1 | the delimiters cannot be changed",
        "{{}} | 1 | 1 | '' is no name",
        "{{a b}} | 1 | 1 | 'a b' is no name",
        "{{a..b}} | 1 | 1 | 'a..b' is no name",
        "x ${vault:key} | 1 | 3 | '${vault:key}' refers to nothing that is known",
      })
  void mistakesAreFoundWithTheirPlace(String text, int line, int column, String what) {
    List<Slip> slips =
        assertInstanceOf(
                Template.Reading.Broken.class,
                Template.read(text.replace("\\n", "\n"), Escaping.JSON))
            .slips();

    assertEquals(new Spot(line, column), slips.getFirst().spot(), slips.toString());
    assertEquals(what, slips.getFirst().what());
  }

  @Test
  void allMistakesAreFoundAtOnce() {
    assertEquals(
        3,
        assertInstanceOf(
                Template.Reading.Broken.class,
                Template.read("{{{a}}} {{>b}} {{#c}}", Escaping.JSON))
            .slips()
            .size());
  }

  @Test
  void whatAReferenceStandsForIsEscapedAsWell() {
    Template template = template("{\"key\": \"${file:/run/key}\"}", Escaping.JSON);

    assertEquals(Set.of("file:/run/key"), template.references());
    assertEquals(
        new Template.Filled.Ok("{\"key\": \"a\\\"b\"}"),
        template.fill(values(), name -> Optional.of("a\"b")));
    Template.Filled failed = template.fill(values(), name -> Optional.empty());
    assertEquals(
        "'${file:/run/key}' cannot be read",
        assertInstanceOf(Template.Filled.Failed.class, failed).slip().what());
  }

  @Test
  void aValueIsNotReadAsATemplate() throws Exception {
    JsonNode values = JsonMapper.builder().build().readTree("{\"a\":\"{{b}} ${env:X}\",\"b\":1}");

    assertEquals(
        new Template.Filled.Ok("{{b}} ${env:X}"),
        template("{{a}}", Escaping.JSON).fill(values, name -> Optional.of("no")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#list}}{{#list}}{{#list}}{{#list}}{{#list}}{{#list}}{{#list}}{{#list}}{{#list}}{{flag.key}}{{/list}}{{/list}}{{/list}}{{/list}}{{/list}}{{/list}}{{/list}}{{/list}}{{/list}}"
      })
  void aTextThatGrowsWithoutBoundIsStopped(String text) {
    Template.Filled filled = filled(text, Escaping.JSON);

    assertTrue(
        assertInstanceOf(Template.Filled.Failed.class, filled)
            .slip()
            .what()
            .startsWith("the text grows beyond"));
  }

  @Test
  void misspeltSectionsAreFoundThoughTheyGiveNothing() {
    List<Slip> slips =
        template("{{#promote}}x{{/promote}} {{#rolback}}y{{/rolback}}", Escaping.JSON)
            .unknownSections(values());

    assertEquals(
        List.of(
            new Slip(
                new Spot(1, 27), "there is no 'rolback' in the event", "did you mean 'rollback'?")),
        slips);
  }
}
