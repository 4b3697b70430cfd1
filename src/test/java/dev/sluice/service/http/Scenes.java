package dev.sluice.service.http;

import dev.sluice.analyzer.Ahead;
import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.analyzer.planner.Outlook;
import dev.sluice.analyzer.planner.Pace;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Footing;
import dev.sluice.gates.look.Lesson;
import dev.sluice.gates.look.Remark;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.look.Window;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.Cohort;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Limit;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Source;
import dev.sluice.gates.plan.Step;
import dev.sluice.gates.plan.Tolerance;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Rollouts as they look in the middle of a day, driven there by the real decider: a plan of five
 * steps with a metric of every type, and looks with invented but plausible numbers.
 */
public final class Scenes {
  public static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  public static final Actor ANNA = Actor.person("anna");
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration SETTLE = Duration.ofSeconds(45);

  private final DecidingRollouts rollouts;
  private final RolloutStore store;
  private final ManualClock clock;

  public Scenes(DecidingRollouts rollouts, RolloutStore store, ManualClock clock) {
    this.rollouts = rollouts;
    this.store = store;
    this.clock = clock;
  }

  public static Plan plan(String name) {
    return plan(name, "9f2c41d07be5", Step.OnRegression.ROLLBACK);
  }

  public static Plan plan(String name, String hash, Step.OnRegression onRegression) {
    return plan(name, hash, onRegression, List.of());
  }

  /** May be raised on workdays only, from nine to four. */
  public static Plan inOfficeHours(String name) {
    ChangeWindow workdays =
        new ChangeWindow(
            DayOfWeek.MONDAY, DayOfWeek.FRIDAY, LocalTime.of(9, 0), LocalTime.of(16, 0));
    return plan(name, "9f2c41d07be5", Step.OnRegression.ROLLBACK, List.of(workdays));
  }

  /** Somebody else moves the traffic; a step for each of the percentages. */
  public static Plan withoutFlag(String name, String hash, double... percents) {
    Plan like = plan(name, hash, Step.OnRegression.ROLLBACK);
    List<Step> steps = new ArrayList<>();
    for (double percent : percents) {
      steps.add(
          step(
              "users-" + (int) percent,
              Step.Kind.EXPOSE,
              percent,
              30,
              Step.OnRegression.ROLLBACK,
              List.of()));
    }
    return new Plan(
        name,
        hash,
        like.description(),
        like.owner(),
        like.links(),
        like.source(),
        like.cohorts(),
        Optional.empty(),
        like.policy(),
        like.metrics(),
        steps,
        Optional.empty(),
        like.rollback(),
        like.notifications());
  }

  private static Plan plan(
      String name, String hash, Step.OnRegression onRegression, List<ChangeWindow> windows) {
    return new Plan(
        name,
        hash,
        "Move checkout to version 2",
        "payments",
        Map.of("runbook", "https://wiki.example/checkout/rollback"),
        new Source("prod", EVERY, SETTLE),
        Map.of(
            "canary",
            new Cohort("canary", "cohort=\"v2\"", Map.of(), Duration.ZERO),
            "baseline",
            new Cohort("baseline", "cohort=\"v1\"", Map.of(), Duration.ZERO)),
        Optional.of(
            new ExposureRule(
                "http_requests_total{$cohort}",
                ExposureRule.OnTrouble.HOLD,
                ExposureRule.OnTrouble.HOLD,
                Duration.ZERO)),
        new Policy(0.01, 0.05, false, Policy.OnRestart.RESUME, Optional.empty(), Optional.empty()),
        metrics(),
        List.of(
            step("users-1", Step.Kind.EXPOSE, 1, 30, onRegression, windows),
            step("users-10", Step.Kind.EXPOSE, 10, 360, onRegression, windows),
            step("users-50", Step.Kind.EXPOSE, 50, 360, onRegression, windows),
            step("users-100", Step.Kind.EXPOSE, 100, 1440, onRegression, windows),
            step("keep-old", Step.Kind.RETAIN, 100, 4320, onRegression, windows)),
        Optional.of(
            new FlagTarget(
                "unleash-prod",
                "checkout-v2",
                Optional.of("production"),
                Optional.empty(),
                Optional.empty(),
                FlagTarget.OnDrift.HOLD)),
        new RollbackRule(
            Exposure.NONE,
            RollbackRule.Action.DISABLE,
            Duration.ofMinutes(2),
            Duration.ofHours(12)),
        List.of());
  }

