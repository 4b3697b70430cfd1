package dev.sluice.service.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Cohort;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTemplateTest {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private static String fill(String template, String matchers, Map<String, String> vars)
      throws BadQuery {
    return QueryTemplate.fill(template, new Cohort("canary", matchers, vars, Duration.ZERO), LOOK);
  }

  private static String fill(String template) throws BadQuery {
    return fill(template, "service=\"checkout\",v=\"2\"", Map.of());
  }

  private static String refused(String template, String matchers, Map<String, String> vars) {
    return String.valueOf(
        assertThrows(BadQuery.class, () -> fill(template, matchers, vars)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x{$cohort}                | x{a=\"1\",b=\"2\"}",
        "x{ $cohort }              | x{ a=\"1\",b=\"2\" }",
        "x{$cohort,code=\"5\"}     | x{a=\"1\",b=\"2\",code=\"5\"}",
        "x{$cohort, code=\"5\"}    | x{a=\"1\",b=\"2\", code=\"5\"}",
        "x{code=\"5\",$cohort}     | x{code=\"5\",a=\"1\",b=\"2\"}",
        "x{code=\"5\", $cohort ,}  | x{code=\"5\", a=\"1\",b=\"2\" ,}",
        "x{code=\"5\" $cohort}     | x{code=\"5\" ,a=\"1\",b=\"2\"}",
        "x{$cohort code=\"5\"}     | x{a=\"1\",b=\"2\", code=\"5\"}",
        "x{${cohort}}              | x{a=\"1\",b=\"2\"}",
        "sum(x{$cohort})/sum(y{$cohort,k=\"{$\"}) | sum(x{a=\"1\",b=\"2\"})/sum(y{a=\"1\",b=\"2\",k=\"{$\"})",
      })
  void matchersAreInsertedWithTheRightCommas(String template, String expected) throws BadQuery {
    assertEquals(expected, fill(template, "a=\"1\",b=\"2\"", Map.of()));
    assertEquals(expected, fill(template, " a=\"1\",b=\"2\", ", Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x{$cohort}               | x{}",
        "x{$cohort,code=\"5\"}    | x{code=\"5\"}",
        "x{$cohort , code=\"5\"}  | x{ code=\"5\"}",
        "x{code=\"5\",$cohort}    | x{code=\"5\",}",
      })
  void aCohortWithoutMatchersLeavesNoLeadingComma(String template, String expected)
      throws BadQuery {
    assertEquals(expected, fill(template, "", Map.of()));
  }

  @Test
  void aBraceOrACommaWithinQuotesIsNotSyntax() throws BadQuery {
    assertEquals(
        "x{path=\"/a}b,{\\\"c\",a=\"}\"}",
        fill("x{path=\"/a}b,{\\\"c\",$cohort}", "a=\"}\"", Map.of()));
  }

  @Test
  void matchersInQuotesAreRefusedBecauseTheyWouldSilentlyMatchNothing() {
    assertTrue(refused("x{version=\"$cohort\"}", "v=\"2\"", Map.of()).contains("write {$cohort}"));
  }

  @Test
  void matchersOutsideOfBracesAreRefused() {
    assertTrue(refused("x$cohort", "v=\"2\"", Map.of()).contains("x{$cohort}".substring(1)));
    assertTrue(refused("sum by ($cohort) (x)", "v=\"2\"", Map.of()).contains("in braces"));
  }

  @Test
  void matchersThatWouldBreakOutOfTheBracesAreRefused() {
    assertTrue(
        refused("x{$cohort}", "v=\"2\"} or vector(1) #", Map.of()).contains("matchers only"));
    assertTrue(refused("x{$cohort}", "v=\"2", Map.of()).contains("not closed"));
    assertTrue(refused("x{$cohort}", "v=\"2\" # x", Map.of()).contains("matchers only"));
  }

  @Test
  void aVariableInQuotesIsEscapedForThem() throws BadQuery {
    Map<String, String> vars = Map.of("v", "a\"b'c\\d\n");
    assertEquals("x{l=\"a\\\"b'c\\\\d\\n\"}", fill("x{l=\"$v\"}", "", vars));
    assertEquals("x{l='a\"b\\'c\\\\d\\n'}", fill("x{l='${v}'}", "", vars));
    assertEquals("x{l=`a\"b`}", fill("x{l=`$v`}", "", Map.of("v", "a\"b")));
    assertTrue(refused("x{l=`$v`}", "", Map.of("v", "`")).contains("backtick"));
  }

  @Test
  void aVariableOutsideOfQuotesMayOnlyBeANameOrANumber() throws BadQuery {
    assertEquals("x > 0.5", fill("x > $limit", "", Map.of("limit", "0.5")));
    assertTrue(
        refused("x > $limit", "", Map.of("limit", "0 or vector(1)")).contains("put it in quotes"));
  }

  @Test
  void anUnknownVariableIsNamedWithTheKnownOnes() {
    assertEquals(
        "unknown variable $pood, known are $cohort, $pod, $window",
        refused("x{} > $pood", "", Map.of("pod", "p")));
  }

  @Test
  void dollarsOfLabelReplaceStay() throws BadQuery {
    String query = "label_replace(x, \"a\", \"$1-${2}-$name\", \"b\", \"(.*)-(?P<name>.*)$\")";
    assertEquals(query, fill(query));
  }

  @Test
  void theWindowIsADuration() throws BadQuery {
    assertEquals("rate(x[30s])", fill("rate(x[$window])"));
    assertEquals("1500ms", QueryTemplate.duration(Duration.ofMillis(1500)));
    assertEquals("3600s", QueryTemplate.duration(Duration.ofHours(1)));
  }

  @Test
  void commentsAreLeftAlone() throws BadQuery {
    assertEquals(
        "x{v=\"2\"} # \" $cohort\n+ 1", fill("x{$cohort} # \" $cohort\n+ 1", "v=\"2\"", Map.of()));
  }
}
