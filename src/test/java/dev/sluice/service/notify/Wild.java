package dev.sluice.service.notify;

import dev.sluice.analyzer.Direction;
import dev.sluice.analyzer.Effect;
import dev.sluice.analyzer.Finding;
import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Check;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Notify;
import dev.sluice.gates.plan.Plan;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Rollouts with more, longer and stranger things in them than anybody would want, from a seed. */
public final class Wild {
  private static final String[] PIECES = {
    "a", "größe", "&", "<", ">", "<!channel>", "*_`~", "\"\\", "\n", "\u0001", "🚦", "%s", "漢字", " "
  };
  private static final double[] NUMBERS = {
    0,
    -0.0,
    1,
    1e-9,
    0.0123456789,
    12345.678,
    1e12,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -3.5
  };

  private final Random random;

  public Wild(long seed) {
    random = new Random(seed);
  }

  /** What must be told of some event, to one sink that wants everything. */
  public List<Outgoing> outgoing() {
    Rollout rollout = rollout();
    return Announcements.of(event(rollout), rollout);
  }

  private Rollout rollout() {
    Rollout base = Scenes.news("promoted", "slack").rollout();
    Plan plan = plan(base.plan());
    return new Rollout(
        base.id(),
        plan,
        base.version(),
        base.startedAt(),
        actor(),
        random.nextInt(plan.steps().size()),
        base.stage(),
        base.stepEnteredAt(),
        base.appliedAt(),
        base.resumedAt(),
        Duration.ofSeconds(random.nextInt(10_000_000)),
        base.looks(),
        base.stepLooks(),
        exposure(),
        exposure(),
        3,
        base.lastDecision(),
        random.nextInt(8) == 0 ? Optional.empty() : Optional.of(assessment(plan)),
        Set.of(),
        false,
        Optional.empty(),
        base.updatedAt(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Plan plan(Plan base) {
    List<Metric> metrics = new ArrayList<>();
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      metrics.add(metric("metric-" + i));
    }
    Map<String, String> links = new HashMap<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      links.put(
          text(40), random.nextBoolean() ? text(900) : "https://wiki.example/?q=" + i + "|&<>");
    }
    List<String> mentions = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      mentions.add(text(100));
    }
    return new Plan(
        base.name(),
        base.hash(),
        text(5000),
        text(100),
        links,
        base.source(),
        base.cohorts(),
        base.exposure(),
        base.policy(),
        metrics,
        base.steps(),
        base.flag(),
        base.rollback(),
        List.of(new Notify("sink", Optional.of("#some.where"), Set.of(), mentions)));
  }

  private Metric metric(String id) {
    Metric.Common common =
        new Metric.Common(
            id,
            text(400),
            pick(Direction.values()),
            pick(Metric.Role.values()),
            Optional.of(new Tolerance.Relative(0.1)),
            Optional.empty(),
            OptionalLong.empty(),
            Metric.OnNoData.HOLD);
    return switch (random.nextInt(5)) {
      case 0 -> new Metric.Ratio(common, "b", "t");
      case 1 -> new Metric.Quantile(common, "h", 0.99, pick(Metric.Unit.values()));
      case 2 -> new Metric.Mean(common, "s", "p");
      case 3 -> new Metric.Rate(common, "s", "p");
      default -> new Metric.Value(common, "q");
    };
  }

  private Assessment assessment(Plan plan) {
    Assessment base = Scenes.news("promoted", "slack").rollout().lastAssessment().orElseThrow();
    List<Check> checks = new ArrayList<>();
    for (Metric metric : plan.metrics()) {
      for (Check.Kind kind : Check.Kind.values()) {
        if (random.nextInt(3) > 0) {
          checks.add(check(metric, kind));
        }
      }
    }
    return new Assessment(
        base.window(),
        base.stepId(),
        checks,
        random.nextBoolean(),
        number(),
        number(),
        checks.stream().map(Check::id).filter(id -> random.nextInt(4) == 0).toList(),
        Optional.of(0.1),
        Optional.empty(),
        true);
  }

  private Check check(Metric metric, Check.Kind kind) {
    return new Check(
        metric.id() + "." + kind,
        metric.id(),
        metric.common().title(),
        metric.role(),
        kind,
        pick(Verdict.values()),
        text(3000),
        finding(),
        true,
        0);
  }

  private Finding finding() {
    if (random.nextInt(4) == 0) {
      return new Finding.Insufficient(
          pick(Finding.Shortage.values()), text(3000), OptionalLong.of(9), number(), number());
    }
    return new Finding.Comparison(
        new Effect(pick(Effect.Scale.values()), number(), number(), number(), number()),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        false,
        false,
        Finding.Tier.EXACT,
        1);
  }

  private Event event(Rollout rollout) {
    Instant at = Scenes.NOW;
    Reason reason = new Reason(pick(Reason.Code.values()), text(8000));
    return switch (random.nextInt(22)) {
      case 0 -> new Event.HeldBack(reason, at);
      case 1 -> new Event.ApprovalAsked(reason, at);
      case 2 -> new Event.PausedBy(actor(), text(8000), at);
      case 3 -> new Event.ResumedBy(actor(), text(8000), at);
      case 4 -> new Event.Approved(actor(), text(8000), at);
      case 5 -> new Event.AbortedBy(actor(), text(8000), at);
      case 6 -> new Event.ExposureRefused(text(8000), at);
      case 7 -> new Event.SourceLost(text(8000), at);
      case 8 -> new Event.RollbackConfirmed(at);
      case 9 -> new Event.RollbackOverdue(at);
      case 10 -> new Event.RetentionEnding(at, at);
      case 11 -> new Event.Finished(at);
      case 12 -> new Event.SecondAsked(proposal(), at);
      case 13 -> new Event.Extended(actor(), text(8000), Duration.ofHours(1), at, at);
      case 14 -> new Event.RetentionOver(at);
      case 15 -> new Event.Retired(actor(), text(8000), at);
      case 16 ->
          new Event.ReadinessChanged(
              new Readiness(random.nextBoolean(), actor(), text(8000), at, Optional.empty()), at);
      case 17 -> new Event.Drifted(exposure(), text(8000), at);
      case 18 -> new Event.DriftEnded(at);
      case 19 -> new Event.EvidenceRenewed(text(8000), 3, 9, at);
      default -> new Event.Decided(decision(rollout, reason), at);
    };
  }

  private Proposal proposal() {
    return new Proposal(
        actor(), pick(Proposal.Act.values()), text(8000), random.nextBoolean(), Scenes.NOW);
  }

  private Decision decision(Rollout rollout, Reason reason) {
    return new Decision(
        rollout.id() + "-7",
        7,
        random.nextBoolean() ? Decision.Kind.ROLL_BACK : Decision.Kind.PROMOTE,
        reason,
        rollout.step().id(),
        exposure(),
        exposure(),
        actor(),
        random.nextBoolean(),
        Scenes.NOW);
  }

  private Actor actor() {
    return new Actor(pick(Actor.Kind.values()), text(600));
  }

  private Exposure exposure() {
    return new Exposure(random.nextInt(1001) / 10.0);
  }

  private double number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private String text(int most) {
    int length = random.nextInt(3) == 0 ? most : random.nextInt(most);
    String one = PIECES[random.nextInt(PIECES.length)];
    boolean same = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(same ? one : PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
