package dev.sluice.gates.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.JudgedMetric;
import dev.sluice.analyzer.Margin;
import dev.sluice.analyzer.MetricTest;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Tolerance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From what a plan says to what is tested, and which tests share an error budget. */
class TestsTest {

  private static Metric.Common common(
      String id, Direction direction, Metric.Role role, Optional<Tolerance> tolerance) {
    return new Metric.Common(
        id,
        id,
        direction,
        role,
        tolerance,
        Optional.of(new Limit(OptionalDouble.of(0.5), OptionalDouble.of(0.1), Duration.ZERO)),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  private static Metric.Common guardrail(String id, Optional<Tolerance> tolerance) {
    return common(id, Direction.LOWER_IS_WORSE, Metric.Role.GUARDRAIL, tolerance);
  }

  @Test
  void aToleranceIsOneLineForBothSides() {
    MetricTest.OfCounts test =
        assertInstanceOf(
            MetricTest.OfCounts.class,
            Tests.againstBaseline(
                new Metric.Ratio(
                    guardrail("m", Optional.of(new Tolerance.Absolute(0.001))), "bad", "all")));
    assertEquals(Margin.absolute(0.001), test.harm());
    assertEquals(Margin.absolute(0.001), test.safe());
    assertEquals(Direction.LOWER_IS_WORSE, test.direction());
  }

  @Test
  void withoutAToleranceSafetyIsWiderThanHarm() {
    MetricTest.OfQuantile test =
        assertInstanceOf(
            MetricTest.OfQuantile.class,
            Tests.againstBaseline(
                new Metric.Quantile(
                    guardrail("m", Optional.empty()), "h", 0.99, Metric.Unit.SECONDS)));
    assertEquals(0.99, test.quantile());
    assertTrue(test.safe().relative() > test.harm().relative());
  }

  @Test
  void everyTypeHasTheTestOfItsArithmetic() {
    Metric.Common c = guardrail("m", Optional.of(new Tolerance.Relative(0.02)));
    assertInstanceOf(
        MetricTest.OfCounts.class, Tests.againstBaseline(new Metric.Rate(c, "a", "b")));
    assertInstanceOf(MetricTest.OfMean.class, Tests.againstBaseline(new Metric.Mean(c, "a", "b")));
    assertInstanceOf(MetricTest.OfValue.class, Tests.againstBaseline(new Metric.Value(c, "q")));
    assertInstanceOf(
        MetricTest.OfValue.class,
        Tests.againstBaseline(new Metric.Pushed(c, "p", Optional.empty())));
  }

  @Test
  void aLimitIsTestedWhereCountsAllowIt() {
    Metric.Common c = guardrail("m", Optional.empty());
    assertEquals(
        Optional.of(new MetricTest.OfCountsAgainstLimit(Direction.HIGHER_IS_WORSE, 0.5)),
        Tests.againstMax(new Metric.Ratio(c, "a", "b")));
    assertEquals(
        Optional.of(new MetricTest.OfCountsAgainstLimit(Direction.LOWER_IS_WORSE, 0.1)),
        Tests.againstMin(new Metric.Rate(c, "a", "b")));
    assertEquals(
        Optional.of(new MetricTest.OfQuantileAgainstLimit(0.9, 0.5)),
        Tests.againstMax(new Metric.Quantile(c, "h", 0.9, Metric.Unit.SECONDS)));
    assertEquals(
        Optional.empty(), Tests.againstMin(new Metric.Quantile(c, "h", 0.9, Metric.Unit.SECONDS)));
    assertEquals(Optional.empty(), Tests.againstMax(new Metric.Value(c, "q")));
    assertEquals(Optional.empty(), Tests.againstMin(new Metric.Mean(c, "a", "b")));
  }

  @Test
  void guardrailsShareOneBudgetAndEveryOtherMetricHasItsOwn() {
    Plan plan =
        Draft.brief()
            .with(
                d ->
                    d.metrics =
                        List.of(
                            Draft.basket(),
                            new Metric.Ratio(guardrail("errors", Optional.empty()), "a", "b"),
                            Draft.latency(),
                            new Metric.Value(
                                common(
                                    "gc",
                                    Direction.HIGHER_IS_WORSE,
                                    Metric.Role.OBSERVE,
                                    Optional.empty()),
                                "q")))
            .plan();

    Map<String, List<JudgedMetric>> panels = Panel.of(plan);

    assertEquals(List.of("basket", Panel.GUARDRAILS, "gc"), List.copyOf(panels.keySet()));
    assertEquals(
        List.of("errors", "errors.max", "errors.min", "p99"), ids(panels.get(Panel.GUARDRAILS)));
    assertEquals(List.of("gc"), ids(panels.get("gc")));
  }

  @Test
  void aBaselineThatIsReadFromThePastIsNotConcurrent() {
    Plan now = Draft.brief().plan();
    Map<String, Cohort> cohorts = new java.util.HashMap<>(now.cohorts());
    cohorts.computeIfPresent(
        "baseline", (n, c) -> new Cohort(n, c.matchers(), c.vars(), Duration.ofDays(7)));
    Plan past =
        new Plan(
            now.name(),
            now.hash(),
            now.description(),
            now.owner(),
            now.links(),
            now.source(),
            cohorts,
            now.exposure(),
            now.policy(),
            now.metrics(),
            now.steps(),
            now.flag(),
            now.rollback(),
            now.notifications());
    String metric = now.steps().getFirst().metrics().getFirst();

    assertTrue(Panel.concurrent(now, metric));
    assertFalse(Panel.concurrent(past, metric));
  }

  private static List<String> ids(@Nullable List<JudgedMetric> panel) {
    return panel == null ? List.of() : panel.stream().map(JudgedMetric::id).toList();
  }
}
