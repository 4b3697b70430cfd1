package dev.sluice.service.notify;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
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
import dev.sluice.gates.rollout.Announcements;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Proposal;
import dev.sluice.gates.rollout.Readiness;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** What happens to the rollout of a checkout, as the composer is told it. */
public final class Scenes {
  public static final URI PUBLIC = URI.create("https://sluice.example.com/");
  public static final RolloutId ID = new RolloutId("checkout-v2-20261123t090000-k3");
  public static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
  private static final Actor ANNA = Actor.person("anna");
  private static final Actor BERT = Actor.person("bert");
  private static final Reason NONE = new Reason(Reason.Code.STARTED, "The rollout begins.");

  private Scenes() {}

  /** Every scene by a name for files, in the order of a rollout. */
  public static Map<String, Event> all() {
    Map<String, Event> all = new LinkedHashMap<>();
    all.put("started", new Event.Decided(decision(1, Decision.Kind.PROMOTE, NONE, 0, 1), NOW));
    all.put("promoted", promoted(false));
    all.put("forced", promoted(true));
    all.put("rolls-back", rollsBack());
    all.put("rolled-back", new Event.RollbackConfirmed(NOW));
    all.put("rollback-failed", new Event.RollbackOverdue(NOW));
    all.put("held-signal", new Event.HeldBack(signalWorse(), NOW));
    all.put("held-traffic", new Event.HeldBack(noTraffic(), NOW));
    all.put("inconclusive", new Event.ApprovalAsked(timedOut(), NOW));
    all.put("approval", new Event.ApprovalAsked(approval(), NOW));
    all.put("paused", new Event.PausedBy(ANNA, "lunch & release <freeze>", NOW));
    all.put("flag-refuses", new Event.ExposureRefused("HTTP 503 from unleash-prod.", NOW));
    all.put("blind", new Event.SourceLost("connection refused (prometheus.example:9090).", NOW));
    all.put("retention-ending", new Event.RetentionEnding(NOW.plusSeconds(21_600), NOW));
    all.put("completed", new Event.Finished(NOW));
    all.put(
        "second-person",
        new Event.SecondAsked(
            new Proposal(ANNA, Proposal.Act.PROMOTE, "the spike was our load test", true, NOW),
            NOW));
    all.put(
        "extended",
        new Event.Extended(
            ANNA, "little traffic", Duration.ofHours(6), NOW.plusSeconds(21_600), NOW));
    all.put("retention-over", new Event.RetentionOver(NOW));
    all.put("retired", new Event.Retired(ANNA, "its lease ends", NOW));
    all.put(
        "way-back-closed",
        new Event.ReadinessChanged(
            new Readiness(false, BERT, "the old database lags 4 h", NOW, Optional.empty()), NOW));
    all.put("not-rolled-back", new Event.ApprovalAsked(notReady(), NOW));
    all.put("drifted", new Event.Drifted(new Exposure(25), "carl, in the flag system", NOW));
    all.put(
        "evidence-renewed",
        new Event.EvidenceRenewed("the snapshot has version 3, this judge reads 4", 700, 744, NOW));
    all.put("aborted", new Event.AbortedBy(ANNA, "we ship a fix instead", NOW));
    return all;
  }

  private static Event promoted(boolean forced) {
    Reason reason =
        forced
            ? new Reason(Reason.Code.BY_HAND, "anna went on by hand: the spike was our load test")
            : new Reason(
                Reason.Code.PROVEN_SAFE,
                "Every guardrail is proven safe at 10 % after 6 h 12 min.");
    Decision d = decision(3, Decision.Kind.PROMOTE, reason, 10, 50);
    Actor actor = forced ? ANNA : Actor.ENGINE;
    return new Event.Decided(
        new Decision(d.id(), 3, d.kind(), reason, "users-10", d.from(), d.to(), actor, forced, NOW),
        NOW);
  }

  private static Event rollsBack() {
    Reason reason =
        new Reason(
            Reason.Code.REGRESSION,
            "Error rate is proven worse: 0.610 % against 0.190 % in the baseline (by 0.420 %, between 0.210 % and 0.630 %, accepted up to 0.100 %, 184,200 and 183,950 seen).");
    return new Event.Decided(decision(3, Decision.Kind.ROLL_BACK, reason, 10, 0), NOW);
  }

  private static Reason signalWorse() {
    return new Reason(Reason.Code.SIGNAL_WORSE, "Basket value is proven worse: 41.2 against 44.9.");
  }

