package dev.sluice.service.store;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Observation;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Readiness;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** A plan with one metric of every type, its events of every kind, and the states between them. */
public final class Samples {
  public static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  public static final Actor ANNA = Actor.person("anna");

  private Samples() {}

  public static Plan plan(String name) {
    return new Plan(
        name,
        "4f1c0a",
        "New checkout",
        "team-pay",
        Map.of("runbook", "https://wiki.example/checkout", "dashboard", "https://graphs.example/1"),
        new Source("main", Duration.ofMinutes(1), Duration.ofSeconds(30)),
        Map.of(
            "canary",
            new Cohort("canary", "version=\"2\"", Map.of("pod", "b"), Duration.ZERO),
            "baseline",
            new Cohort("baseline", "version=\"1\"", Map.of(), Duration.ZERO)),
        Optional.of(
            new ExposureRule(
                "http_requests_total{$cohort}",
                ExposureRule.OnTrouble.HOLD,
                ExposureRule.OnTrouble.WARN,
                Duration.ofMinutes(10))),
        new Policy(0.01, 0.05, false, Policy.OnRestart.RESUME, Optional.empty(), Optional.empty()),
        metrics(),
        List.of(step("1pct", 1), step("all", 100)),
        Optional.of(
            new FlagTarget(
                "shop-flags",
                "new-checkout",
                Optional.of("production"),
                Optional.empty(),
                Optional.empty(),
                FlagTarget.OnDrift.HOLD)),
        new RollbackRule(
            Exposure.NONE,
            RollbackRule.Action.PERCENT,
            Duration.ofMinutes(5),
            Duration.ofHours(24)),
        List.of(
            new Notify(
                "team-chat",
                Optional.of("#pay"),
                Set.of(Notify.Topic.STEP, Notify.Topic.REGRESSION, Notify.Topic.COMPLETED),
                List.of("@oncall"))));
  }

  private static List<Metric> metrics() {
    return List.of(
        new Metric.Ratio(
            common("errors", Optional.of(new Tolerance.Absolute(0.001))),
            "bad{$cohort}",
            "all{$cohort}"),
        new Metric.Quantile(
            common("p99", Optional.of(new Tolerance.Relative(0.1))),
            "latency{$cohort}",
            0.99,
            Metric.Unit.SECONDS),
        new Metric.Mean(common("basket", Optional.empty()), "euro{$cohort}", "orders{$cohort}"),
        new Metric.Rate(common("orders", Optional.empty()), "orders{$cohort}", "all{$cohort}"),
        new Metric.Value(common("queue", Optional.empty()), "max(queue{$cohort})"),
        new Metric.Pushed(common("audit", Optional.empty()), "auditor", Optional.of("mismatches")));
  }

  private static Metric.Common common(String id, Optional<Tolerance> tolerance) {
    return new Metric.Common(
        id,
        "The " + id,
        Direction.HIGHER_IS_WORSE,
        Metric.Role.GUARDRAIL,
        tolerance,
        Optional.of(
            new Limit(OptionalDouble.of(0.5), OptionalDouble.empty(), Duration.ofMinutes(5))),
        OptionalLong.of(500),
        Metric.OnNoData.HOLD);
  }

  private static Step step(String id, double percent) {
    return new Step(
        id,
        Step.Kind.EXPOSE,
        new Exposure(percent),
        "canary",
        Optional.of("baseline"),
        Duration.ofHours(24),
        Optional.of(Duration.ofHours(72)),
        List.of("errors", "p99"),
        Step.AdvanceWhen.PROVEN_SAFE,
        Step.OnInconclusive.ASK,
        Step.OnRegression.ROLLBACK,
        List.of(
            new ChangeWindow(
                DayOfWeek.MONDAY, DayOfWeek.THURSDAY, LocalTime.of(9, 0), LocalTime.of(16, 30))),
        List.of("anna", "bert"),
        OptionalLong.empty());
  }

