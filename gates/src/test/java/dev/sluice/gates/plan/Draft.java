package dev.sluice.gates.plan;

import dev.sluice.analyzer.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** A plan being written for a test. What is not said is as the playbook has it. */
public final class Draft {
  public String name = "checkout";
  public Duration every = Duration.ofMinutes(1);
  public Duration settle = Duration.ofSeconds(30);
  public Optional<ExposureRule> exposure =
      Optional.of(
          new ExposureRule(
              "http_requests_total{$cohort}",
              ExposureRule.OnTrouble.HOLD,
              ExposureRule.OnTrouble.HOLD,
              Duration.ofMinutes(5)));
  public boolean dryRun;
  public Policy.OnRestart onRestart = Policy.OnRestart.RESUME;
  public Optional<FourEyes> fourEyes = Optional.empty();
  public Optional<DeadMan> deadMan = Optional.empty();
  public Optional<FlagTarget> flag =
      Optional.of(
          new FlagTarget(
              "flags",
              "checkout-v2",
              Optional.of("production"),
              Optional.empty(),
              Optional.empty(),
              FlagTarget.OnDrift.HOLD));
  public RollbackRule rollback =
      new RollbackRule(
          Exposure.NONE, RollbackRule.Action.PERCENT, Duration.ofMinutes(2), Duration.ofHours(12));
  public List<Notify> notifications =
      List.of(new Notify("chat", Optional.empty(), Set.of(), List.of()));
  public List<Metric> metrics = List.of(errors(), latency(), basket());
  public final List<StepDraft> steps = new ArrayList<>();

  private Draft() {}

  /** What to do when somebody else moves the flag. */
  public Draft onDrift(FlagTarget.OnDrift what) {
    flag =
        flag.map(
            f ->
                new FlagTarget(f.target(), f.key(), f.environment(), f.project(), f.owned(), what));
    return this;
  }

  /** A step being written. */
  public static final class StepDraft {
    public String id;
    public Step.Kind kind;
    public double percent;
    public Optional<String> baseline = Optional.of("baseline");
    public Duration atLeast = Duration.ofHours(6);
    public Optional<Duration> atMost = Optional.empty();
    public List<String> metrics = List.of("errors", "p99", "basket");
    public Step.AdvanceWhen advanceWhen = Step.AdvanceWhen.NO_HARM_FOUND;
    public Step.OnInconclusive onInconclusive = Step.OnInconclusive.HOLD;
    public Step.OnRegression onRegression = Step.OnRegression.ROLLBACK;
    public List<ChangeWindow> windows = List.of();
    public List<String> approvers = List.of();
    public OptionalLong minSamples = OptionalLong.empty();

    StepDraft(String id, Step.Kind kind, double percent) {
      this.id = id;
      this.kind = kind;
      this.percent = percent;
    }

    Step step() {
      return new Step(
          id,
          kind,
          new Exposure(percent),
          "canary",
          baseline,
          atLeast,
          atMost,
          metrics,
          advanceWhen,
          onInconclusive,
          onRegression,
          windows,
          approvers,
          minSamples);
    }
  }

  /** 1 % for a day, 10 %, 50 %, 100 %, and the old system ready for three days more. */
  public static Draft playbook() {
    Draft draft = new Draft();
    draft.step("users-1", Step.Kind.EXPOSE, 1, s -> s.atLeast = Duration.ofHours(24));
    draft.step("users-10", Step.Kind.EXPOSE, 10, s -> {});
    draft.step("users-50", Step.Kind.EXPOSE, 50, s -> {});
    draft.step("users-100", Step.Kind.EXPOSE, 100, s -> {});
    draft.step(
        "keep-old",
        Step.Kind.RETAIN,
        100,
        s -> {
          s.atLeast = Duration.ofDays(3);
          s.baseline = Optional.empty();
        });
    return draft;
  }

  /** Two short steps: 10 % and 50 %, ten minutes each. */
  public static Draft brief() {
    Draft draft = new Draft();
    draft.step("users-10", Step.Kind.EXPOSE, 10, s -> s.atLeast = Duration.ofMinutes(10));
    draft.step("users-50", Step.Kind.EXPOSE, 50, s -> s.atLeast = Duration.ofMinutes(10));
    return draft;
  }

  /** Without steps. */
  public static Draft empty() {
    return new Draft();
  }

  public Draft step(String id, Step.Kind kind, double percent, Consumer<StepDraft> more) {
    StepDraft step = new StepDraft(id, kind, percent);
    more.accept(step);
    steps.add(step);
    return this;
  }

  /** Changes every step. */
  public Draft steps(Consumer<StepDraft> change) {
    steps.forEach(change);
    return this;
  }

  /** Changes one step. */
  public Draft step(int index, Consumer<StepDraft> change) {
    change.accept(steps.get(index));
    return this;
  }

  public Draft with(Consumer<Draft> change) {
    change.accept(this);
    return this;
  }

  public Plan plan() {
    return new Plan(
        name,
        "4f1c0a",
        "",
        "payments",
        Map.of(),
        new Source("prod", every, settle),
        Map.of(
            "canary",
            new Cohort("canary", "version=\"2\"", Map.of(), Duration.ZERO),
            "baseline",
            new Cohort("baseline", "version=\"1\"", Map.of(), Duration.ZERO)),
        exposure,
        new Policy(0.01, 0.05, dryRun, onRestart, fourEyes, deadMan),
        metrics,
        steps.stream().map(StepDraft::step).toList(),
        flag,
        rollback,
        notifications);
  }

  /** A guardrail. */
  public static Metric errors() {
    return new Metric.Ratio(
        common("errors", "Error rate", Metric.Role.GUARDRAIL, Metric.OnNoData.HOLD),
        "bad{$cohort}",
        "all{$cohort}");
  }

  /** A guardrail. */
  public static Metric latency() {
    return new Metric.Quantile(
        common("p99", "p99 latency", Metric.Role.GUARDRAIL, Metric.OnNoData.HOLD),
        "seconds{$cohort}",
        0.99,
        Metric.Unit.SECONDS);
  }

  /** A signal. */
  public static Metric basket() {
    return new Metric.Mean(
        common("basket", "Basket value", Metric.Role.SIGNAL, Metric.OnNoData.HOLD),
        "euro{$cohort}",
        "orders{$cohort}");
  }

  /** A pushed guardrail with a limit. */
  public static Metric rows() {
    return new Metric.Pushed(
        limited(
            common("rows", "Rows missing", Metric.Role.GUARDRAIL, Metric.OnNoData.HOLD),
            OptionalDouble.of(0),
            OptionalDouble.empty(),
            Duration.ZERO),
        "db-verify",
        Optional.of("rows"));
  }

  public static Metric.Common common(
      String id, String title, Metric.Role role, Metric.OnNoData onNoData) {
    return new Metric.Common(
        id,
        title,
        Direction.HIGHER_IS_WORSE,
        role,
        Optional.of(new Tolerance.Relative(0.1)),
        Optional.empty(),
        OptionalLong.empty(),
        onNoData);
  }

  /** The same metric with an upper or lower bound. */
  public static Metric.Common limited(
      Metric.Common common, OptionalDouble max, OptionalDouble min, Duration sustained) {
    return new Metric.Common(
        common.id(),
        common.title(),
        common.worseWhen(),
        common.role(),
        common.tolerance(),
        Optional.of(new Limit(max, min, sustained)),
        common.minSamples(),
        common.onNoData());
  }

  /** Ids of the metrics. */
  public static List<String> ids(Metric... metrics) {
    return Arrays.stream(metrics).map(Metric::id).toList();
  }
}