  private static Reason noTraffic() {
    return new Reason(
        Reason.Code.NO_TRAFFIC,
        "The canary gets no traffic: about 1480 requests were due at 10 % and none came. Check the flag and the canary's labels.");
  }

  private static Reason notReady() {
    return new Reason(
        Reason.Code.NOT_READY,
        "Error rate is proven worse: 0.610 % against 0.190 %. It is not taken back by itself, because"
            + " the old system is not ready since 2026-11-22T10:00:00Z: the old database lags 4 h."
            + " Roll back by hand, or repair the canary.");
  }

  private static Reason timedOut() {
    return new Reason(
        Reason.Code.TIMED_OUT, "No answer within 2 d. p99 latency is unclear so far: 190 ms.");
  }

  private static Reason approval() {
    return new Reason(
        Reason.Code.APPROVAL_NEEDED,
        "Step users-10 has found no harm and waits for a person to say go.");
  }

  private static Decision decision(
      long sequence, Decision.Kind kind, Reason reason, double from, double to) {
    return new Decision(
        ID + "-" + sequence,
        sequence,
        kind,
        reason,
        sequence == 1 ? "users-1" : "users-10",
        new Exposure(from),
        new Exposure(to),
        sequence == 1 ? ANNA : Actor.ENGINE,
        false,
        NOW);
  }

  /** Everything that is sent because of a scene. */
  public static List<Outgoing> outgoing(String scene) {
    Event event = Objects.requireNonNull(all().get(scene), scene);
    return Announcements.of(event, rollout(scene, event));
  }

  /** The one message of a scene to the sink with this name. */
  public static Outgoing.Announce news(String scene, String sink) {
    return outgoing(scene).stream()
        .filter(Outgoing.Announce.class::isInstance)
        .map(Outgoing.Announce.class::cast)
        .filter(n -> n.to().sink().equals(sink))
        .findFirst()
        .orElseThrow();
  }

