package dev.sluice.service.loop;

import dev.sluice.analyzer.Direction;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Tolerance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A plan being written for a test of the loop: 10 %, 50 % and 100 %, half an hour each. */
final class TestPlans {
  String name = "checkout";
  String source = "prod";
  Duration every = Duration.ofMinutes(1);
  Duration settle = Duration.ofSeconds(30);
  Duration atLeast = Duration.ofMinutes(30);
  List<ChangeWindow> windows = List.of();
  Policy.OnRestart onRestart = Policy.OnRestart.RESUME;
  Duration freeze = Duration.ofHours(12);
  boolean dryRun;
  Optional<DeadMan> deadMan = Optional.empty();
  Step.Kind firstKind = Step.Kind.EXPOSE;
  Optional<FlagTarget> flag = Optional.of(flag("checkout-v2"));
  List<Notify> notifications = List.of(new Notify("chat", Optional.empty(), Set.of(), List.of()));
  List<Metric> metrics = List.of(errors(), latency());

  /** Ids of the metrics of the first step; absent: all. */
  Optional<List<String>> firstMetrics = Optional.empty();

  static FlagTarget flag(String key) {
    return new FlagTarget(
        "flags",
        key,
        Optional.of("production"),
        Optional.empty(),
        Optional.empty(),
        FlagTarget.OnDrift.HOLD);
  }

  static Metric errors() {
    return new Metric.Ratio(common("errors", "Error rate"), "bad{$cohort}", "all{$cohort}");
  }

  static Metric latency() {
    return new Metric.Quantile(
        common("p99", "p99 latency"), "seconds{$cohort}", 0.99, Metric.Unit.SECONDS);
  }

  private static Metric.Common common(String id, String title) {
    return new Metric.Common(
        id,
        title,
        Direction.HIGHER_IS_WORSE,
        Metric.Role.GUARDRAIL,
        Optional.of(new Tolerance.Relative(0.2)),
        Optional.empty(),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  private List<String> all() {
    return metrics.stream().map(Metric::id).toList();
  }

  private Step step(
      String id, Step.Kind kind, double percent, List<String> watched, List<ChangeWindow> hours) {
    return new Step(
        id,
        kind,
        new Exposure(percent),
        "canary",
        Optional.of("baseline"),
        atLeast,
        Optional.empty(),
        watched,
        Step.AdvanceWhen.NO_HARM_FOUND,
        Step.OnInconclusive.HOLD,
        Step.OnRegression.ROLLBACK,
        hours,
        List.of(),
        OptionalLong.empty());
  }

  Plan plan() {
    return new Plan(
        name,
        "4f1c0a",
        "",
        "payments",
        Map.of(),
        new Source(source, every, settle),
        Map.of(
            "canary",
            new Cohort("canary", "version=\"2\"", Map.of(), Duration.ZERO),
            "baseline",
            new Cohort("baseline", "version=\"1\"", Map.of(), Duration.ZERO)),
        Optional.of(
            new ExposureRule(
                "all{$cohort}",
                ExposureRule.OnTrouble.HOLD,
                ExposureRule.OnTrouble.HOLD,
                Duration.ofMinutes(5))),
        new Policy(0.01, 0.05, dryRun, onRestart, Optional.empty(), deadMan),
        metrics,
        List.of(
            step("users-10", firstKind, 10, firstMetrics.orElseGet(this::all), windows),
            step("users-50", Step.Kind.EXPOSE, 50, all(), List.of()),
            step("users-100", Step.Kind.EXPOSE, 100, all(), List.of())),
        flag,
        new RollbackRule(Exposure.NONE, RollbackRule.Action.PERCENT, Duration.ofMinutes(2), freeze),
        notifications);
  }
}
