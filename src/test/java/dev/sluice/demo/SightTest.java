package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SightTest {

  @Test
  void aRolloutInTheHousesJsonIsUnderstood() throws Exception {
    Sight sight;
    try (InputStream golden = SightTest.class.getResourceAsStream("/json/rollout.json")) {
      sight = Sight.of(JsonMapper.builder().build().readTree(Objects.requireNonNull(golden)));
    }

    assertEquals("baking", sight.stage());
    assertEquals("1pct", sight.step());
    assertEquals(1, sight.desired());
    assertEquals(1, sight.applied());
    assertEquals(OptionalDouble.of(0.0098), sight.observedShare());
    assertEquals(
        List.of(
            new Sight.CheckLine("errors", "INCONCLUSIVE", "The errors cannot be told yet."),
            new Sight.CheckLine("p99", "NO_DATA", "The p99 cannot be told yet.")),
        sight.checks());
    assertEquals(
        Optional.of(new Sight.DecisionLine("PROMOTE", "BY_HAND", 0, 1, "anna went on by hand.")),
        sight.lastDecision());
    assertFalse(sight.ended());
  }
}
