package dev.sluice.service.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.FourEyes;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Metric.Role;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Notify.Topic;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Step.Kind;
import dev.sluice.gates.plan.Tolerance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a plan says arrives in the domain, defaults included. */
class PlanReaderTest {
  private static final PlanReader READER = new PlanReader();
  private static final String MIGRATION =
      Texts.repository("docs/examples/checkout-migration.plan.yaml");
  private static final String BASE = Texts.resource("/plan/base.plan.yaml");

  private static final String SMALLEST =
      """
      apiVersion: sluice/v1
      kind: RolloutPlan
      metadata: { name: small }
      spec:
        source: { prometheus: prod }
        cohorts:
          canary: { selector: '{v="2"}' }
          baseline: { selector: '{v="1"}' }
        metrics:
          - { id: errors, type: ratio, bad: 'e{$cohort}', total: 'r{$cohort}', worseWhen: higher, role: guardrail }
        steps:
          - { id: half, kind: expose, percent: 50 }
      """;

  private static PlanReading.Ok read(String text) {
    PlanReading reading = READER.read(text);
    if (reading instanceof PlanReading.Broken broken) {
      throw new AssertionError(broken.problems().toString());
    }
    return (PlanReading.Ok) reading;
  }

  private static Plan plan(String text) {
    return read(text).plan();
  }

  @Test
  void aPlanKeepsWhatItSaysOfItself() {
    Plan plan = plan(MIGRATION);
    assertEquals("checkout-v2", plan.name());
    assertEquals(
        "Move checkout from the monolith to checkout-v2 with no downtime", plan.description());
    assertEquals("payments", plan.owner());
    assertEquals(Map.of("runbook", "https://wiki.example/checkout-v2/rollback"), plan.links());
    assertEquals(new Source("prod", Duration.ofSeconds(30), Duration.ofSeconds(45)), plan.source());
    assertEquals(
        new Policy(
            0.01,
            0.05,
            false,
            Policy.OnRestart.RESUME,
            Optional.of(FourEyes.NEVER),
            Optional.of(DeadMan.DEFAULT)),
        plan.policy());
  }

