package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.plan.Metric;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Read them aloud. */
class SentencesTest {

  private static Metric.Common common(String title, Direction direction) {
    return new Metric.Common(
        "m",
        title,
        direction,
        Metric.Role.GUARDRAIL,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  private static Metric ratio(Direction direction) {
    return new Metric.Ratio(common("Error rate", direction), "bad", "all");
  }

  private static Metric quantile(Metric.Unit unit) {
    return new Metric.Quantile(
        common("p99 latency", Direction.HIGHER_IS_WORSE), "seconds", 0.99, unit);
  }

  private static Metric mean(Direction direction) {
    return new Metric.Mean(common("Basket value", direction), "euro", "orders");
  }

  private static Metric rate() {
    return new Metric.Rate(
        common("Orders per request", Direction.LOWER_IS_WORSE), "orders", "requests");
  }

  private static Finding.Comparison compared(
      Effect effect, double canary, double baseline, double canarySize, double baselineSize) {
    return new Finding.Comparison(
        effect,
        canary,
        baseline,
        canarySize,
        baselineSize,
        0,
        0,
        false,
        false,
        Finding.Tier.UNCALIBRATED,
        1);
  }

  @Test
  void aBaselineOfAnotherTimeIsSaid() {
    Finding.Comparison c =
        new Finding.Comparison(
            ratioOf(0.9, 0.9524, 1.01, 1.1),
            0.002,
            0.0021,
            1200,
            9800,
            0,
            0,
            false,
            false,
            Finding.Tier.ANOTHER_PERIOD,
            1);
    assertEquals(
        "Error rate is unclear so far: 0.2 % on the canary, 0.21 % on the baseline; 0.952 times the"
            + " baseline (between 0.9 and 1.01, up to 1.1 is accepted; 1,200 and 9,800 seen). The"
            + " baseline is of another time, so the difference may be the clock's.",
        say(ratio(Direction.HIGHER_IS_WORSE), Check.Kind.BASELINE, Verdict.INCONCLUSIVE, c));
  }

  private static String say(Metric metric, Check.Kind kind, Verdict verdict, Finding finding) {
    return new Sentences(metric, kind).of(verdict, finding);
  }

  private static Effect ratioOf(double lower, double estimate, double upper, double margin) {
    return new Effect(Effect.Scale.RATIO, lower, estimate, upper, margin);
  }

  private static Effect difference(double lower, double estimate, double upper, double margin) {
    return new Effect(Effect.Scale.DIFFERENCE, lower, estimate, upper, margin);
  }

  @Test
  void aRatioThatGotWorse() {
    assertEquals(
        "Error rate is proven worse: 0.31 % on the canary, 0.2 % on the baseline; +0.11 pp (between"
            + " +0.05 pp and +0.17 pp, up to +0.1 pp is accepted; 12,345 and 234,567 seen).",
        say(
            ratio(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.FAIL,
            compared(difference(0.0005, 0.0011, 0.0017, 0.001), 0.0031, 0.002, 12345, 234567)));
  }

  @Test
  void aRatioThatIsSafe() {
    assertEquals(
        "Error rate is proven safe: 0.2 % on the canary, 0.21 % on the baseline; 0.952 times the"
            + " baseline (between 0.9 and 1.01, up to 1.1 is accepted; 1,200,000 and 9,800,000"
            + " seen).",
        say(
            ratio(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.PASS,
            compared(ratioOf(0.9, 0.9524, 1.01, 1.1), 0.002, 0.0021, 1.2e6, 9.8e6)));
  }

  @Test
  void whereLowerIsWorseTheMarginLiesBelow() {
    assertEquals(
        "Orders per request is unclear so far: 0.049 on the canary, 0.05 on the baseline; 0.98"
            + " times the baseline (between 0.9 and 1.07, down to 0.98 is accepted; 500 and 4,500"
            + " seen).",
        say(
            rate(),
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            compared(ratioOf(0.9, 0.98, 1.07, 0.98), 0.049, 0.05, 500, 4500)));
  }

  @Test
  void whereEitherWayIsWorseTheMarginIsADistance() {
    assertEquals(
        "Basket value is proven safe: 41.2 on the canary, 41 on the baseline; 1 times the baseline"
            + " (between 0.99 and 1.02, 3 % either way is accepted; 900 and 8,000 seen).",
        say(
            mean(Direction.EITHER),
            Check.Kind.BASELINE,
            Verdict.PASS,
            compared(ratioOf(0.99, 1.0049, 1.02, 1.03), 41.2, 41, 900, 8000)));
    assertEquals(
        "Basket value is proven worse: 35 on the canary, 41 on the baseline; -6 (between -7.5 and"
            + " -4.5, 1.2 either way is accepted; 900 and 8,000 seen).",
        say(
            mean(Direction.EITHER),
            Check.Kind.BASELINE,
            Verdict.FAIL,
            compared(difference(-7.5, -6, -4.5, 1.2), 35, 41, 900, 8000)));
  }

  @Test
  void aLatencyIsSaidInMillisecondsWhateverItsUnit() {
    Effect effect = difference(0.04, 0.06, 0.08, 0.025);
    String words =
        "p99 latency is proven worse: 310 ms on the canary, 250 ms on the baseline; +60 ms (between"
            + " +40 ms and +80 ms, up to +25 ms is accepted; 1,000 and 9,000 seen).";
    assertEquals(
        words,
        say(
            quantile(Metric.Unit.SECONDS),
            Check.Kind.BASELINE,
            Verdict.FAIL,
            compared(effect, 0.31, 0.25, 1000, 9000)));
    assertEquals(
        words,
        say(
            quantile(Metric.Unit.MILLISECONDS),
            Check.Kind.BASELINE,
            Verdict.FAIL,
            compared(difference(40, 60, 80, 25), 310, 250, 1000, 9000)));
  }

  @Test
  void aVeryLongLatencyIsSaidInSeconds() {
    assertEquals(
        "p99 latency is above its limit: 12.3 s on the canary, at most 10 s is allowed.",
        say(
            quantile(Metric.Unit.SECONDS),
            Check.Kind.MAX,
            Verdict.FAIL,
            compared(new Effect(Effect.Scale.VALUE, 12, 12.3, 13, 10), 12.3, 10, 1000, 0)));
  }

  @Test
  void anIntervalWithoutAnEndSaysOnlyTheOtherOne() {
    assertEquals(
        "Error rate is unclear so far: 1 % on the canary, 0.2 % on the baseline; 5 times the"
            + " baseline (at least 0.8, up to 1.1 is accepted; 200 and 9,000 seen).",
        say(
            ratio(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            compared(ratioOf(0.8, 5, Double.POSITIVE_INFINITY, 1.1), 0.01, 0.002, 200, 9000)));
    assertEquals(
        "Basket value is unclear so far: 41 on the canary, 41 on the baseline; 0 (not bounded yet,"
            + " up to +2 is accepted; 3 and 5 seen).",
        say(
            mean(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            compared(
                difference(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY, 2),
                41,
                41,
                3,
                5)));
    assertEquals(
        "Basket value is unclear so far: 40 on the canary, 41 on the baseline; 0.976 times the"
            + " baseline (at most 3, up to 1.1 is accepted; 3 and 5 seen).",
        say(
            mean(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            compared(ratioOf(0, 0.976, 3, 1.1), 40, 41, 3, 5)));
  }

  @Test
  void limitsAreSaidAsLimits() {
    Finding.Comparison high =
        compared(new Effect(Effect.Scale.VALUE, 0.02, 0.031, 0.04, 0.02), 0.031, 0.02, 5000, 0);
    assertEquals(
        "Error rate is above its limit: 3.1 % on the canary, at most 2 % is allowed.",
        say(ratio(Direction.HIGHER_IS_WORSE), Check.Kind.MAX, Verdict.FAIL, high));
    assertEquals(
        "Orders per request is below its limit: 0.031 on the canary, at least 0.02 is allowed.",
        say(rate(), Check.Kind.MIN, Verdict.FAIL, high));
    assertEquals(
        "Error rate is within its limit: 3.1 % on the canary, at most 2 % is allowed.",
        say(ratio(Direction.HIGHER_IS_WORSE), Check.Kind.MAX, Verdict.PASS, high));
    assertEquals(
        "Error rate is unclear so far: 3.1 % on the canary, at most 2 % is allowed.",
        say(ratio(Direction.HIGHER_IS_WORSE), Check.Kind.MAX, Verdict.INCONCLUSIVE, high));
  }

  @Test
  void whatIsMissingIsSaidByWhoeverMissesIt() {
    assertEquals(
        "Error rate: 3 more looks are needed.",
        say(
            ratio(Direction.HIGHER_IS_WORSE),
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            new Finding.Insufficient(
                Finding.Shortage.LEARNING, "3 more looks are needed.", OptionalLong.of(3), 1, 2)));
  }
}
