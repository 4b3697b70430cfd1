package dev.sluice.service.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Reason;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.config.Granularity;
import dev.sluice.service.loop.ManualScheduler;
import dev.sluice.service.loop.Rejudged;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class DriftWatchTest {
  private static final String KEY = "checkout-v2";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-02T08:00:00Z"));
  private final ScriptedFlagSystem system =
      new ScriptedFlagSystem(Granularity.WHOLE_PERCENT).with(KEY, percent(10));
  private final Desk desk = new Desk();

  private static Exposure percent(double percent) {
    return new Exposure(percent);
  }

  private static Plan plan(String onDrift) {
    PlanReading reading =
        new PlanReader()
            .read(
                """
                apiVersion: sluice/v1
                kind: RolloutPlan
                metadata: { name: checkout }
                spec:
                  source: { prometheus: main, every: 30s }
                  cohorts:
                    canary: { selector: '{version="2"}' }
                    baseline: { selector: '{version="1"}' }
                  metrics:
                    - id: errors
                      type: ratio
                      bad: http_requests_total{$cohort,code=~"5.."}
                      total: http_requests_total{$cohort}
                      worseWhen: higher
                      role: guardrail
                      tolerance: { absolute: 1pp }
                  steps:
                    - { id: users-10, kind: expose, percent: 10, hold: { atLeast: 1h } }
                    - { id: users-50, kind: expose, percent: 50, hold: { atLeast: 1h } }
                  flag: { target: flags, key: checkout-v2, onDrift: %s }
                """
                    .formatted(onDrift));
    return assertInstanceOf(PlanReading.Ok.class, reading, reading + "").plan();
  }

  /** One rollout and the rule that moves it, with nothing in between. */
  private final class Desk implements Rollouts {
    private final Decider decider = new Decider(ZoneOffset.UTC);
    private final List<Event> events = new ArrayList<>();
    private Rollout rollout = begin(plan("hold"));

    private Rollout begin(Plan plan) {
      RolloutId id = new RolloutId("checkout-20260302t080000z-k3mpq");
      Outcome.Accepted begun =
          assertInstanceOf(
              Outcome.Accepted.class,
              decider.start(id, plan, Actor.person("anna"), Optional.empty(), time.instant()));
      Rollout state = Evolution.begin(id, plan, (Event.Started) begun.events().getFirst());
      for (Event event : begun.events().subList(1, begun.events().size())) {
        state = Evolution.evolve(state, event);
      }
      return state;
    }

    Rollout does(Command command) {
      Outcome.Accepted accepted =
          assertInstanceOf(
              Outcome.Accepted.class, decider.decide(rollout, command, time.instant()));
      for (Event event : accepted.events()) {
        rollout = Evolution.evolve(rollout, event);
        events.add(event);
      }
      return rollout;
    }

    @Override
    public Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen) {
      return seen.isPresent() && seen.getAsLong() != rollout.version()
          ? Future.failedFuture(new Stale(id, seen.getAsLong(), rollout.version()))
          : Future.succeededFuture(does(command));
    }

    @Override
    public Future<Rollout> start(Plan plan, Actor actor, String why) {
      return Future.failedFuture("not here");
    }

    @Override
    public Future<Rollout> start(RolloutId id, Plan plan, Actor actor) {
      return Future.failedFuture("not here");
    }

    @Override
    public Future<Void> rejudge(RolloutId id, Predicate<Rejudged> told) {
      return Future.failedFuture("not here");
    }

    List<Event.Drifted> drifts() {
      return events.stream()
          .filter(Event.Drifted.class::isInstance)
          .map(Event.Drifted.class::cast)
          .toList();
    }
  }

  private final DriftWatch watch =
      new DriftWatch(() -> List.of(desk.rollout), Map.of("flags", system), desk, time);

  private void watched() {
    watched("hold");
  }

  private void watched(String onDrift) {
    desk.rollout = desk.begin(plan(onDrift));
    desk.does(new Command.ConfirmApplied(1));
    watch.start();
    time.advance(MINUTE.plusSeconds(5));
  }

  private Reason held() {
    return assertInstanceOf(Stage.Held.class, desk.rollout.stage()).reason();
  }

  @Test
  void aFlagThatStaysWhereItWasPutIsReadOnceAMinuteAndIsNoNews() {
    watched();
    int before = system.asked.size();
    time.advance(MINUTE.multipliedBy(10));

    assertEquals(before + 10, system.asked.size());
    assertEquals(List.of(), desk.drifts());
  }

  @Test
  void aFlagThatSomebodyMovedHoldsTheRolloutWithinAMinuteAndTheyAreNamed() {
    watched();
    system.somebody("carl set it from 10 to 40 % at 08:01", KEY, percent(40));
    time.advance(MINUTE);

    assertEquals(Reason.Code.DRIFTED, held().code());
    assertEquals(
        "Somebody else moved the flag to 40 % where the plan wants 10 %:"
            + " The last change there: carl set it from 10 to 40 % at 08:01.",
        held().sentence());
    time.advance(MINUTE.multipliedBy(5));
    assertEquals(1, desk.drifts().size(), "told once");
    assertEquals(percent(40), system.at(KEY), "the plan only holds");
  }

  @Test
  void aFlagThatIsBackIsNews() {
    watched();
    system.with(KEY, percent(40));
    time.advance(MINUTE);
    system.with(KEY, percent(10));
    time.advance(MINUTE);

    assertEquals(Optional.empty(), desk.rollout.drift());
    assertInstanceOf(Event.DriftEnded.class, desk.events.getLast());
  }

  @Test
  void asManyUsersButOthersIsADriftToo() {
    watched();
    system.shape = "by session";
    time.advance(MINUTE);

    assertTrue(held().sentence().startsWith("Somebody else changed which users"), held() + "");
    assertTrue(held().sentence().contains("was by user and is by session"), held() + "");
    system.shape = "by user";
    time.advance(MINUTE);
    assertEquals(Optional.empty(), desk.rollout.drift());
  }

  @Test
  void somethingElseInTheFlagThatServesUsersIsADrift() {
    watched();
    system.odd(KEY, percent(100), "Strategy 'old' serves everybody.");
    time.advance(MINUTE);

    assertTrue(held().sentence().contains("moved the flag to 100 %"), held() + "");
    assertTrue(held().sentence().contains("Strategy 'old' serves everybody."), held() + "");
  }

  @Test
  void aFlagThatCannotBeReadSaysNothing() {
    watched();
    system.away(Trouble.of(Trouble.Kind.UNAVAILABLE, "It is away."));
    time.advance(MINUTE.multipliedBy(100));
    system.back();
    time.advance(MINUTE);

    assertEquals(List.of(), desk.drifts());
    assertInstanceOf(Stage.Baking.class, desk.rollout.stage());
  }

  @Test
  void aReadingFromBeforeOurOwnWriteIsThrownAway() {
    watched();
    system.then(
        flag -> {
          // Between the question and its answer the rollout is moved on, and the flag with it.
          desk.does(new Command.Promote(Actor.person("anna"), "because"));
          desk.does(new Command.ConfirmApplied(desk.rollout.decisions()));
          return Optional.empty();
        });
    time.advance(MINUTE);

    assertEquals(percent(50), desk.rollout.applied());
    assertEquals(List.of(), desk.drifts());
  }

  @Test
  void rightAfterAWriteTheFlagIsReadAtOnce() {
    watched();
    int before = system.asked.size();
    desk.does(new Command.Promote(Actor.person("anna"), "because"));
    system.with(KEY, percent(50));
    watch.news(desk.does(new Command.ConfirmApplied(desk.rollout.decisions())));
    time.advance(Duration.ofMillis(1));

    assertEquals(before + 1, system.asked.size());
    assertEquals(List.of(), desk.drifts());
  }

  @Test
  void wherePlansSaySoWhatWasRaisedIsLoweredAgainAndThenItGoesOn() {
    watched("restore");
    system.somebody("carl", KEY, percent(40));
    time.advance(MINUTE);
    assertEquals(percent(10), system.at(KEY));
    assertEquals(1, desk.drifts().size());

    time.advance(MINUTE);

    assertEquals(Optional.empty(), desk.rollout.drift());
  }

  @Test
  void whoTakesUsersOffTheCanaryMeansItWhateverThePlanSays() {
    watched("restore");
    system.somebody("carl", KEY, Exposure.NONE);
    time.advance(MINUTE.multipliedBy(5));

    assertEquals(Exposure.NONE, system.at(KEY));
    assertEquals(Reason.Code.DRIFTED, held().code());
  }

  @Test
  void twoThatRestoreDoNotFightForEver() {
    watched("restore");
    int before = system.asked.size();
    // The other one wants 40 % here and restores only what is above that, as we do.
    system.somebody("the other one", KEY, percent(40));
    time.advance(MINUTE.multipliedBy(30));

    assertEquals(1, system.asked.stream().skip(before).filter(a -> a.startsWith("set")).count());
  }

  @Test
  void aRolloutWhoseFlagIsOnlyToldIsLeftAlone() {
    DriftWatch blind = new DriftWatch(() -> List.of(desk.rollout), Map.of(), desk, time);
    blind.start();
    time.advance(MINUTE.multipliedBy(3));

    assertEquals(List.of(), system.asked);
  }

  @Test
  void afterAStopNothingIsRead() {
    watched();
    watch.stop();
    int before = system.asked.size();
    time.advance(MINUTE.multipliedBy(3));

    assertEquals(before, system.asked.size());
  }
}
