package dev.sluice.service.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.service.plan.FencedBlocks.Block;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference of plans says what the reader reads. */
class PlanPageTest {
  private static final PlanReader READER = new PlanReader();
  private static final String PAGE = Texts.repository("docs/reference/plan.md");

  /** What the page's parts stand in, one section a line or more, at the depth of the page. */
  private static final String SPEC =
      """
      source: { prometheus: main }
      cohorts:
        canary: { selector: '{v="2"}' }
        baseline: { selector: '{v="1"}' }
        holdback: { selector: '{v="0"}' }
      metrics:
        - { id: error-rate, type: ratio, bad: 'e{$cohort}', total: 'r{$cohort}', worseWhen: higher, role: guardrail, limit: { max: 2% } }
        - { id: p99, type: quantile, histogram: 'h{$cohort}', quantile: 0.99, worseWhen: higher, role: guardrail }
      steps:
        - { id: half, kind: expose, percent: 50 }
      """;

  private static final String HEAD = "apiVersion: sluice/v1\nkind: RolloutPlan\n";

  private static Stream<Block> blocks() {
    return FencedBlocks.of(PAGE).stream().filter(b -> b.kind().startsWith("yaml"));
  }

  @TestFactory
  Stream<DynamicTest> everyBlockIsRead() {
    return blocks()
        .filter(b -> !b.kind().equals("yaml comment"))
        .map(b -> DynamicTest.dynamicTest("line " + b.line(), () -> read(whole(b))));
  }

  private static void read(String text) {
    PlanReading reading = READER.read(text);
    if (reading instanceof PlanReading.Broken broken) {
      throw new AssertionError(broken.problems() + "\n" + text);
    }
  }

  private static String whole(Block block) {
    if (block.kind().equals("yaml")) {
      return block.text();
    }
    assertEquals("yaml fragment", block.kind(), "line " + block.line());
    return block.text().startsWith("metadata:")
        ? HEAD + block.text() + "spec:\n" + SPEC.indent(2)
        : HEAD
            + "metadata: { name: page }\nspec:\n"
            + FencedBlocks.replaced(SPEC, block.text()).indent(2);
  }

  @Test
  void thePageHasBlocks() {
    assertTrue(blocks().count() > 10);
  }

  @Test
  void everyFieldOfTheSchemaIsOnThePage() throws Exception {
    JsonNode schema = JsonMapper.builder().build().readTree(Texts.resource(PlanReader.SCHEMA));
    TreeSet<String> missing = new TreeSet<>();
    for (JsonNode properties : schema.findValues("properties")) {
      properties
          .fieldNames()
          .forEachRemaining(
              field -> {
                boolean there =
                    Stream.of("`" + field + "`", "." + field + "`", "`" + field + ".")
                        .anyMatch(PAGE::contains);
                if (!there) {
                  missing.add(field);
                }
              });
    }
    missing.removeAll(List.of("metadata", "spec"));
    missing.removeIf(section -> PAGE.contains("## spec." + section));
    assertEquals(List.of(), List.copyOf(missing));
  }

  @Test
  void everyWordOfTheSchemaIsOnThePage() throws Exception {
    JsonNode schema = JsonMapper.builder().build().readTree(Texts.resource(PlanReader.SCHEMA));
    TreeSet<String> missing = new TreeSet<>();
    for (JsonNode words : schema.findValues("enum")) {
      words.forEach(word -> missing.add(word.asText()));
    }
    missing.removeIf(word -> PAGE.contains("`" + word + "`"));
    assertEquals(List.of(), List.copyOf(missing));
  }

  @Test
  void everyPlanThatIsShippedIsRead() {
    for (String path :
        List.of(
            "docs/examples/checkout-migration.plan.yaml",
            "src/main/resources/dev/sluice/demo/checkout.plan.yaml")) {
      assertInstanceOf(PlanReading.Ok.class, READER.read(Texts.repository(path)), path);
    }
  }

  /** A page whose example is broken is seen. */
  @Test
  void aBrokenBlockIsSeen() {
    Block block = new Block("yaml fragment", 1, "policy: { falseAlarm: 2 }\n");
    assertInstanceOf(PlanReading.Broken.class, READER.read(whole(block)));
  }
}
