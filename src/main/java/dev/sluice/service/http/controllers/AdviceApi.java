package dev.sluice.service.http.controllers;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.Fields;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.runs.Runs.Standing;
import dev.sluice.service.store.Run;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * For controllers that ask the same address again and again and read the decision from the body:
 * the web provider of Argo Rollouts, the http step of Kargo. With a run the first question begins a
 * rollout and every other one gets it; without one the plan's newest rollout answers.
 *
 * <p>The status is 200 whatever the decision: these clients take any 2xx for "there is a body", and
 * everything else for trouble of ours.
 */
public final class AdviceApi {
  private static final List<String> OUTCOMES = List.of("aborted", "completed");

  private final Desk desk;
  private final String controller;

  /**
   * @param controller first part of the address, and of the keys of its runs
   */
  public AdviceApi(Desk desk, String controller) {
    this.desk = desk;
    this.controller = controller;
  }

  public List<Endpoint> endpoints() {
    String path = "/" + controller + "/{name}";
    List<Endpoint> all = new ArrayList<>();
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT)) {
      all.add(asking(method, path));
    }
    all.add(
        Endpoint.post(path + "/ended", Role.OPERATOR, Endpoint.Body.JSON, this::ended)
            .knowing("run"));
    all.add(
        Endpoint.post(path + "/reset", Role.OPERATOR, Endpoint.Body.ANY, this::reset)
            .knowing("run"));
    return all;
  }

  /** The body of a POST or PUT says nothing to us; some clients cannot send none. */
  private Endpoint asking(HttpMethod method, String path) {
    Endpoint endpoint =
        method.equals(HttpMethod.GET)
            ? Endpoint.get(path, Role.AUTHOR, this::advise)
            : method.equals(HttpMethod.POST)
                ? Endpoint.post(path, Role.AUTHOR, Endpoint.Body.ANY, this::advise)
                : Endpoint.put(path, Role.AUTHOR, Endpoint.Body.ANY, this::advise);
    return endpoint.knowing("run", "revision", "step", "lease").acting();
  }

  private Future<Answer> advise(Call call) {
    String plan = call.plan();
    Optional<String> step = call.query("step");
    Optional<String> revision = Desk.revision(call);
    Optional<Run.Key> key = desk.key(call, controller);
    Future<Advised> advised =
        key.isPresent()
            ? ofRun(call, key.get(), revision, step)
            : desk.latest(plan)
                .map(
                    found ->
                        found
                            .map(rollout -> desk.advise(rollout, step))
                            .orElseGet(
                                () ->
                                    Advised.waiting(
                                        plan, "Plan " + plan + " is not started yet.")));
    return advised.map(body -> Answer.json(200, body));
  }

  /** What cannot begin now has to wait; the sentence says for what. */
  private Future<Advised> ofRun(
      Call call, Run.Key key, Optional<String> revision, Optional<String> step) {
    return desk.open(key, call, revision)
        .map(
            standing ->
                Desk.superseded(standing.run(), revision)
                    ? Advised.waiting(
                        key.plan(),
                        "Revision "
                            + revision.orElse("")
                            + " was superseded. To begin it again, reset the run.")
                    : desk.advise(standing.rollout(), step))
        .recover(
            failure ->
                failure instanceof Rollouts.Refused refused
                    ? Future.succeededFuture(
                        Advised.waiting(key.plan(), refused.rejection().sentence()))
                    : Future.failedFuture(failure));
  }

  /** A notification: the controller will not ask again. */
  private Future<Answer> ended(Call call) {
    Fields fields = Fields.of(call.body(), List.of("run", "revision", "outcome"));
    Optional<String> run = call.query("run").or(() -> fields.text("run", Run.Key.LONGEST_NAME));
    Optional<String> revision = fields.text("revision", 100);
    String outcome = fields.needed("outcome", 20);
    if (!OUTCOMES.contains(outcome)) {
      fields.mistake("/outcome", "'outcome' must be aborted or completed.");
    }
    if (run.isEmpty()) {
      fields.mistake("/run", "'run' is missing.");
    }
    fields.check();
    Run.Key key = Desk.key(controller, call.plan(), run.orElse(""));
    return desk.runs()
        .find(key, Optional.empty())
        .compose(
            found ->
                found
                    .filter(s -> !Desk.superseded(s.run(), revision))
                    .map(s -> ended(s, Desk.actor(key), outcome))
                    .orElseGet(() -> Future.succeededFuture(Answer.empty(204))));
  }

  /** After an abort the same hash may be tried again: it gets a rollout of its own. */
  private Future<Answer> ended(Standing standing, Actor actor, String outcome) {
    String reason = controller + " says that it has " + outcome + ".";
    Future<Standing> after =
        outcome.equals("aborted")
            ? desk.runs().reset(standing, actor, reason)
            : standing.rollout().plan().flag().isPresent()
                ? Future.succeededFuture(standing)
                : desk.runs().end(standing, actor, reason);
    return after.map(s -> Answer.empty(204));
  }

  private Future<Answer> reset(Call call) {
    Run.Key key =
        desk.key(call, controller)
            .orElseThrow(() -> Call.bad("'run' is missing: say which run begins anew."));
    return desk.runs()
        .find(key, Optional.empty())
        .map(found -> found.orElseThrow(() -> Desk.unknownRun(key.name()).refusal()))
        .compose(s -> desk.runs().reset(s, call.caller().actor(), "The run is reset."))
        .map(s -> Answer.json(200, desk.advise(s.rollout(), Optional.empty())));
  }
}