  public static Assessment assessment(long look) {
    Window window = Window.ofLook(START, Duration.ofMinutes(1), look);
    Finding compared =
        new Finding.Comparison(
            new Effect(Effect.Scale.RATIO, 0.25, 1.5, Double.POSITIVE_INFINITY, 1.1),
            0.03,
            0.02,
            1234,
            56789,
            -0.5,
            1.25,
            false,
            false,
            Finding.Tier.UNCALIBRATED,
            1.75);
    Finding lacking =
        new Finding.Insufficient(
            Finding.Shortage.LEARNING, "3 more looks.", OptionalLong.of(3), 12, 345);
    return new Assessment(
        window,
        "1pct",
        List.of(
            check("errors", Verdict.INCONCLUSIVE, compared),
            check("p99", Verdict.NO_DATA, lacking)),
        false,
        -0.5,
        4.605170185988091,
        List.of(),
        Optional.of(0.0098),
        Optional.of(
            new Assessment.TrafficTrouble(
                Assessment.TrafficTrouble.Kind.MISMATCH, "2 % instead of 1 %.")),
        true);
  }

  private static Check check(String id, Verdict verdict, Finding finding) {
    return new Check(
        id,
        id,
        "The " + id,
        Metric.Role.GUARDRAIL,
        Check.Kind.BASELINE,
        verdict,
        "The " + id + " cannot be told yet.",
        finding,
        true,
        0);
  }

  public static Decision decision(RolloutId id, long sequence, Decision.Kind kind) {
    return new Decision(
        id + "-" + sequence,
        sequence,
        kind,
        new Reason(Reason.Code.BY_HAND, "anna went on by hand."),
        "1pct",
        Exposure.NONE,
        new Exposure(1),
        ANNA,
        true,
        START.plusSeconds(2));
  }

  /** One event of every kind, in an order in which a rollout could have them. */
  public static List<Event> events(RolloutId id) {
    Reason reason = new Reason(Reason.Code.NO_TRAFFIC, "The canary gets no traffic.");
    return List.of(
        new Event.Started(ANNA, at(0), Optional.empty()),
        new Event.Decided(decision(id, 1, Decision.Kind.PROMOTE), at(2)),
        new Event.StepEntered(0, new Exposure(1), true, at(2)),
        new Event.ExposureRefused("HTTP 503", at(3)),
        new Event.ExposureApplied(new Exposure(1), at(4)),
        new Event.SourceLost("connection refused", at(60)),
        new Event.SourceBack(at(80)),
        new Event.LookTaken(1, Duration.ofSeconds(56), assessment(1), at(90)),
        new Event.HeldBack(reason, at(91)),
        new Event.Released(at(92)),
        new Event.PausedBy(ANNA, "lunch", at(93)),
        new Event.ResumedBy(ANNA, "", at(94)),
        new Event.ApprovalAsked(reason, at(95)),
        new Event.Approved(ANNA, "looks good", at(96)),
        new Event.RetentionEnding(at(9999), at(97)),
        new Event.Decided(decision(id, 2, Decision.Kind.ROLL_BACK), at(98)),
        new Event.RollbackOverdue(at(400)),
        new Event.RollbackConfirmed(at(401)),
        new Event.Finished(at(402)),
        new Event.AbortedBy(ANNA, "enough", at(403)),
        new Event.SecondAsked(
            new Proposal(ANNA, Proposal.Act.PROMOTE, "hotfix", true, at(404)), at(404)),
        new Event.Extended(ANNA, "little traffic", Duration.ofHours(6), at(22_004), at(405)),
        new Event.RetentionOver(at(406)),
        new Event.Retired(ANNA, "its lease ends", at(407)),
        new Event.ReadinessChanged(
            new Readiness(false, ANNA, "it lags", at(408), Optional.of(at(999))), at(408)),
        new Event.Drifted(new Exposure(25), "carl, by hand", at(409)),
        new Event.DriftEnded(at(410)),
        new Event.Observed(
            ANNA,
            List.of(
                new Observation(
                    "auditor", 7, at(400), Duration.ofMinutes(15), Map.of("mismatches", 0.25))),
            at(411)),
        new Event.EvidenceRenewed("it is of another version", 90, 100, at(412)));
  }

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  /** The state after the first {@code count} of {@link #events}. */
  public static Rollout after(RolloutId id, Plan plan, int count) {
    List<Event> events = events(id);
    Rollout rollout = Evolution.begin(id, plan, (Event.Started) events.get(0));
    for (Event event : events.subList(1, count)) {
      rollout = Evolution.evolve(rollout, event);
    }
    return rollout;
  }

  /** The commit that takes a rollout of {@link #events} from one version to another. */
  public static RolloutStore.Commit commit(
      RolloutId id, int from, int to, RolloutStore.Message... messages) {
    return new RolloutStore.Commit(
        after(id, plan("checkout"), to),
        from,
        new ArrayList<>(events(id).subList(from, to)),
        Optional.empty(),
        List.of(messages));
  }
}
