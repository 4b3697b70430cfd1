package dev.sluice.service.http.flagger;

import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.Stage;
import dev.sluice.service.http.Answer;
import dev.sluice.service.http.Call;
import dev.sluice.service.http.Endpoint;
import dev.sluice.service.http.PlansApi;
import dev.sluice.service.http.controllers.Steps;
import dev.sluice.service.http.view.Advice;
import dev.sluice.service.http.view.Gate;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.runs.Runs;
import dev.sluice.service.runs.Runs.Standing;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flagger's webhooks, one address for each type of hook. Yes is 200. Every no is a 403 with one
 * line that Flagger shows in its event; what cannot be answered is another 4xx, because Flagger
 * loses the body of a 5xx and asks again. Nothing here waits for a metrics system.
 */
public final class FlaggerApi {
  private static final int LONGEST_LINE = 400;

  private final Runs runs;
  private final PlansApi plans;
  private final Decider decider;
  private final InstantSource clock;

  public FlaggerApi(Runs runs, PlansApi plans, Decider decider, InstantSource clock) {
    this.runs = runs;
    this.plans = plans;
    this.decider = decider;
    this.clock = clock;
  }

  /** What one hook is answered with. */
  private record Reply(boolean yes, String sentence) {
    Answer answer() {
      String line = (yes ? "yes: " : "no: ") + sentence.replaceAll("\\s+", " ");
      String cut = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
      return Answer.text(yes ? 200 : 403, cut + "\n");
    }
  }

