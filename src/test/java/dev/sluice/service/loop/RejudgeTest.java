package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Rejudged.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A look that was judged once gives the same verdict when it is judged again. */
class RejudgeTest extends LoopTest {
  private static final Instant BAD = World.MONDAY.plus(Duration.ofMinutes(20));

  private List<Rejudged> again(RolloutId id) {
    List<Rejudged> all = new ArrayList<>();
    world.now(world.engine().rejudge(id, all::add));
    return all;
  }

  private RolloutId ran(Plan plan, Instant badFrom) {
    world.sources.put("prod", Shop.of(7, badFrom, world::shareAt).source());
    world.begin().start(plan);
    world.pass(Duration.ofMinutes(40));
    return only(world);
  }

  @Test
  void everyVerdictIsFoundAgainToTheLastBit() {
    RolloutId id = ran(plan(), BAD);

    List<Rejudged> all = again(id);

    assertEquals(looks(id), all.stream().map(Rejudged::look).toList());
    assertTrue(all.stream().allMatch(Rejudged::same), all::toString);
    assertTrue(all.size() > 10, "only " + all.size());
  }

  @Test
  void theFirstLookOfWhichTheDataChangedIsNamedAndEndsIt() {
    RolloutId id = ran(plan(), BAD);

    world.sources.put("prod", Shop.of(7, BAD.minusSeconds(600), world::shareAt).source());
    world.kill();
    world.begin();
    List<Rejudged> all = again(id);

    assertEquals(Outcome.DATA_CHANGED, all.getLast().outcome(), all::toString);
    assertTrue(all.size() < looks(id).size(), all::toString);
    assertTrue(all.subList(0, all.size() - 1).stream().allMatch(Rejudged::same));
  }

  @Test
  void judgingAgainWritesNothingAndEndsWhenItIsToldTo() {
    RolloutId id = ran(plan(), Instant.MAX);
    long version = world.now(world.stored.load(id)).orElseThrow().rollout().version();
    List<Rejudged> all = new ArrayList<>();

    world.now(
        world
            .engine()
            .rejudge(
                id,
                look -> {
                  all.add(look);
                  return all.size() < 3;
                }));

    assertEquals(3, all.size());
    assertEquals(version, world.now(world.stored.load(id)).orElseThrow().rollout().version());
  }
}
