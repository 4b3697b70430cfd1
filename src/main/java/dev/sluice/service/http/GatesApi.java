package dev.sluice.service.http;

import dev.sluice.gates.plan.Step;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Gate;
import dev.sluice.service.http.view.GateView;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.PlanText;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * May I go on? Answered for programs, from what is known: nothing is judged because of a question.
 */
final class GatesApi {
  private static final Logger LOG = LoggerFactory.getLogger(GatesApi.class);
  private static final String GATE = "/api/v1/gates/{name}";

  private final RolloutStore store;
  private final Decider decider;
  private final InstantSource clock;

  GatesApi(RolloutStore store, Decider decider, InstantSource clock) {
    this.store = store;
    this.decider = decider;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(GATE, Role.VIEWER, this::gate).knowing("step", "rollout", "since"),
        Endpoint.get(GATE + "/check", Role.VIEWER, this::check).knowing("step", "rollout", "since"),
        Endpoint.get(GATE + "/{step}", Role.VIEWER, this::gate).knowing("rollout", "since"));
  }

  /** The answer as JSON. It is a 200 whatever the word is: the word is the answer. */
  private Future<Answer> gate(Call call) {
    return view(call).map(view -> marked(Answer.json(readable(view) ? 200 : 503, view), view));
  }

  private static boolean readable(GateView view) {
    return view.rollout().isPresent() || !view.gate().equals("error");
  }

  /** The answer as a status, for callers that cannot read more. Only a yes is a 2xx. */
  private Future<Answer> check(Call call) {
    boolean json = call.header("Accept").filter(a -> a.contains("application/json")).isPresent();
    return view(call)
        .map(
            view -> {
              int status =
                  switch (view.gate()) {
                    case "open" -> 200;
                    case "error" -> 503;
                    default -> 403;
                  };
              return marked(
                  json
                      ? Answer.json(status, view)
                      : Answer.text(status, view.gate() + ": " + oneLine(view.reason()) + "\n"),
                  view);
            });
  }

  private static String oneLine(String reason) {
    return reason.replaceAll("\\s+", " ");
  }

  private static Answer marked(Answer answer, GateView view) {
    return answer.with("Gate-State", view.gate());
  }

  private Future<GateView> view(Call call) {
    String plan = call.plan();
    Optional<String> step =
        call.query("step").or(() -> Optional.of(call.path("step")).filter(s -> !s.isEmpty()));
    Optional<Instant> since = call.instant("since");
    Optional<RolloutId> id = call.query("rollout").map(Call::rolloutId);
    return Future.all(wanted(plan, id), store.plan(plan))
        .map(
            both -> {
              Optional<Rollout> rollout = both.resultAt(0);
              Optional<PlanText> text = both.resultAt(1);
              return view(plan, step, since, id, rollout, text);
            })
        .recover(
            failure -> {
              if (failure instanceof Refusal) {
                return Future.failedFuture(failure);
              }
              LOG.error("The gate of plan {} cannot be read", plan, failure);
              return Future.succeededFuture(
                  Gate.unreadable(plan, step, "The state cannot be read: ask again."));
            });
  }

  private Future<Optional<Rollout>> wanted(String plan, Optional<RolloutId> id) {
    return id.map(
            i ->
                store
                    .load(i)
                    .map(
                        found ->
                            found
                                .map(RolloutStore.Stored::rollout)
                                .filter(r -> r.plan().name().equals(plan))))
        .orElseGet(() -> store.latestOf(plan));
  }

  private GateView view(
      String plan,
      Optional<String> step,
      Optional<Instant> since,
      Optional<RolloutId> id,
      Optional<Rollout> found,
      Optional<PlanText> text) {
    if (found.isEmpty()) {
      if (id.isPresent()) {
        throw Problems.unknownRollout(id.get().value()).refusal();
      }
      if (text.isEmpty()) {
        throw Problems.unknownPlan(plan).refusal();
      }
      return Gate.notStarted(plan, step, "Plan " + plan + " was not started yet.");
    }
    Rollout rollout = found.get();
    if (since.isPresent() && rollout.startedAt().isBefore(since.get())) {
      return Gate.notStarted(
          plan, step, "Plan " + plan + " was not started since " + since.get() + ".");
    }
    if (id.isEmpty() && rollout.ended() && changedSince(rollout, text)) {
      return Gate.notStarted(
          plan,
          step,
          "Plan "
              + plan
              + " was changed after rollout "
              + rollout.id()
              + " and not started since.");
    }
    return Gate.of(rollout, index(rollout, step), decider, clock.instant());
  }

  /** A yes to the last revision is no yes to this one. */
  private static boolean changedSince(Rollout rollout, Optional<PlanText> text) {
    return text.filter(t -> !t.hash().equals(rollout.plan().hash())).isPresent();
  }

  private static int index(Rollout rollout, Optional<String> step) {
    List<String> ids = rollout.plan().steps().stream().map(Step::id).toList();
    int index = step.map(ids::indexOf).orElse(rollout.stepIndex());
    if (index < 0) {
      throw Problems.unknownStep(rollout.plan().name(), step.orElse(""), ids).refusal();
    }
    return index;
  }
}