  @Test
  void theHashIsThatOfTheText() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(MIGRATION.getBytes(StandardCharsets.UTF_8));
    assertEquals(HexFormat.of().formatHex(digest), plan(MIGRATION).hash());
    assertNotEquals(plan(MIGRATION).hash(), plan(MIGRATION + "\n").hash());
  }

  @Test
  void cohortsHoldTheirMatchersWithoutBraces() {
    Map<String, Cohort> cohorts = plan(MIGRATION).cohorts();
    assertEquals(Set.of("canary", "baseline", "old", "mirrored", "holdback"), cohorts.keySet());
    assertEquals(
        new Cohort("old", "service=\"checkout\",cohort=~\"v1.*\"", Map.of(), Duration.ZERO),
        cohorts.get("old"));
  }

  @Test
  void selectorsAreStoredInOneForm() {
    String text =
        SMALLEST.replace(
            "'{v=\"2\"}'",
            "\"{ v = '2' , path !~ `a\\\\.b`, q!=\\\"say \\\\\\\"hi\\\\\\\"\\\", }\"");
    assertEquals(
        "v=\"2\",path!~\"a\\\\.b\",q!=\"say \\\"hi\\\"\"", plan(text).cohort("canary").matchers());
  }

  @Test
  void everyTypeOfMetricIsRead() {
    Plan plan = plan(MIGRATION);
    assertEquals(
        List.of(
            "shadow-mismatch",
            "db-missing-rows",
            "db-checksum-mismatch",
            "error-rate",
            "p99",
            "orders-per-request",
            "basket-value",
            "gc-pause"),
        plan.metrics().stream().map(Metric::id).toList());
    assertEquals(
        new Metric.Pushed(
            common("db-missing-rows", Role.GUARDRAIL, Direction.HIGHER_IS_WORSE)
                .limit(new Limit(OptionalDouble.of(0), OptionalDouble.empty(), Duration.ZERO))
                .done(),
            "db-verify",
            Optional.of("rowsMissing")),
        plan.metric("db-missing-rows"));
    assertEquals(
        new Metric.Ratio(
            new Metric.Common(
                "error-rate",
                "error-rate",
                Direction.HIGHER_IS_WORSE,
                Role.GUARDRAIL,
                Optional.of(new Tolerance.Absolute(0.001)),
                Optional.of(
                    new Limit(
                        OptionalDouble.of(0.02), OptionalDouble.empty(), Duration.ofMinutes(2))),
                OptionalLong.of(2000),
                Metric.OnNoData.FAIL),
            "http_requests_total{$cohort,code=~\"5..\"}",
            "http_requests_total{$cohort}"),
        plan.metric("error-rate"));
    assertEquals(
        new Metric.Quantile(
            common("p99", Role.GUARDRAIL, Direction.HIGHER_IS_WORSE)
                .title("p99 latency")
                .tolerance(new Tolerance.Relative(0.1))
                .done(),
            "http_request_duration_seconds{$cohort}",
            0.99,
            Metric.Unit.SECONDS),
        plan.metric("p99"));
    assertEquals(
        new Metric.Rate(
            common("orders-per-request", Role.GUARDRAIL, Direction.LOWER_IS_WORSE)
                .tolerance(new Tolerance.Relative(0.02))
                .done(),
            "orders_completed_total{$cohort}",
            "http_requests_total{$cohort,route=\"/checkout\"}"),
        plan.metric("orders-per-request"));
    assertEquals(
        new Metric.Mean(
            common("basket-value", Role.SIGNAL, Direction.EITHER)
                .tolerance(new Tolerance.Relative(0.03))
                .done(),
            "order_value_sum{$cohort}",
            "order_value_count{$cohort}"),
        plan.metric("basket-value"));
    assertEquals(
        new Metric.Value(
            common("gc-pause", Role.OBSERVE, Direction.HIGHER_IS_WORSE).done(),
            "max(rate(jvm_gc_pause_seconds_sum{$cohort}[$window]))"),
        plan.metric("gc-pause"));
  }

  @Test
  void everyKindOfStepIsRead() {
    List<Step> steps = plan(MIGRATION).steps();
    assertEquals(
        List.of(
            Kind.SHADOW,
            Kind.SHADOW,
            Kind.SHADOW,
            Kind.VERIFY,
            Kind.APPROVE,
            Kind.EXPOSE,
            Kind.EXPOSE,
            Kind.EXPOSE,
            Kind.EXPOSE,
            Kind.RETAIN),
        steps.stream().map(Step::kind).toList());
    assertEquals(
        new Step(
            "users-1",
            Kind.EXPOSE,
            new Exposure(1),
            "canary",
            Optional.of("baseline"),
            Duration.ofHours(24),
            Optional.of(Duration.ofHours(48)),
            plan(MIGRATION).metrics().stream().map(Metric::id).toList(),
            Step.AdvanceWhen.NO_HARM_FOUND,
            Step.OnInconclusive.ASK,
            Step.OnRegression.ROLLBACK,
            List.of(
                new ChangeWindow(
                    DayOfWeek.MONDAY, DayOfWeek.THURSDAY, LocalTime.of(9, 0), LocalTime.of(16, 0))),
            List.of(),
            OptionalLong.empty()),
        steps.get(5));
    Step retain = steps.get(9);
    assertEquals(Exposure.ALL, retain.exposure());
    assertEquals(Optional.empty(), retain.baseline());
    assertEquals(Duration.ofDays(3), retain.atLeast());
    assertEquals(Optional.empty(), retain.atMost());
    assertEquals(Step.AdvanceWhen.PROVEN_SAFE, retain.advanceWhen());
  }

  /** Users have seen nothing of mirrored traffic: the approval behind it must not expose them. */
  @Test
  void mirroredTrafficIsNotCarriedIntoStepsThatMoveNobody() {
    List<Step> steps = plan(MIGRATION).steps();
    assertEquals(new Exposure(100), steps.get(2).exposure());
    assertEquals(Exposure.NONE, steps.get(3).exposure());
    assertEquals(Exposure.NONE, steps.get(4).exposure());
  }

  @Test
  void anApprovalGoesOnWatchingWhatTheStepBeforeWatched() {
    Step approval = plan(MIGRATION).steps().get(4);
    assertEquals(List.of("db-missing-rows", "db-checksum-mismatch"), approval.metrics());
    assertEquals(Optional.empty(), approval.baseline());
    assertEquals(List.of("@payments-leads"), approval.approvers());
  }

  @Test
  void anApprovalAtTheBeginningWatchesNothing() {
    Step approval = plan(BASE).steps().getFirst();
    assertEquals(List.of(), approval.metrics());
    assertEquals("canary", approval.canary());
  }

  @Test
  void anApprovalAtTheBeginningNeedsNoCohortsOfItsOwn() {
    String text =
        SMALLEST
            .replace("canary:", "green:")
            .replace("baseline:", "blue:")
            .replace("percent: 50", "percent: 50, canary: green, baseline: blue")
            .replace("  steps:\n", "  steps:\n    - { id: go, kind: approve, approvers: [us] }\n");
    Step approval = plan(text).steps().getFirst();
    assertEquals("green", approval.canary());
    assertEquals(Optional.of("blue"), approval.baseline());
  }

  @Test
  void flagRollbackAndNotificationsAreRead() {
    Plan plan = plan(MIGRATION);
    assertEquals(
        Optional.of(
            new FlagTarget(
                "unleash-prod",
                "checkout-v2",
                Optional.of("production"),
                Optional.of("default"),
                Optional.of("sluice"),
                FlagTarget.OnDrift.HOLD)),
        plan.flag());
    assertEquals(
        new RollbackRule(
            Exposure.NONE,
            RollbackRule.Action.DISABLE,
            Duration.ofMinutes(2),
            Duration.ofHours(12)),
        plan.rollback());
    assertEquals(
        List.of("slack", "pagerduty-payments", "grafana", "decisions-webhook"),
        plan.notifications().stream().map(Notify::sink).toList());
    assertEquals(
        new Notify(
            "pagerduty-payments",
            Optional.empty(),
            Set.of(Topic.ROLLED_BACK, Topic.ROLLBACK_FAILED),
            List.of()),
        plan.notifications().get(1));
    assertTrue(plan.notifications().get(3).wants(Topic.PROGRESS));
    assertEquals(
        Optional.of(
            new ExposureRule(
                "http_requests_total{$cohort}",
                ExposureRule.OnTrouble.HOLD,
                ExposureRule.OnTrouble.HOLD,
                Duration.ofMinutes(15))),
        plan.exposure());
  }

  @Test
  void theSmallestPlanIsFilledWithTheDefaultsOfTheFormat() {
    Plan plan = plan(SMALLEST);
    assertEquals("", plan.description());
    assertEquals("", plan.owner());
    assertEquals(new Source("prod", Duration.ofSeconds(30), Duration.ofSeconds(45)), plan.source());
    assertEquals(Optional.empty(), plan.exposure());
    assertEquals(
        new Policy(
            0.05,
            0.05,
            false,
            Policy.OnRestart.RESUME,
            Optional.of(FourEyes.NEVER),
            Optional.of(DeadMan.DEFAULT)),
        plan.policy());
    assertEquals(Optional.empty(), plan.flag());
    assertEquals(
        new RollbackRule(
            Exposure.NONE, RollbackRule.Action.DISABLE, Duration.ofMinutes(2), Duration.ZERO),
        plan.rollback());
    assertEquals(List.of(), plan.notifications());
    assertEquals(
        common("errors", Role.GUARDRAIL, Direction.HIGHER_IS_WORSE).done(),
        plan.metric("errors").common());
    assertEquals(
        new Step(
            "half",
            Kind.EXPOSE,
            new Exposure(50),
            "canary",
            Optional.of("baseline"),
            Duration.ZERO,
            Optional.empty(),
            List.of("errors"),
            Step.AdvanceWhen.PROVEN_SAFE,
            Step.OnInconclusive.ASK,
            Step.OnRegression.ROLLBACK,
            List.of(),
            List.of(),
            OptionalLong.empty()),
        plan.steps().getFirst());
  }

  @Test
  void timesAreConvertedIntoTheUnitOfTheHistogram() {
    String metric =
        "- { id: errors, type: quantile, histogram: 'd_bucket{$cohort}', quantile: 0.9, unit: ms,"
            + " worseWhen: higher, role: guardrail, tolerance: { absolute: 1500us },"
            + " limit: { max: 0.3s } }";
    String text =
        SMALLEST.replaceAll("- \\{ id: errors.*", java.util.regex.Matcher.quoteReplacement(metric));
    Metric.Quantile quantile = assertInstanceOf(Metric.Quantile.class, plan(text).metric("errors"));
    assertEquals("d{$cohort}", quantile.histogram());
    assertEquals(Optional.of(new Tolerance.Absolute(1.5)), quantile.common().tolerance());
    assertEquals(OptionalDouble.of(300), quantile.common().limit().orElseThrow().max());
  }

  /** A limit that is not understood would protect nobody. */
  @Test
  void everySpellingOfANumberIsTheSameLimit() {
    for (String number : List.of("0.5", ".5", "5e-1", "+0.5", "50%", "'0.5'")) {
      String text =
          SMALLEST.replace("role: guardrail", "role: guardrail, limit: { max: " + number + " }");
      assertEquals(
          OptionalDouble.of(0.5),
          plan(text).metric("errors").common().limit().orElseThrow().max(),
          number);
    }
  }

  @Test
  void aWindowMayCrossMidnightAndTheWeekend() {
    String text =
        SMALLEST.replace(
            "percent: 50", "percent: 50, window: ['fri-mon 22:00-04:00', sun 00:00-00:00]");
    assertEquals(
        List.of(
            new ChangeWindow(
                DayOfWeek.FRIDAY, DayOfWeek.MONDAY, LocalTime.of(22, 0), LocalTime.of(4, 0)),
            new ChangeWindow(
                DayOfWeek.SUNDAY, DayOfWeek.SUNDAY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT)),
        plan(text).steps().getFirst().windows());
  }

  @Test
  void aPlanMayBeWrittenInJson() {
    String json =
        """
        {"apiVersion": "sluice/v1", "kind": "RolloutPlan", "metadata": {"name": "json"},
         "spec": {"source": {"prometheus": "prod"},
          "cohorts": {"canary": {"selector": "{v=\\"2\\"}"}, "baseline": {"selector": "{v=\\"1\\"}"}},
          "metrics": [{"id": "errors", "type": "ratio", "bad": "e{$cohort}", "total": "r{$cohort}",
            "worseWhen": "higher", "role": "guardrail", "minSamples": 2e3}],
          "steps": [{"id": "half", "kind": "expose", "percent": 50.0, "baseline": "baseline"}]}}
        """;
    assertEquals(OptionalLong.of(2000), plan(json).metric("errors").common().minSamples());
  }

  @Test
  void whatRepeatsMayBeWrittenOnce() {
    String steps =
        """
          steps:
            - &level { id: one, kind: expose, percent: 1, hold: &day { atLeast: 1d } }
            - { <<: *level, id: ten, percent: 10 }
            - { id: half, kind: expose, percent: 50, hold: *day }
        """;
    String text = SMALLEST.substring(0, SMALLEST.indexOf("  steps:")) + steps;
    List<Step> read = plan(text).steps();
    assertEquals(List.of("one", "ten", "half"), read.stream().map(Step::id).toList());
    assertEquals(List.of(1.0, 10.0, 50.0), read.stream().map(s -> s.exposure().percent()).toList());
    assertTrue(read.stream().allMatch(s -> s.atLeast().equals(Duration.ofDays(1))));
  }

  @Test
  void whatIsProbablyNotMeantIsRemarked() {
    List<Problem> remarks = read(MIGRATION).remarks();
    assertEquals(1, remarks.size());
    assertEquals(
        "p99 is not judged in step 'keep-old': it has no baseline, and the metric has no limit",
        remarks.getFirst().message());
    assertTrue(remarks.getFirst().line() > 0);
    assertEquals(List.of(), read(BASE).remarks());
  }

  @Test
  void aControlGroupThatMayRunEmptyIsRemarked() {
    String text =
        BASE.replace("      percent: 50\n", "      percent: 50\n      baseline: holdback\n");
    assertEquals(
        List.of(
            "'holdback' is the baseline of lower steps too: make sure that somebody stays in it at 100 %"),
        read(text).remarks().stream().map(Problem::message).toList());
  }

  @Test
  void everybodyCanBeComparedWithThePast() {
    String text = BASE.replace("baseline: holdback", "baseline: lastweek");
    assertEquals(Optional.of("lastweek"), plan(text).steps().get(3).baseline());
  }

  @Test
  void oneReaderServesManyThreads() throws Exception {
    PlanReading alone = READER.read(MIGRATION);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<PlanReading>> readings =
          java.util.Collections.nCopies(40, () -> READER.read(MIGRATION));
      for (Future<PlanReading> reading : pool.invokeAll(readings)) {
        assertEquals(alone, reading.get());
      }
    }
  }

  private static Common common(String id, Role role, Direction worse) {
    return new Common(id, role, worse);
  }

  /** The common part of a metric, with the defaults of the format. */
  private static final class Common {
    private final String id;
    private final Role role;
    private final Direction worse;
    private String title;
    private Optional<Tolerance> tolerance = Optional.empty();
    private Optional<Limit> limit = Optional.empty();

    Common(String id, Role role, Direction worse) {
      this.id = id;
      this.role = role;
      this.worse = worse;
      title = id;
    }

    Common title(String newTitle) {
      title = newTitle;
      return this;
    }

    Common tolerance(Tolerance newTolerance) {
      tolerance = Optional.of(newTolerance);
      return this;
    }

    Common limit(Limit newLimit) {
      limit = Optional.of(newLimit);
      return this;
    }

    Metric.Common done() {
      return new Metric.Common(
          id, title, worse, role, tolerance, limit, OptionalLong.empty(), Metric.OnNoData.HOLD);
    }
  }
}