  private static Rollout rollout(String scene, Event event) {
    boolean first = scene.equals("started");
    boolean last =
        Set.of("retention-ending", "completed", "retention-over", "retired", "not-rolled-back")
            .contains(scene);
    Plan plan = plan();
    int step = first ? 0 : last ? 3 : 1;
    Exposure applied = first ? Exposure.NONE : plan.steps().get(step).exposure();
    boolean refused = scene.equals("flag-refuses");
    Optional<Decision> decided =
        event instanceof Event.Decided d
            ? Optional.of(d.decision())
            : scene.startsWith("roll") ? Optional.of(back()) : Optional.empty();
    return new Rollout(
        ID,
        plan,
        118,
        Instant.parse("2026-11-22T08:00:00Z"),
        ANNA,
        step,
        stage(scene),
        NOW.minusSeconds(22_500),
        refused ? Optional.empty() : Optional.of(NOW.minusSeconds(22_400)),
        Optional.empty(),
        first || refused ? Duration.ZERO : Duration.ofMinutes(372),
        744,
        740,
        scene.startsWith("roll") ? Exposure.NONE : applied,
        refused ? new Exposure(1) : scene.equals("rolled-back") ? Exposure.NONE : applied,
        3,
        decided,
        first ? Optional.empty() : Optional.of(assessment(scene, plan)),
        Set.of(),
        false,
        Optional.empty(),
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Decision back() {
    return decision(
        3, Decision.Kind.ROLL_BACK, new Reason(Reason.Code.REGRESSION, "Worse."), 10, 0);
  }

  private static Stage stage(String scene) {
    Decision back = back();
    return switch (scene) {
      case "rolls-back" -> new Stage.RollingBack(back, NOW, false);
      case "rollback-failed" -> new Stage.RollingBack(back, NOW.minusSeconds(125), true);
      case "rolled-back" -> new Stage.RolledBack(back, NOW);
      case "retention-over" -> new Stage.RetireReady(NOW);
      case "not-rolled-back" -> new Stage.AwaitingApproval(notReady(), NOW);
      case "completed" -> new Stage.Completed(NOW);
      case "aborted" -> new Stage.Aborted(ANNA, "we ship a fix instead", NOW);
      case "flag-refuses" -> new Stage.Applying(NOW.minusSeconds(60), Optional.of("HTTP 503"));
      default -> new Stage.Baking();
    };
  }

  public static Plan plan() {
    return new Plan(
        "checkout-v2",
        "9d2f61c0b7e84a55a0c1f3d2e4b5a697",
        "Move checkout from the monolith to checkout-v2",
        "payments",
        Map.of(
            "runbook",
            "https://wiki.example/checkout-v2/rollback?tab=1&x=2",
            "dashboard",
            "https://graphs.example/d/checkout"),
        new Source("prod", Duration.ofSeconds(30), Duration.ofSeconds(45)),
        Map.of(
            "canary",
            new Cohort("canary", "version=\"2\"", Map.of(), Duration.ZERO),
            "baseline",
            new Cohort("baseline", "version=\"1\"", Map.of(), Duration.ZERO)),
        Optional.empty(),
        new Policy(0.01, 0.05, false, Policy.OnRestart.RESUME, Optional.empty(), Optional.empty()),
        metrics(),
        List.of(
            step("users-1", Step.Kind.EXPOSE, 1, 24, 48),
            step("users-10", Step.Kind.EXPOSE, 10, 6, 48),
            step("users-50", Step.Kind.EXPOSE, 50, 6, 48),
            step("keep-old", Step.Kind.RETAIN, 100, 72, 0)),
        Optional.of(
            new FlagTarget(
                "unleash-prod",
                "checkout-v2",
                Optional.of("production"),
                Optional.empty(),
                Optional.of("sluice"),
                FlagTarget.OnDrift.HOLD)),
        new RollbackRule(
            Exposure.NONE,
            RollbackRule.Action.DISABLE,
            Duration.ofMinutes(2),
            Duration.ofHours(12)),
        List.of(
            new Notify(
                "slack",
                Optional.of("#payments-rollouts"),
                Set.of(),
                List.of("S0PAYMENTS", "@anna")),
            new Notify("machines", Optional.empty(), Set.of(), List.of())));
  }

  private static List<Metric> metrics() {
    return List.of(
        new Metric.Ratio(
            common(
                "error-rate",
                "Error rate",
                Direction.HIGHER_IS_WORSE,
                Metric.Role.GUARDRAIL,
                new Tolerance.Absolute(0.001)),
            "bad{$cohort}",
            "all{$cohort}"),
        new Metric.Quantile(
            common(
                "p99",
                "p99 latency",
                Direction.HIGHER_IS_WORSE,
                Metric.Role.GUARDRAIL,
                new Tolerance.Relative(0.1)),
            "latency{$cohort}",
            0.99,
            Metric.Unit.SECONDS),
        new Metric.Rate(
            common(
                "orders",
                "Orders per request",
                Direction.LOWER_IS_WORSE,
                Metric.Role.GUARDRAIL,
                new Tolerance.Relative(0.02)),
            "orders{$cohort}",
            "all{$cohort}"),
        new Metric.Mean(
            common(
                "basket",
                "Basket value",
                Direction.EITHER,
                Metric.Role.SIGNAL,
                new Tolerance.Relative(0.03)),
            "euro{$cohort}",
            "orders{$cohort}"),
        new Metric.Value(
            common(
                "gc-pause",
                "GC pause",
                Direction.HIGHER_IS_WORSE,
                Metric.Role.OBSERVE,
                new Tolerance.Relative(0.5)),
            "max(gc{$cohort})"));
  }

  private static Metric.Common common(
      String id, String title, Direction worse, Metric.Role role, Tolerance tolerance) {
    return new Metric.Common(
        id,
        title,
        worse,
        role,
        Optional.of(tolerance),
        id.equals("error-rate")
            ? Optional.of(new Limit(OptionalDouble.of(0.02), OptionalDouble.empty(), Duration.ZERO))
            : Optional.empty(),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  private static Step step(String id, Step.Kind kind, double percent, int atLeast, int atMost) {
    return new Step(
        id,
        kind,
        new Exposure(percent),
        "canary",
        Optional.of("baseline"),
        Duration.ofHours(atLeast),
        atMost == 0 ? Optional.empty() : Optional.of(Duration.ofHours(atMost)),
        List.of("error-rate", "p99", "orders", "basket", "gc-pause"),
        Step.AdvanceWhen.PROVEN_SAFE,
        Step.OnInconclusive.ASK,
        Step.OnRegression.ROLLBACK,
        List.of(),
        List.of("@payments-leads"),
        OptionalLong.empty());
  }

  private static Assessment assessment(String scene, Plan plan) {
    boolean harm = scene.startsWith("roll");
    boolean unclear = scene.equals("inconclusive");
    boolean signal = scene.equals("held-signal");
    Verdict errors = harm ? Verdict.FAIL : Verdict.PASS;
    Verdict latency = unclear ? Verdict.INCONCLUSIVE : Verdict.PASS;
    Verdict basket = signal ? Verdict.FAIL : Verdict.PASS;
    return new Assessment(
        new Window(NOW.minusSeconds(75), NOW.minusSeconds(45)),
        "users-10",
        List.of(
            check(plan, "error-rate", Check.Kind.BASELINE, errors, errors(harm)),
            check(plan, "error-rate", Check.Kind.MAX, Verdict.PASS, errorLimit(harm)),
            check(plan, "p99", Check.Kind.BASELINE, latency, latency(unclear)),
            check(
                plan,
                "orders",
                Check.Kind.BASELINE,
                unclear ? Verdict.INCONCLUSIVE : Verdict.PASS,
                unclear ? learning() : orders()),
            check(plan, "basket", Check.Kind.BASELINE, basket, basket(signal)),
            check(plan, "gc-pause", Check.Kind.BASELINE, Verdict.NO_DATA, noData())),
        harm,
        harm ? 7.1 : -2.3,
        4.605170185988091,
        harm ? List.of("error-rate") : List.of(),
        Optional.of(0.0998),
        Optional.empty(),
        true);
  }

  private static Check check(
      Plan plan, String metric, Check.Kind kind, Verdict verdict, Finding finding) {
    String title = plan.metric(metric).common().title();
    return new Check(
        kind == Check.Kind.MAX ? metric + ".max" : metric,
        metric,
        title,
        plan.metric(metric).role(),
        kind,
        verdict,
        verdict == Verdict.NO_DATA
            ? title + ": the query gave no series for the canary."
            : title + " as its numbers show.",
        finding,
        true,
        verdict == Verdict.NO_DATA ? 12 : 0);
  }

  private static Finding errors(boolean worse) {
    return worse
        ? compared(Effect.Scale.DIFFERENCE, 0.0021, 0.0042, 0.0063, 0.001, 0.0061, 0.0019)
        : compared(Effect.Scale.DIFFERENCE, -0.0004, 0.0001, 0.0006, 0.001, 0.002, 0.0019);
  }

  private static Finding errorLimit(boolean worse) {
    double rate = worse ? 0.0061 : 0.002;
    return new Finding.Comparison(
        new Effect(Effect.Scale.VALUE, rate * 0.8, rate, rate * 1.25, 0.02),
        rate,
        0.02,
        184_200,
        0,
        -9,
        9,
        false,
        true,
        Finding.Tier.EXACT,
        1);
  }

  private static Finding latency(boolean unclear) {
    return unclear
        ? compared(Effect.Scale.RATIO, 0.98, 1.055, 1.14, 1.1, 0.19, 0.18)
        : compared(Effect.Scale.RATIO, 0.96, 1.01, 1.06, 1.1, 0.182, 0.18);
  }

  private static Finding orders() {
    return compared(Effect.Scale.RATIO, 0.985, 0.999, 1.013, 0.98, 0.0412, 0.0413);
  }

  private static Finding learning() {
    return new Finding.Insufficient(
        Finding.Shortage.TOO_FEW,
        "Too few orders on the canary so far.",
        OptionalLong.of(1080),
        412,
        409);
  }

  private static Finding basket(boolean worse) {
    return worse
        ? compared(Effect.Scale.RATIO, 0.89, 0.917, 0.944, 0.97, 41.2, 44.93)
        : compared(Effect.Scale.RATIO, 0.985, 1.002, Double.POSITIVE_INFINITY, 1.03, 45.02, 44.93);
  }

  private static Finding noData() {
    return new Finding.Insufficient(
        Finding.Shortage.NO_DATA, "No reading in this look.", OptionalLong.empty(), 0, 0);
  }

  private static Finding.Comparison compared(
      Effect.Scale scale,
      double lower,
      double estimate,
      double upper,
      double margin,
      double canary,
      double baseline) {
    return new Finding.Comparison(
        new Effect(scale, lower, estimate, upper, margin),
        canary,
        baseline,
        184_200,
        183_950,
        1,
        1,
        false,
        false,
        Finding.Tier.CALIBRATED,
        1.2);
  }
}