  private static Step step(
      String id,
      Step.Kind kind,
      double percent,
      long minutes,
      Step.OnRegression onRegression,
      List<ChangeWindow> windows) {
    return new Step(
        id,
        kind,
        new Exposure(percent),
        "canary",
        Optional.of("baseline"),
        Duration.ofMinutes(minutes),
        Optional.of(Duration.ofDays(4)),
        List.of("error-rate", "p99", "orders", "basket", "gc-pause"),
        Step.AdvanceWhen.NO_HARM_FOUND,
        Step.OnInconclusive.ASK,
        onRegression,
        windows,
        List.of(),
        OptionalLong.empty());
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
            "gc{$cohort}"));
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
            ? Optional.of(new Limit(OptionalDouble.of(0.02), OptionalDouble.empty(), EVERY))
            : Optional.empty(),
        OptionalLong.empty(),
        Metric.OnNoData.HOLD);
  }

  /** Everything well, p99 not yet clear. */
  public static List<Check> well() {
    return List.of(
        compared(
            "error-rate",
            "Error rate",
            Metric.Role.GUARDRAIL,
            Verdict.PASS,
            new Effect(Effect.Scale.DIFFERENCE, -0.0003, 0.0002, 0.0007, 0.001),
            new double[] {0.0031, 0.0029, 1_201_000, 1_198_000}),
        limit(0.0031),
        compared(
            "p99",
            "p99 latency",
            Metric.Role.GUARDRAIL,
            Verdict.INCONCLUSIVE,
            new Effect(Effect.Scale.RATIO, 0.98, 1.041, 1.104, 1.1),
            new double[] {0.325, 0.312, 1_201_000, 1_198_000}),
        compared(
            "orders",
            "Orders per request",
            Metric.Role.GUARDRAIL,
            Verdict.PASS,
            new Effect(Effect.Scale.RATIO, 0.991, 0.999, 1.007, 0.98),
            new double[] {0.0412, 0.0412, 120_100, 119_800}),
        compared(
            "basket",
            "Basket value",
            Metric.Role.SIGNAL,
            Verdict.INCONCLUSIVE,
            new Effect(Effect.Scale.RATIO, 0.9, 1.01, Double.POSITIVE_INFINITY, 1.03),
            new double[] {41.2, 40.8, 4_940, 4_930}),
        new Check(
            "gc-pause",
            "gc-pause",
            "GC pause",
            Metric.Role.OBSERVE,
            Check.Kind.BASELINE,
            Verdict.INCONCLUSIVE,
            "GC pause: 3 more looks are needed.",
            new Finding.Insufficient(
                Finding.Shortage.TOO_FEW, "3 more looks are needed.", OptionalLong.of(3), 12, 12),
            false,
            0));
  }

  /** The same with an error rate that is proven worse. */
  public static List<Check> harmful() {
    List<Check> checks = new ArrayList<>(well());
    checks.set(
        0,
        compared(
            "error-rate",
            "Error rate",
            Metric.Role.GUARDRAIL,
            Verdict.FAIL,
            new Effect(Effect.Scale.DIFFERENCE, 0.0021, 0.0043, 0.0068, 0.001),
            new double[] {0.0072, 0.0029, 14_200, 128_000}));
    return checks;
  }

  /** The same without any answer for p99, for the fifth time. */
  public static List<Check> blindOnLatency() {
    List<Check> checks = new ArrayList<>(well());
    checks.set(
        2,
        new Check(
            "p99",
            "p99",
            "p99 latency",
            Metric.Role.GUARDRAIL,
            Check.Kind.BASELINE,
            Verdict.NO_DATA,
            "p99 latency: no series matches the canary.",
            new Finding.Insufficient(
                Finding.Shortage.NO_DATA, "No data.", OptionalLong.empty(), 0, 0),
            false,
            5));
    return checks;
  }

  private static Check limit(double value) {
    return new Check(
        "error-rate.max",
        "error-rate",
        "Error rate",
        Metric.Role.GUARDRAIL,
        Check.Kind.MAX,
        Verdict.PASS,
        "Error rate is within its limit: 0.31 % against a limit of 2 %.",
        new Finding.Comparison(
            new Effect(Effect.Scale.VALUE, value, value, value, 0.02),
            value,
            0.02,
            1_201_000,
            0,
            0,
            0,
            false,
            true,
            Finding.Tier.EXACT,
            1),
        true,
        0);
  }

  private static Check compared(
      String id, String title, Metric.Role role, Verdict verdict, Effect effect, double[] seen) {
    return new Check(
        id,
        id,
        title,
        role,
        Check.Kind.BASELINE,
        verdict,
        title + " is as its numbers say.",
        new Finding.Comparison(
            effect,
            seen[0],
            seen[1],
            seen[2],
            seen[3],
            verdict == Verdict.FAIL ? 6 : -1,
            1,
            verdict == Verdict.FAIL,
            verdict == Verdict.PASS,
            role == Metric.Role.GUARDRAIL ? Finding.Tier.EXACT : Finding.Tier.UNCALIBRATED,
            1.2),
        true,
        0,
        Optional.of(new Ahead(outlook(verdict), new Pace(seen[2] / 400, seen[3] / 400))));
  }

  private static Outlook outlook(Verdict verdict) {
    return switch (verdict) {
      case PASS -> new Outlook.Proven();
      case FAIL -> new Outlook.Never(Outlook.Why.LOOKS_WORSE);
      case INCONCLUSIVE -> new Outlook.Looks(380);
      case NO_DATA -> new Outlook.Unknown();
    };
  }

  public static Assessment assessment(Rollout rollout, List<Check> checks) {
    boolean harm = checks.stream().anyMatch(c -> c.verdict() == Verdict.FAIL);
    return new Assessment(
        Window.ofLook(rollout.startedAt(), EVERY, rollout.looks() + 1),
        rollout.step().id(),
        checks,
        harm,
        harm ? 6 : -1.2,
        4.6,
        harm ? List.of("error-rate") : List.of(),
        Optional.of(rollout.applied().share() * 0.98),
        Optional.empty(),
        checks.stream().noneMatch(c -> c.verdict() == Verdict.NO_DATA),
        Optional.of(footing(rollout)));
  }

  private static Footing footing(Rollout rollout) {
    Window past =
        new Window(rollout.startedAt().minus(EVERY.multipliedBy(360)), rollout.startedAt());
    return new Footing(
        List.of(
            new Lesson.Noise("error-rate", past, 8, 360, 1.8),
            new Lesson.Nothing("orders", past, Lesson.Why.NO_PODS)),
        List.of(
            new Footing.Control(
                "error-rate", false, 0.4, "pods of the baseline do not differ more.")),
        Optional.of(
            List.of(
                Remark.ofCohort(
                    Remark.Kind.RESTARTS,
                    "Counters of 1 of 3 targets of the canary cohort began anew in this look."))));
  }

  /** Started and told to the flag system, which has not answered. */
  public Rollout begun(String id, Plan plan) {
    return await(rollouts.begin(new RolloutId(id), plan, ANNA));
  }

  /** The flag system obeyed. */
  public Rollout confirmed(String id) {
    Rollout now = load(id);
    return tell(id, new Command.ConfirmApplied(now.decisions()));
  }

  /** One look, taken as soon as it may be. */
  public Rollout look(String id, List<Check> checks) {
    Rollout now = load(id);
    clock.set(now.nextLookDue());
    return tell(id, new Command.TakeLook(now.looks() + 1, assessment(now, checks)));
  }

  /** Some looks of the same kind, one after the other. */
  public Rollout looks(String id, int number, List<Check> checks) {
    Rollout now = load(id);
    for (int i = 0; i < number; i++) {
      now = look(id, checks);
    }
    return now;
  }

  /** At 10 % since three hours, p99 unclear. */
  public Rollout baking(String id, Plan plan) {
    begun(id, plan);
    clock.advance(Duration.ofSeconds(4));
    confirmed(id);
    looks(id, 61, well());
    clock.advance(Duration.ofSeconds(2));
    confirmed(id);
    return looks(id, 385, well());
  }

  public Rollout tell(String id, Command command) {
    return await(rollouts.tell(new RolloutId(id), command));
  }

  public Rollout load(String id) {
    return await(store.load(new RolloutId(id))).orElseThrow().rollout();
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
