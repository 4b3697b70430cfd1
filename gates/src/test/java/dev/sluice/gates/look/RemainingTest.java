package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.gates.plan.Metric;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RemainingTest {
  private static Metric metric(OptionalLong minSamples) {
    return new Metric.Ratio(
        new Metric.Common(
            "m",
            "Error rate",
            Direction.HIGHER_IS_WORSE,
            Metric.Role.GUARDRAIL,
            Optional.empty(),
            Optional.empty(),
            minSamples,
            Metric.OnNoData.HOLD),
        "bad",
        "all");
  }

  private static Finding compared(double canarySize) {
    return new Finding.Comparison(
        new Effect(Effect.Scale.RATIO, 0.9, 1, 1.1, 1.2),
        0.01,
        0.01,
        canarySize,
        9000,
        0,
        0,
        false,
        false,
        Finding.Tier.UNCALIBRATED,
        1);
  }

  private static String said(Outlook outlook) {
    return new Remaining(metric(OptionalLong.empty()), Duration.ofSeconds(30))
        .of(Verdict.INCONCLUSIVE, compared(100), Optional.of(new Ahead(outlook, new Pace(10, 100))))
        .strip();
  }

  @Test
  void theTimeIsSaidNoFinerThanAnEstimateIs() {
    assertEquals("40 s", Remaining.words(Duration.ofSeconds(40)));
    assertEquals("7 min", Remaining.words(Duration.ofSeconds(7 * 60 + 10)));
    assertEquals("35 min", Remaining.words(Duration.ofMinutes(34)));
    assertEquals("3 h", Remaining.words(Duration.ofMinutes(170)));
    assertEquals("5 days", Remaining.words(Duration.ofHours(123)));
    assertEquals(
        "About 3 h more at this traffic, if the canary is no worse than the baseline.",
        said(new Outlook.Looks(360)));
  }

  @Test
  void neverIsSaidWithItsReason() {
    assertEquals(
        "At this traffic it cannot be proven safe within 30 days.", said(new Outlook.Looks(1e6)));
    assertEquals(
        "Without traffic on both cohorts it is never proven safe.",
        said(new Outlook.Never(Outlook.Why.NO_TRAFFIC)));
    assertEquals(
        "While it looks worse than what is accepted it is not proven safe.",
        said(new Outlook.Never(Outlook.Why.LOOKS_WORSE)));
    assertEquals("", said(new Outlook.Unknown()));
  }

  @Test
  void theFirstComparisonAndThePlansLeastNumberHaveTheirTimeToo() {
    Remaining floor = new Remaining(metric(OptionalLong.of(5000)), Duration.ofMinutes(1));
    Optional<Ahead> pace = Optional.of(new Ahead(new Outlook.Proven(), new Pace(20, 100)));
    assertEquals(
        " The plan wants 5,000 samples of the canary and it has 1,400; about 3 h more at this"
            + " traffic.",
        floor.of(Verdict.PASS, compared(1400), pace));
    assertEquals("", floor.of(Verdict.PASS, compared(5000), pace));
    assertEquals(
        " About 12 min more until there is a comparison.",
        floor.of(
            Verdict.INCONCLUSIVE,
            new Finding.Insufficient(Finding.Shortage.LEARNING, "Wait.", OptionalLong.of(12), 0, 0),
            Optional.empty()));
  }
}
