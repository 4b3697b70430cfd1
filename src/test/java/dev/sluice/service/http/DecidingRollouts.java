package dev.sluice.service.http;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Outcome;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Rejudged;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * The use cases without the loop: the real decider on a store, and nobody who looks by himself. The
 * next calls can be made to fail.
 */
public final class DecidingRollouts implements Rollouts {
  private final RolloutStore store;
  private final Decider decider;
  private final InstantSource clock;
  private final Queue<RuntimeException> failures = new ArrayDeque<>();
  private final List<Command> told = new ArrayList<>();
  private List<Rejudged> rejudged = List.of();
  private int started;

  public DecidingRollouts(RolloutStore store, Decider decider, InstantSource clock) {
    this.store = store;
    this.decider = decider;
    this.clock = clock;
  }

  /** The next call fails with this, and so on for each that is given. */
  public void failNext(RuntimeException failure) {
    failures.add(failure);
  }

  /** Every command that got here, in order. */
  public List<Command> told() {
    return List.copyOf(told);
  }

  @Override
  public Future<Rollout> start(Plan plan, Actor actor, String why) {
    return store
        .latestOf(plan.name())
        .compose(
            latest ->
                latest.filter(r -> !r.ended()).isPresent()
                    ? running(latest.get())
                    : begin(new RolloutId(plan.name() + "-" + ++started), plan, actor, why));
  }

  @Override
  public Future<Rollout> start(RolloutId id, Plan plan, Actor actor) {
    return store
        .load(id)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get().rollout())
                    : store
                        .latestOf(plan.name())
                        .compose(
                            latest ->
                                latest.filter(r -> !r.ended()).isPresent()
                                    ? running(latest.get())
                                    : begin(id, plan, actor)));
  }

  /** The next one that is judged again gives these. */
  public void rejudgeAs(List<Rejudged> looks) {
    rejudged = List.copyOf(looks);
  }

  @Override
  public Future<Void> rejudge(RolloutId id, Predicate<Rejudged> told) {
    if (!failures.isEmpty()) {
      return Future.failedFuture(failures.remove());
    }
    return store
        .load(id)
        .map(
            found -> {
              if (found.isEmpty()) {
                throw new Unknown(id);
              }
              rejudged.stream().takeWhile(told).forEach(look -> {});
              return null;
            });
  }

  private static Future<Rollout> running(Rollout rollout) {
    return Future.failedFuture(
        new Refused(
            new Rejection(
                Rejection.Code.NOT_NOW,
                "Rollout " + rollout.id() + " of this plan is running. End it first.")));
  }

  /** With an id of the test's choice. */
  public Future<Rollout> begin(RolloutId id, Plan plan, Actor actor) {
    return begin(id, plan, actor, "");
  }

  private Future<Rollout> begin(RolloutId id, Plan plan, Actor actor, String why) {
    Optional<String> overFreeze = Optional.of(why).filter(w -> !w.isBlank());
    return switch (decider.start(id, plan, actor, overFreeze, clock.instant())) {
      case Outcome.Refused r -> Future.failedFuture(new Refused(r.rejection()));
      case Outcome.Accepted a -> {
        List<Event> events = a.events();
        Rollout first = Evolution.begin(id, plan, (Event.Started) events.getFirst());
        yield commit(folded(first, events.subList(1, events.size())), 0, events);
      }
    };
  }

  @Override
  public Future<Rollout> tell(RolloutId id, Command command, OptionalLong seen) {
    if (!failures.isEmpty()) {
      return Future.failedFuture(failures.remove());
    }
    return store
        .load(id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(new Unknown(id))
                    : decided(found.get().rollout(), command, seen));
  }

  private Future<Rollout> decided(Rollout rollout, Command command, OptionalLong seen) {
    if (seen.isPresent() && seen.getAsLong() != rollout.version()) {
      return Future.failedFuture(new Stale(rollout.id(), seen.getAsLong(), rollout.version()));
    }
    told.add(command);
    return switch (decider.decide(rollout, command, clock.instant())) {
      case Outcome.Refused r -> Future.failedFuture(new Refused(r.rejection()));
      case Outcome.Accepted a -> commit(folded(rollout, a.events()), rollout.version(), a.events());
    };
  }

  private static Rollout folded(Rollout rollout, List<Event> events) {
    Rollout now = rollout;
    for (Event event : events) {
      now = Evolution.evolve(now, event);
    }
    return now;
  }

  private Future<Rollout> commit(Rollout after, long expected, List<Event> events) {
    return store
        .commit(new RolloutStore.Commit(after, expected, events, Optional.empty(), List.of()))
        .map(v -> after);
  }
}
