package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The process may die at any moment: between any two pieces of work, just before a commit, just
 * after it and before anybody was told. Whoever comes up in its place goes on as if nothing had
 * happened.
 */
class RestartTest {
  private static final int WORLDS = 60;
  private static final Duration TIME = Duration.ofMinutes(50);

  /** What people and the metrics system do in this world, whatever the process does. */
  private record Script(long seed) {
    Instant badFrom() {
      return seed % 3 == 0 ? World.MONDAY.plus(Duration.ofMinutes(5 + seed % 20)) : Instant.MAX;
    }

    boolean losesItsSource() {
      return seed % 4 == 1;
    }

    boolean isPaused() {
      return seed % 5 == 2;
    }
  }

  private static World world(Script script) {
    World world = new World();
    world.sources.put("prod", Shop.of(script.seed(), script.badFrom(), world::shareAt).source());
    return world;
  }

  private static Plan plan() {
    TestPlans draft = new TestPlans();
    draft.atLeast = Duration.ofMinutes(14);
    return draft.plan();
  }

  /** When a process dies, and who brings it back. */
  private static final class Fate {
    private final World world;
    private final SplittableRandom random;
    private boolean sparing;
    private int deaths;

    private Fate(World world, long seed) {
      this.world = world;
      this.random = new SplittableRandom(seed);
    }

    /** Nothing happens. */
    static Fate kind(World world) {
      Fate fate = new Fate(world, 0);
      fate.sparing = true;
      return fate;
    }

    /** Death may come at any moment, and a second later at the latest there is a new process. */
    static Fate cruel(World world, Fuse fuse, long seed) {
      Fate fate = new Fate(world, seed);
      world.mayDie = () -> fate.strikes(120);
      fuse.dieWhen(() -> fate.strikes(8), () -> fate.strikes(8));
      fate.lookAround();
      return fate;
    }

    private boolean strikes(int oneIn) {
      return !sparing && random.nextInt(oneIn) == 0;
    }

    private void lookAround() {
      spare(() -> {});
      world.time.after(Duration.ofSeconds(1), this::lookAround);
    }

    private void revive() {
      if (world.life().dead()) {
        deaths++;
        world.begin();
      }
    }

    /** What people do is theirs: the process is there and lives while it listens to them. */
    void spare(Runnable work) {
      boolean before = sparing;
      sparing = true;
      revive();
      work.run();
      world.settle();
      sparing = before;
    }
  }

  /** Minute by minute, so that what people do falls on the same moment in every telling. */
  private static void tell(World world, Script script, RolloutId id, Fate fate) {
    for (int minute = 0; minute < TIME.toMinutes(); minute++) {
      world.passUntil(World.MONDAY.plus(Duration.ofMinutes(minute)).plusSeconds(45));
      // Over before the step could be left: how soon after an outage the first fresh look comes is
      // a matter of waits, and so is the look on which the exposure is raised.
      if (script.losesItsSource() && minute == 5) {
        world.prod().lose("connection refused");
      }
      if (script.losesItsSource() && minute == 9) {
        world.prod().find();
      }
      if (script.isPaused() && minute == 3) {
        fate.spare(() -> world.tell(id, new Command.Pause(World.ANNA, "lunch")));
      }
      if (script.isPaused() && minute == 6) {
        fate.spare(() -> world.tell(id, new Command.Resume(World.ANNA, "")));
      }
    }
    fate.spare(() -> world.pass(Duration.ofSeconds(5)));
  }

  /**
   * The events as they are stored, without the instants at which they were written: a restart takes
   * a moment.
   */
  private static List<String> log(World world, RolloutId id) {
    List<String> log = new ArrayList<>();
    for (Event event : world.events(id)) {
      log.add(SluiceJson.write(event).replaceAll("\"at\":\"[^\"]*\"", "\"at\":\"\""));
    }
    return log;
  }

  @Test
  void restartsAtAnyMomentChangeNothing() {
    int deaths = 0;
    int rolledBack = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Script script = new Script(seed);
      World calm = world(script).begin();
      RolloutId id = calm.start(plan());
      tell(calm, script, id, Fate.kind(calm));

      World wild = world(script);
      Fuse fuse = new Fuse(wild);
      wild.storeSeenBy = fuse::around;
      wild.begin();
      assertEquals(id, wild.start(plan()), "the same life, so far");
      Fate fate = Fate.cruel(wild, fuse, seed);
      tell(wild, script, id, fate);
      deaths += fate.deaths;

      List<String> expected = log(calm, id);
      List<String> real = log(wild, id);
      for (int i = 0; i < Math.min(expected.size(), real.size()); i++) {
        assertEquals(expected.get(i), real.get(i), "world " + seed + ", event " + i);
      }
      assertEquals(expected.size(), real.size(), "world " + seed);
      assertEquals(calm.flagged(), distinct(wild.flagged()), "world " + seed);
      rolledBack += calm.flagged().getLast().equals("0.0") ? 1 : 0;
    }
    assertTrue(deaths > 15 * WORLDS, "died only " + deaths + " times");
    assertTrue(rolledBack > WORLDS / 10, "rolled back only " + rolledBack + " times");
  }

  /** A flag may be told twice; told twice the same it is told once. */
  private static List<String> distinct(List<String> told) {
    List<String> distinct = new ArrayList<>();
    for (String percent : told) {
      if (distinct.isEmpty() || !distinct.getLast().equals(percent)) {
        distinct.add(percent);
      }
    }
    return distinct;
  }
}
