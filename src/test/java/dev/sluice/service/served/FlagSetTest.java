package dev.sluice.service.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.service.notify.Golden;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagSetTest {

  private static ServedFlag flag(String key, double percent) {
    return new ServedFlag(key, new Exposure(percent), "checkout-v2", "users", "checkout-v2-1");
  }

  private static FlagSet set(double percent) {
    return FlagSet.of("shop", List.of(flag("checkout-v2", percent)));
  }

  /** The evaluator that made evaluations.txt read these very files. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1", "1", "10", "50", "100"})
  void theDocumentIsTheOneThatFlagdWasAskedAbout(String percent) {
    Golden.assertEqualsFile(
        "flagd/set-" + percent + ".json", set(Double.parseDouble(percent)).document());
  }

  private static JsonNode definition(FlagSet set) throws Exception {
    return JsonMapper.builder().build().readTree(set.document()).at("/flags/checkout-v2");
  }

  @Test
  void aFlagIsNeverDisabledBecauseThenTheCallersDefaultWouldCount() throws Exception {
    for (double percent : List.of(0.0, 1.0, 100.0)) {
      assertEquals("ENABLED", definition(set(percent)).path("state").asText());
    }
  }

  @Test
  void nobodyAndEverybodyNeedNoTargeting() throws Exception {
    assertFalse(definition(set(0)).has("targeting"));
    assertEquals("off", definition(set(0)).path("defaultVariant").asText());
    assertFalse(definition(set(100)).has("targeting"));
    assertEquals("on", definition(set(100)).path("defaultVariant").asText());
    assertTrue(definition(set(0.001)).has("targeting"));
    assertTrue(definition(set(99.999)).has("targeting"));
  }

  @Test
  void theVersionIsThatOfTheFlagsWhateverOrderTheyCameIn() {
    FlagSet one = FlagSet.of("shop", List.of(flag("a", 1), flag("b", 2)));
    FlagSet other = FlagSet.of("shop", List.of(flag("b", 2), flag("a", 1)));

    assertEquals(one, other);
    assertNotEquals(one.version(), FlagSet.of("shop", List.of(flag("a", 1))).version());
    assertNotEquals(
        one.version(), FlagSet.of("shop", List.of(flag("a", 1), flag("b", 3))).version());
  }

  @Test
  void anUnknownFlagIsNotThere() {
    assertEquals(Optional.empty(), set(10).flag("nope"));
  }
}
