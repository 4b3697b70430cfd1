package dev.sluice.service.http.controllers;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.HttpProblem;
import dev.sluice.service.http.PlansApi;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.runs.Runs;
import dev.sluice.service.runs.Runs.Standing;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.PlanText;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the dialects share: a run by the name the caller has for it, and what is advised.
 *
 * <p>A run may have revisions. A revision that was never seen begins a new rollout and ends the one
 * before; one that was seen earlier and superseded since begins nothing, so that a controller's
 * last questions about the old version do not bring it back.
 */
public final class Desk {
  private static final String REVISION = "revision";
  private static final String EARLIER = "earlier";
  private static final int REMEMBERED = 50;

  private final RolloutStore store;
  private final Runs runs;
  private final PlansApi plans;
  private final Decider decider;
  private final InstantSource clock;

  public Desk(RolloutStore store, Runs runs, PlansApi plans, Decider decider, InstantSource clock) {
    this.store = store;
    this.runs = runs;
    this.plans = plans;
    this.decider = decider;
    this.clock = clock;
  }

  public Runs runs() {
    return runs;
  }

  public PlansApi plans() {
    return plans;
  }

  public RolloutStore store() {
    return store;
  }

  public Advised advise(Rollout rollout, Optional<String> step) {
    return Advised.of(rollout, Steps.index(rollout, step), decider, clock.instant());
  }

  public Decider decider() {
    return decider;
  }

  public InstantSource clock() {
    return clock;
  }

  /** The name in the query; fails with a refusal where it cannot be one. */
  public Optional<Run.Key> key(Call call, String controller) {
    String plan = call.plan();
    return call.query("run").map(name -> key(controller, plan, name));
  }

  public static Run.Key key(String controller, String plan, String name) {
    if (name.contains("{{") || name.contains("${")) {
      throw Call.bad("'run' is '" + clean(name) + "': a template that nobody has filled in.");
    }
    try {
      return new Run.Key(controller, plan, name);
    } catch (IllegalArgumentException e) {
      throw Call.bad(
          "'run' must have 1 to "
              + Run.Key.LONGEST_NAME
              + " characters and no control characters.");
    }
  }

  private static String clean(String text) {
    String visible = text.replaceAll("\\p{Cntrl}", "?");
    return visible.length() > 100 ? visible.substring(0, 100) : visible;
  }

  public static Actor actor(Run.Key key) {
    return Actor.controller(key.toString());
  }

  /** Create or get; fails with {@link Rollouts.Refused} where it cannot begin. */
  public Future<Standing> open(Run.Key key, Call call, Optional<String> revision) {
    return open(key, call, revision, standing -> false);
  }

  /**
   * @param over whether the run that stands is an old story
   */
  public Future<Standing> open(
      Run.Key key, Call call, Optional<String> revision, Predicate<Standing> over) {
    return runs.open(
        new Runs.Wish(
            key,
            actor(key),
            () -> plans.startable(key.plan()),
            call.lease(),
            before -> revision.map(r -> notes(before, r)).orElse(Map.of())),
        standing ->
            over.test(standing) || revision.filter(r -> isNew(standing.run(), r)).isPresent());
  }

  /** The revision in the query. */
  public static Optional<String> revision(Call call) {
    Optional<String> revision = call.query("revision");
    if (revision.filter(r -> !r.matches("[-A-Za-z0-9._]{1,100}")).isPresent()) {
      throw Call.bad("'revision' must have 1 to 100 letters, digits or -._ and no others.");
    }
    return revision;
  }

  private static boolean isNew(Run run, String revision) {
    return !revision.equals(run.notes().get(REVISION)) && !earlier(run).contains(revision);
  }

  private static List<String> earlier(Run run) {
    return Arrays.asList(run.notes().getOrDefault(EARLIER, "").split(" ", -1));
  }

  /** What was superseded is remembered with the run that came after. */
  private static Map<String, String> notes(Optional<Run> before, String revision) {
    List<String> all = new ArrayList<>();
    before.ifPresent(
        run -> {
          all.addAll(earlier(run));
          all.add(run.notes().getOrDefault(REVISION, ""));
        });
    all.removeIf(r -> r.isEmpty() || r.equals(revision));
    List<String> last = all.subList(Math.max(0, all.size() - REMEMBERED), all.size());
    return Map.of(REVISION, revision, EARLIER, String.join(" ", last));
  }

  /** Whether this question is about a revision that another one has taken the place of. */
  public static boolean superseded(Run run, Optional<String> revision) {
    return revision
        .filter(r -> run.notes().containsKey(REVISION) && !r.equals(run.notes().get(REVISION)))
        .isPresent();
  }

  /** The newest rollout of a plan; empty where it says nothing of the plan as it is now. */
  public Future<Optional<Rollout>> latest(String plan) {
    return Future.all(store.latestOf(plan), plans.stored(plan))
        .map(
            both -> {
              Optional<Rollout> rollout = both.resultAt(0);
              PlanText text = both.resultAt(1);
              return rollout.filter(r -> !r.ended() || r.plan().hash().equals(text.hash()));
            });
  }

  public static HttpProblem unknownRun(String name) {
    return HttpProblem.of(
        404,
        "unknown-run",
        "There is no such run",
        "No rollout was begun for run '" + clean(name) + "'.");
  }
}
