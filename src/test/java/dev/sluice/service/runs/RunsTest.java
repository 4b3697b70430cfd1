package dev.sluice.service.runs;

import static dev.sluice.service.http.Scenes.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.DecidingRollouts;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.loop.ManualScheduler;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.runs.Runs.Standing;
import dev.sluice.service.store.InMemoryRolloutStore;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One rollout for one name, however often it is asked for, and none for ever. */
class RunsTest {
  private static final Run.Key KEY = new Run.Key("argo", "checkout", "default/checkout");
  private static final Actor ARGO = Actor.controller("argo default/checkout");
  private final ManualScheduler time = new ManualScheduler(Scenes.START);
  private final InMemoryRolloutStore store = new InMemoryRolloutStore();
  private final DecidingRollouts rollouts =
      new DecidingRollouts(store, new Decider(ZoneOffset.UTC), time);
  private final Runs runs = new Runs(store, rollouts, time);
  private final Leases leases = new Leases(store, rollouts, time, time);

  private static Plan withoutFlag() {
    return Scenes.withoutFlag("checkout", "a", 10);
  }

  private Future<Standing> opening(Run.Key key, Plan plan, Optional<Duration> lease) {
    return runs.open(
        new Runs.Wish(key, ARGO, () -> Future.succeededFuture(plan), lease, before -> Map.of()),
        standing -> false);
  }

  private Standing open() {
    return await(opening(KEY, withoutFlag(), Optional.empty()));
  }

  private Rollout now(Standing standing) {
    return await(store.load(standing.rollout().id())).orElseThrow().rollout();
  }

  @Test
  void openingAgainGivesTheSameRollout() {
    Standing first = open();
    time.advance(Duration.ofMinutes(5));

    assertEquals(first.rollout().id(), open().rollout().id());
    assertEquals(1, await(store.list(10)).size());
  }

  @Test
  void aCrashBetweenTheRolloutAndItsRunIsMadeGood() {
    Standing first = open();
    InMemoryRolloutStore after = new InMemoryRolloutStore();
    DecidingRollouts again = new DecidingRollouts(after, new Decider(ZoneOffset.UTC), time);
    RolloutId id = first.rollout().id();
    await(again.begin(id, withoutFlag(), ARGO));

    Runs restarted = new Runs(after, again, time);
    Standing found =
        await(
            restarted.open(
                new Runs.Wish(
                    KEY,
                    ARGO,
                    () -> Future.succeededFuture(withoutFlag()),
                    Optional.empty(),
                    before -> Map.of()),
                standing -> false));

    assertEquals(id, found.rollout().id());
    assertEquals(1, await(after.list(10)).size());
    assertTrue(await(after.run(KEY)).isPresent());
  }

  @Test
  void aKeyThatIsRefusedLeavesNothingBehind() {
    open();
    Run.Key other = new Run.Key("argo", "checkout", "other");

    String refused =
        await(
            opening(other, withoutFlag(), Optional.empty())
                .map(s -> "begun")
                .otherwise(f -> f instanceof Rollouts.Refused ? "refused" : f.toString()));

    assertEquals("refused", refused);
    assertTrue(await(store.run(other)).isEmpty());
  }

  @Test
  void silenceEndsARolloutThatMovesNoFlag() {
    leases.start();
    Standing standing = open();

    time.advance(Duration.ofMinutes(59));
    assertFalse(now(standing).ended());
    time.advance(Duration.ofMinutes(2));

    assertTrue(now(standing).stage() instanceof Stage.Aborted a && a.reason().contains("Nobody"));
    assertEquals(0, await(store.openRuns(10)).size());
  }

  @Test
  void silenceTakesUsersBackWhereWeMoveAFlag() {
    leases.start();
    Standing standing = await(opening(KEY, Scenes.plan("checkout"), Optional.empty()));

    time.advance(Duration.ofMinutes(61));

    assertTrue(now(standing).stage() instanceof Stage.RollingBack);
  }

  @Test
  void whoAsksKeepsItAlive() {
    leases.start();
    Standing standing = await(opening(KEY, withoutFlag(), Optional.of(Duration.ofMinutes(10))));
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMinutes(9));
      await(runs.find(KEY, Optional.empty()));
    }
    assertFalse(now(standing).ended());

    time.advance(Duration.ofMinutes(12));
    assertTrue(now(standing).ended());
  }

  @Test
  void silenceThatWeCouldNotHearDoesNotCount() {
    Standing standing = open();
    time.advance(Duration.ofHours(5));

    leases.start();
    time.advance(Duration.ofMinutes(58));

    assertFalse(now(standing).ended());
  }

  @Test
  void askingWritesOnceAMinuteAtMost() {
    open();
    long version = await(store.run(KEY)).orElseThrow().version();
    for (int i = 0; i < 50; i++) {
      time.advance(Duration.ofSeconds(1));
      await(runs.find(KEY, Optional.empty()));
    }
    assertEquals(version, await(store.run(KEY)).orElseThrow().version());
  }

  @Test
  void aResetGivesTheKeyBack() {
    Standing first = open();
    await(runs.reset(first, ARGO, "again"));

    Standing second = open();

    assertTrue(now(first).ended());
    assertFalse(first.rollout().id().equals(second.rollout().id()));
    assertFalse(second.isReset());
  }

  @Test
  void whatWasCompletedStaysSo() {
    Standing standing = open();
    rollouts.tell(standing.rollout().id(), new Command.Promote(Scenes.ANNA, "good"));
    leases.start();
    time.advance(Duration.ofDays(3));

    assertTrue(open().rollout().stage() instanceof Stage.Completed);
  }
}
