package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SightTest {
  private final JsonMapper json = JsonMapper.builder().build();

  @Test
  void theAnswerOfTheApiIsUnderstood() throws Exception {
    Sight sight =
        Sight.of(
            json.readTree(
                """
                {"id": "checkout-v2-1", "state": "baking", "ended": false, "sentence": "Watching at 1 %.",
                 "step": {"id": "users-1", "number": 1, "of": 5},
                 "exposure": {"desired": 1.0, "applied": 1.0, "observed": 0.98},
                 "checks": [{"id": "errors", "role": "guardrail", "kind": "baseline", "verdict": "inconclusive", "sentence": "Errors is unclear so far."}],
                 "lastDecision": {"sequence": 1, "decision": "promote", "from": 0.0, "to": 1.0,
                                  "sentence": "The rollout begins."}}
                """));

    assertEquals("baking", sight.state());
    assertEquals("users-1", sight.step());
    assertEquals(1, sight.desired());
    assertEquals(1, sight.applied());
    assertEquals(OptionalDouble.of(0.98), sight.observed());
    assertEquals(
        List.of(
            new Sight.CheckLine(
                "errors", "guardrail", "baseline", "inconclusive", "Errors is unclear so far.")),
        sight.checks());
    assertEquals(
        Optional.of(new Sight.DecisionLine(1, "promote", 0, 1, "The rollout begins.")),
        sight.lastDecision());
    assertFalse(sight.ended());
  }

  @Test
  void anAnswerOfAnotherShapeIsNotTakenForARolloutAtZero() throws Exception {
    var other = json.readTree("{\"stage\": {\"type\": \"baking\"}}");
    assertThrows(Trouble.class, () -> Sight.of(other));
  }
}