  public List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    for (Hook hook : Hook.values()) {
      all.add(
          Endpoint.post(
                  "/flagger/{name}/" + hook.word(),
                  hook.role(),
                  Endpoint.Body.JSON,
                  call -> answered(call, hook))
              .knowing("step", "lease")
              .saying(Endpoint.Voice.LINE));
    }
    return all;
  }

  private Future<Answer> answered(Call call, Hook hook) {
    Asked asked = Asked.read(call.body());
    return reply(call, hook, asked)
        .recover(
            failure ->
                failure instanceof Rollouts.Refused refused
                    ? Future.succeededFuture(no(refused.rejection().sentence()))
                    : Future.failedFuture(failure))
        .map(Reply::answer);
  }

  private Future<Reply> reply(Call call, Hook hook, Asked asked) {
    return switch (hook) {
      case CONFIRM_ROLLOUT -> opened(call, asked).map(this::mayBegin);
      case PRE_ROLLOUT -> current(call, asked).map(this::mayBegin);
      case ROLLOUT -> current(call, asked).map(this::notClosed);
      case CONFIRM_TRAFFIC_INCREASE -> current(call, asked).compose(s -> mayRaise(call, s));
      case CONFIRM_PROMOTION -> current(call, asked).map(s -> mayPromote(call, s));
      case ROLLBACK -> known(call, asked).map(FlaggerApi::takenBack);
      case POST_ROLLOUT -> known(call, asked).compose(found -> finished(asked, found));
      case EVENT -> known(call, asked).compose(found -> heard(asked, found));
    };
  }

  private static Reply yes(String sentence) {
    return new Reply(true, sentence);
  }

  private static Reply no(String sentence) {
    return new Reply(false, sentence);
  }

  private Runs.Wish wish(Call call, Asked asked, Map<String, String> notes) {
    String plan = call.plan();
    return new Runs.Wish(
        asked.key(plan),
        Actor.controller("flagger " + asked.namespace() + "/" + asked.name()),
        () -> plans.startable(plan),
        call.lease(),
        before -> notes);
  }

  /** The run of the revision that is about to begin. */
  private Future<Standing> opened(Call call, Asked asked) {
    return runs.open(
        wish(call, asked, Revision.after(asked.checksum())),
        standing -> Revision.nextOne(standing, asked.checksum()));
  }

  /** The run of the revision that is being analysed. */
  private Future<Standing> current(Call call, Asked asked) {
    return runs.open(
            wish(call, asked, Revision.own(asked.checksum())),
            standing -> Revision.otherOne(standing.run(), asked.checksum()))
        .compose(s -> bound(s, asked));
  }

  private Future<Standing> bound(Standing standing, Asked asked) {
    return Revision.bind(standing.run(), asked.checksum()).isEmpty()
        ? Future.succeededFuture(standing)
        : runs.note(standing, run -> Revision.bind(run, asked.checksum()));
  }

  /** The same, where asking alone must begin nothing. */
  private Future<Optional<Standing>> known(Call call, Asked asked) {
    return runs.find(asked.key(call.plan()), call.lease())
        .map(
            found ->
                found.filter(s -> !s.isReset() && !Revision.otherOne(s.run(), asked.checksum())));
  }

  private Reply mayBegin(Standing standing) {
    Rollout rollout = standing.rollout();
    return Gate.holdsBack(rollout, decider, clock.instant())
        .map(FlaggerApi::no)
        .orElseGet(() -> yes("Rollout " + rollout.id() + " has begun."));
  }

  private Reply notClosed(Standing standing) {
    Rollout rollout = standing.rollout();
    Instant now = clock.instant();
    var gate = Gate.of(rollout, rollout.stepIndex(), decider, now);
    return gate.gate().equals("closed")
        ? no(gate.reason())
        : yes("Nothing speaks against it. " + gate.reason());
  }

  /** With a step in the address the step's gate answers, else what the plan has opened so far. */
  private Future<Reply> mayRaise(Call call, Standing standing) {
    Optional<Reply> ofStep = gateOfStep(call, standing);
    if (ofStep.isPresent()) {
      return Future.succeededFuture(ofStep.get());
    }
    Instant now = clock.instant();
    Rollout rollout = standing.rollout();
    String gate = Gate.of(rollout, rollout.stepIndex(), decider, now).reason();
    Grant grant = new Grant(standing.run(), rollout, now);
    Optional<String> refusal = Gate.holdsBack(rollout, decider, now).or(() -> grant.refusal(gate));
    if (refusal.isPresent()) {
      return Future.succeededFuture(no(refusal.get()));
    }
    Reply granted = yes("Up to " + rollout.applied() + " is open.");
    Map<String, String> noted = grant.noted();
    return noted.isEmpty()
        ? Future.succeededFuture(granted)
        : runs.note(standing, run -> noted).map(s -> granted);
  }

  private Optional<Reply> gateOfStep(Call call, Standing standing) {
    return call.query("step")
        .map(
            step -> {
              Rollout rollout = standing.rollout();
              var gate = Gate.of(rollout, Steps.index(rollout, step), decider, clock.instant());
              return new Reply(gate.gate().equals("open"), gate.reason());
            });
  }

  /** Promotion gives everybody the new version: the plan must have opened all of it. */
  private Reply mayPromote(Call call, Standing standing) {
    return gateOfStep(call, standing)
        .orElseGet(
            () -> {
              Rollout rollout = standing.rollout();
              Instant now = clock.instant();
              Optional<String> against = Gate.holdsBack(rollout, decider, now);
              if (against.isPresent()) {
                return no(against.get());
              }
              boolean everybody =
                  rollout.stage() instanceof Stage.Completed || rollout.applied().percent() >= 100;
              return everybody
                  ? yes("Everything the plan asks for is shown.")
                  : no(Gate.of(rollout, rollout.stepIndex(), decider, now).reason());
            });
  }

  /** Only a rollback that was decided is one; everything else goes on. */
  private static Reply takenBack(Optional<Standing> found) {
    if (found.isEmpty()) {
      return no("There is no rollout for this revision.");
    }
    Rollout rollout = found.get().rollout();
    return Advice.takenBack(rollout)
        ? yes(rollout.lastDecision().map(d -> d.reason().sentence()).orElse("It is taken back."))
        : no("No rollback was decided.");
  }

  private Future<Reply> finished(Asked asked, Optional<Standing> found) {
    Reply noted = yes("Noted.");
    if (found.isEmpty()) {
      return Future.succeededFuture(noted);
    }
    Actor flagger = Actor.controller("flagger " + asked.namespace() + "/" + asked.name());
    boolean promoted = asked.phase().equals("Succeeded");
    boolean ours = found.get().rollout().plan().flag().isPresent();
    Future<Standing> ended =
        promoted && ours
            ? Future.succeededFuture(found.get())
            : runs.end(found.get(), flagger, "Flagger says: " + asked.phase() + ".");
    return ended
        .compose(s -> runs.note(s, run -> Revision.finished(asked.phase())))
        .map(s -> noted);
  }

  private Future<Reply> heard(Asked asked, Optional<Standing> found) {
    Reply noted = yes("Noted.");
    if (found.isEmpty() || asked.weight().isEmpty()) {
      return Future.succeededFuture(noted);
    }
    String weight = asked.weight().get();
    return runs.note(
            found.get(),
            run -> weight.equals(run.notes().get("weight")) ? Map.of() : Grant.weight(weight))
        .map(s -> noted);
  }
}
