package dev.sluice.gates.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.look.Assessment;
import dev.sluice.gates.look.Observation;
import dev.sluice.gates.look.Verdict;
import dev.sluice.gates.plan.ChangeWindow;
import dev.sluice.gates.plan.DeadMan;
import dev.sluice.gates.plan.Draft;
import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.ExposureRule;
import dev.sluice.gates.plan.FourEyes;
import dev.sluice.gates.plan.Metric;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.Policy;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.plan.Step;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Twenty thousand short lives: random plans, and whatever people, flag systems, metrics and the
 * clock may do to them in any order. A {@link Witness} looks on.
 */
class RandomWalkTest {
  private static final String ASKED = "sluice.walks";

  /** More of them, a hundred thousand say, on request; bounded, so that no build hangs. */
  private static final int WALKS = Math.min(100_000, Integer.getInteger(ASKED, 20_000));

  /**
   * Found further on than a build walks. 29961: a look from before the flag came back to 100 %
   * ended a retention that had no least time.
   */
  private static final List<Integer> ONCE_BROKEN = List.of(29_961);

  private static final List<ChangeWindow> MORNINGS =
      List.of(
          new ChangeWindow(
              DayOfWeek.MONDAY, DayOfWeek.FRIDAY, LocalTime.of(8, 0), LocalTime.of(9, 0)));

  private final Map<String, Integer> seen = new TreeMap<>();

  @Test
  void noPromiseIsEverBroken() {
    for (int seed :
        IntStream.concat(IntStream.range(0, WALKS), ONCE_BROKEN.stream().mapToInt(s -> s))
            .toArray()) {
      try {
        walk(new SplittableRandom(seed));
      } catch (AssertionError e) {
        throw new AssertionError("walk " + seed + ": " + e.getMessage(), e);
      }
    }
    // What never happened was not tested.
    for (Class<?> kind : Event.class.getPermittedSubclasses()) {
      int times = seen.getOrDefault(kind.getSimpleName(), 0);
      assertTrue(times >= 100, kind.getSimpleName() + " happened " + times + " times: " + seen);
    }
    for (String decision : List.of("raised", "raised on time-out", "forced", "by hand")) {
      assertTrue(seen.getOrDefault(decision, 0) >= 50, decision + ": " + seen);
    }
  }

  private void walk(SplittableRandom random) {
    Plan plan = plan(random);
    Journey journey =
        Journey.of(plan, Journey.MONDAY.plus(Duration.ofMinutes(random.nextInt(-60, 120))))
            .withAFlagSystemThatWaits();
    Witness witness = new Witness(plan);
    Rollout begun =
        Evolution.begin(journey.rollout().id(), plan, (Event.Started) journey.events().getFirst());
    Instant start = journey.now();
    witness.see(
        begun, new Command.Tick(), journey.events().subList(1, journey.events().size()), start);
    int steps = random.nextInt(10, 60);
    for (int i = 0; i < steps; i++) {
      if (random.nextInt(3) == 0) {
        journey.pass(gap(random));
      }
      Command command = command(random, journey);
      Rollout before = journey.rollout();
      Instant now = journey.now();
      if (journey.tell(command) instanceof Outcome.Accepted accepted) {
        witness.see(before, command, accepted.events(), now);
      } else {
        assertEquals(before, journey.rollout());
      }
    }
    assertEquals(journey.folded(), journey.rollout());
    count(journey);
  }

  @Test
  void theSameCommandsAtTheSameTimesGiveTheSameEvents() {
    for (int seed = 0; seed < WALKS; seed += 100) {
      List<Event> once = events(new SplittableRandom(seed));
      assertEquals(once, events(new SplittableRandom(seed)), "walk " + seed);
    }
  }

  private static List<Event> events(SplittableRandom random) {
    Journey journey = Journey.of(plan(random)).withAFlagSystemThatWaits();
    for (int i = 0; i < 40; i++) {
      journey.pass(gap(random));
      journey.tell(command(random, journey));
    }
    return journey.events();
  }

  private void count(Journey journey) {
    for (Event event : journey.events()) {
      seen.merge(event.getClass().getSimpleName(), 1, Integer::sum);
    }
    for (Decision decision : journey.decisions()) {
      boolean raised = decision.sequence() > 1 && decision.kind() == Decision.Kind.PROMOTE;
      if (raised && decision.forced()) {
        seen.merge("forced", 1, Integer::sum);
      } else if (raised && decision.reason().code() == Reason.Code.TIMED_OUT) {
        seen.merge("raised on time-out", 1, Integer::sum);
      } else if (raised && decision.reason().code() == Reason.Code.BY_HAND) {
        seen.merge("by hand", 1, Integer::sum);
      } else if (raised) {
        seen.merge("raised", 1, Integer::sum);
      }
    }
  }

