package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class NarratorTest {
  private final Narrator narrator = new Narrator("checkout-v2");
  private final List<String> said = new ArrayList<>();

  private static final Sight.CheckLine UNCLEAR =
      new Sight.CheckLine(
          "errors", "guardrail", "baseline", "inconclusive", "Errors is unclear so far.");
  private static final Sight.CheckLine WORSE =
      new Sight.CheckLine(
          "errors", "guardrail", "baseline", "fail", "Errors is proven worse: 6 % against 0.2 %.");
  private static final Sight.DecisionLine BEGUN =
      new Sight.DecisionLine(1, "promote", 0, 1, "The rollout begins.");
  private static final Sight.DecisionLine BACK =
      new Sight.DecisionLine(2, "rollBack", 1, 0, WORSE.sentence());

  private void at(int second, double flagPercent, Sight sight) {
    said.addAll(narrator.see(Duration.ofSeconds(second), sight, flagPercent));
  }

  private static Sight sight(
      String state,
      double desired,
      double applied,
      Sight.DecisionLine last,
      Sight.CheckLine... checks) {
    return new Sight(
        state,
        state.equals("rolledBack"),
        "This is " + state + ".",
        "users-1",
        desired,
        applied,
        OptionalDouble.of(1.2),
        List.of(checks),
        Optional.of(last));
  }

  @Test
  void aRollbackIsToldFromTheFirstPercentToTheLast() {
    at(10, 0, sight("applying", 1, 0, BEGUN));
    at(11, 1, sight("baking", 1, 1, BEGUN));
    at(12, 1, sight("baking", 1, 1, BEGUN, UNCLEAR));
    at(25, 1, sight("baking", 1, 1, BEGUN, UNCLEAR));
    at(30, 1, sight("rollingBack", 0, 1, BACK, WORSE));
    at(31, 0, sight("rolledBack", 0, 0, BACK, WORSE));
    at(90, 0, sight("rolledBack", 0, 0, BACK, WORSE));

    assertEquals(
        """
        00:10  DECISION: go on, 0 % -> 1 %. The rollout begins.
        00:11  The flag has obeyed: checkout-v2 is on for 1 % of the users (asked for: 1 %).
        00:25  Watching users-1: asked for 1 %, 1.2 % of the requests seen on the canary.
               Errors is unclear so far.
        00:30  DECISION: ROLL BACK, 1 % -> 0 %. Errors is proven worse: 6 % against 0.2 %.
        00:31  The flag has obeyed: checkout-v2 is on for 0 % of the users (asked for: 0 %).
        00:31  Rolled back: nobody is on the canary any more.""",
        String.join("\n", said));
  }

  @Test
  void whatIsProvenIsToldBeforeTheDecisionThatRestsOnIt() {
    Sight.CheckLine safe =
        new Sight.CheckLine("errors", "guardrail", "baseline", "pass", "Errors is proven safe.");
    Sight.CheckLine limit =
        new Sight.CheckLine(
            "errors.max", "guardrail", "max", "pass", "Errors is within its limit.");
    Sight.DecisionLine on = new Sight.DecisionLine(2, "promote", 1, 1, "All is proven safe.");

    at(11, 1, sight("baking", 1, 1, BEGUN, UNCLEAR));
    at(20, 1, sight("baking", 1, 1, on, safe, limit));

    assertEquals(
        """
        00:11  DECISION: go on, 0 % -> 1 %. The rollout begins.
        00:11  The flag has obeyed: checkout-v2 is on for 1 % of the users (asked for: 1 %).
        00:20  Errors is proven safe.
        00:20  DECISION: go on, still 1 %. All is proven safe.""",
        String.join("\n", said));
  }

  @Test
  void nothingIsSaidTwice() {
    Sight sight = sight("baking", 1, 1, BEGUN, WORSE);

    at(10, 1, sight);
    int first = said.size();
    at(11, 1, sight);

    assertEquals(first, said.size());
  }
}
