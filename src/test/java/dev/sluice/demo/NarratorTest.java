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
      new Sight.CheckLine("errors", "INCONCLUSIVE", "Errors is unclear so far.");
  private static final Sight.CheckLine WORSE =
      new Sight.CheckLine("errors", "FAIL", "Errors is proven worse: 6 % against 0.2 %.");

  private void at(int second, Sight sight, double flagPercent) {
    said.addAll(narrator.see(Duration.ofSeconds(second), sight, flagPercent));
  }

  private static Sight sight(
      String stage,
      double desired,
      double applied,
      long decisions,
      Sight.DecisionLine last,
      Sight.CheckLine... checks) {
    return new Sight(
        stage,
        "users-1",
        desired,
        applied,
        OptionalDouble.of(0.012),
        List.of(checks),
        decisions,
        Optional.of(last));
  }

  @Test
  void aRollbackIsToldFromTheFirstPercentToTheLast() {
    Sight.DecisionLine begun =
        new Sight.DecisionLine("PROMOTE", "STARTED", 0, 1, "The rollout begins.");
    Sight.DecisionLine back =
        new Sight.DecisionLine(
            "ROLL_BACK", "REGRESSION", 1, 0, "Errors is proven worse: 6 % against 0.2 %.");

    at(10, sight("applying", 1, 0, 1, begun), 0);
    at(11, sight("baking", 1, 1, 1, begun), 1);
    at(12, sight("baking", 1, 1, 1, begun, UNCLEAR), 1);
    at(25, sight("baking", 1, 1, 1, begun, UNCLEAR), 1);
    at(30, sight("rollingBack", 0, 1, 2, back, WORSE), 1);
    at(31, sight("rolledBack", 0, 0, 2, back, WORSE), 0);
    at(90, sight("rolledBack", 0, 0, 2, back, WORSE), 0);

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
  void nothingIsSaidTwice() {
    Sight.DecisionLine begun =
        new Sight.DecisionLine("PROMOTE", "STARTED", 0, 1, "The rollout begins.");
    Sight sight = sight("baking", 1, 1, 1, begun, WORSE);

    at(10, sight, 1);
    int first = said.size();
    at(11, sight, 1);

    assertEquals(first, said.size());
  }
}