  private static Duration gap(SplittableRandom random) {
    return switch (random.nextInt(20)) {
      case 0 -> Duration.ofHours(random.nextInt(30));
      case 1, 2 -> Duration.ofMinutes(random.nextInt(20));
      default -> Duration.ofSeconds(random.nextInt(90));
    };
  }

  private static Command command(SplittableRandom random, Journey journey) {
    Rollout rollout = journey.rollout();
    int dice = random.nextInt(100);
    if (dice < 55) {
      return look(random, journey);
    }
    if (dice < 70) {
      long sequence = rollout.decisions() - (random.nextInt(8) == 0 ? 1 : 0);
      return random.nextInt(4) == 0
          ? new Command.ReportNotApplied(sequence, "HTTP " + random.nextInt(500, 504))
          : new Command.ConfirmApplied(sequence);
    }
    Actor anna = random.nextInt(3) == 0 ? Actor.person("bert") : Journey.ANNA;
    String reason = random.nextBoolean() ? "because" : "";
    return switch (dice) {
      case 70, 71 -> new Command.LoseSource("refused", random.nextInt(1, 9));
      case 72, 73, 74 -> new Command.Pause(anna, reason);
      case 75, 76, 77, 78, 79 -> new Command.Resume(anna, reason);
      case 80, 81, 82, 83 -> new Command.Promote(anna, reason);
      case 84, 85, 86, 87, 88 -> new Command.Approve(anna, reason);
      case 89 -> new Command.RollBack(anna, reason);
      case 90 -> random.nextInt(3) == 0 ? new Command.Abort(anna, reason) : new Command.Tick();
      case 91 -> new Command.Restarted();
      case 92 -> new Command.Extend(anna, reason, Duration.ofMinutes(random.nextInt(0, 9)));
      case 93, 94 -> new Command.Retire(anna, reason);
      case 95 -> readiness(random, anna, reason);
      case 96, 97 -> new Command.ReportExposure(seen(random, rollout), reason);
      case 98 -> observe(random, journey);
      case 99 -> random.nextBoolean() ? new Command.RenewEvidence("of old", 3) : new Command.Tick();
      default -> new Command.Tick();
    };
  }

  private static Command readiness(SplittableRandom random, Actor actor, String reason) {
    return new Command.ReportReadiness(
        actor,
        random.nextBoolean(),
        reason,
        random.nextBoolean()
            ? Optional.of(Duration.ofMinutes(random.nextInt(1, 9)))
            : Optional.empty());
  }

  private static Exposure seen(SplittableRandom random, Rollout rollout) {
    return random.nextInt(3) == 0 ? new Exposure(random.nextInt(0, 101)) : rollout.applied();
  }

  private static Command observe(SplittableRandom random, Journey journey) {
    return new Command.Observe(
        Journey.ANNA,
        List.of(
            new Observation(
                random.nextInt(4) == 0 ? "nobody" : "db-verify",
                random.nextInt(20),
                journey.now().minusSeconds(random.nextInt(300)),
                Duration.ofMinutes(15),
                Map.of("rows", 3.0))));
  }

  private static Command look(SplittableRandom random, Journey journey) {
    Rollout rollout = journey.rollout();
    if (journey.now().isBefore(rollout.nextLookDue())) {
      journey.goTo(rollout.nextLookDue());
    }
    Assessment assessment = reading(random).of(rollout);
    long number = rollout.looks() + (random.nextInt(50) == 0 ? 2 : 1);
    return new Command.TakeLook(number, assessment);
  }

  private static Reading reading(SplittableRandom random) {
    Reading reading =
        switch (random.nextInt(8)) {
          case 0 -> Reading.thin();
          case 1, 2, 3 -> Reading.safe();
          default -> Reading.fine();
        };
    if (random.nextInt(12) == 0) {
      reading = Reading.dark(random.nextInt(1, 8));
    }
    switch (random.nextInt(24)) {
      case 0 -> reading.worse(random.nextBoolean() ? "errors" : "p99");
      case 1 -> reading.worse("basket");
      case 2 -> reading.absent("errors", random.nextInt(1, 8));
      case 3 -> reading.absent("p99", random.nextInt(1, 8));
      case 4 -> reading.trouble(Assessment.TrafficTrouble.Kind.MISMATCH);
      case 5 -> reading.trouble(Assessment.TrafficTrouble.Kind.NO_TRAFFIC);
      case 6 -> reading.limit("errors", Verdict.FAIL);
      case 7 -> reading.leaning(random.nextDouble(2, 5));
      case 8 -> reading.unclear("p99");
      default -> {}
    }
    return reading;
  }

  private static <E extends Enum<E>> E any(SplittableRandom random, Class<E> type) {
    E[] all = type.getEnumConstants();
    return all[random.nextInt(all.length)];
  }

  private static Plan plan(SplittableRandom random) {
    Draft draft = Draft.empty();
    double percent = 0;
    int steps = random.nextInt(1, 5);
    for (int i = 0; i < steps; i++) {
      boolean approve = random.nextInt(6) == 0;
      percent =
          approve || random.nextInt(8) == 0
              ? percent
              : Math.min(100, percent + random.nextInt(1, 40));
      boolean retain = i == steps - 1 && random.nextInt(2) == 0;
      percent = retain && random.nextBoolean() ? 100 : percent;
      Step.Kind kind = approve ? Step.Kind.APPROVE : retain ? Step.Kind.RETAIN : Step.Kind.EXPOSE;
      draft.step("step-" + i, kind, percent, s -> fill(random, s));
    }
    Metric errors =
        new Metric.Ratio(
            Draft.common(
                "errors", "Error rate", Metric.Role.GUARDRAIL, any(random, Metric.OnNoData.class)),
            "bad",
            "all");
    return draft
        .with(d -> d.metrics = List.of(errors, Draft.latency(), Draft.basket(), Draft.rows()))
        .with(d -> d.dryRun = random.nextInt(10) == 0)
        .with(d -> d.flag = random.nextInt(6) == 0 ? Optional.empty() : d.flag)
        .with(d -> d.onRestart = any(random, Policy.OnRestart.class))
        .with(d -> d.fourEyes = Optional.of(fourEyes(random)))
        .with(d -> d.deadMan = deadMan(random))
        .with(d -> d.exposure = exposure(random))
        .with(d -> d.rollback = rollback(random))
        .plan();
  }

  private static FourEyes fourEyes(SplittableRandom random) {
    return random.nextInt(3) == 0 ? any(random, FourEyes.class) : FourEyes.NEVER;
  }

  private static Optional<DeadMan> deadMan(SplittableRandom random) {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(
            new DeadMan(
                Duration.ofMinutes(random.nextInt(1, 6)),
                random.nextBoolean()
                    ? Optional.of(Duration.ofMinutes(random.nextInt(1, 12)))
                    : Optional.empty(),
                new Exposure(random.nextInt(5, 101))));
  }

  private static Optional<ExposureRule> exposure(SplittableRandom random) {
    return random.nextInt(5) == 0
        ? Optional.empty()
        : Optional.of(
            new ExposureRule(
                "all",
                any(random, ExposureRule.OnTrouble.class),
                any(random, ExposureRule.OnTrouble.class),
                Duration.ofMinutes(random.nextInt(4))));
  }

  private static RollbackRule rollback(SplittableRandom random) {
    return new RollbackRule(
        new Exposure(random.nextInt(4) == 0 ? 5 : 0),
        any(random, RollbackRule.Action.class),
        Duration.ofMinutes(2),
        Duration.ZERO);
  }

  private static void fill(SplittableRandom random, Draft.StepDraft step) {
    step.atLeast = Duration.ofMinutes(random.nextInt(5));
    step.atMost =
        random.nextInt(3) == 0
            ? Optional.empty()
            : Optional.of(Duration.ofMinutes(random.nextInt(2, 7)));
    step.advanceWhen = any(random, Step.AdvanceWhen.class);
    step.onInconclusive = any(random, Step.OnInconclusive.class);
    step.onRegression = any(random, Step.OnRegression.class);
    step.windows = random.nextInt(4) == 0 ? MORNINGS : List.of();
    step.minSamples =
        random.nextInt(6) == 0
            ? OptionalLong.of(random.nextBoolean() ? 500 : 5000)
            : OptionalLong.empty();
    step.baseline = random.nextInt(10) == 0 ? Optional.empty() : step.baseline;
    List<String> all = Arrays.asList("errors", "p99", "basket");
    step.metrics = random.nextInt(6) == 0 ? all.subList(0, random.nextInt(3)) : all;
  }
}
