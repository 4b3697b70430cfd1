package dev.sluice.service.http;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.config.ServerConfig.Role;
import dev.sluice.service.http.view.Verb;
import dev.sluice.service.loop.Rollouts;
import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rollouts, to start and to command. */
final class CommandsApi {
  private static final Logger LOG = LoggerFactory.getLogger(CommandsApi.class);
  private static final int LONGEST_REASON = 2000;
  private static final int ROLLBACK_ATTEMPTS = 5;
  private static final Duration LONGEST_EXTENSION = Duration.ofDays(366);
  private static final List<String> FIELDS = List.of("reason", "expectedVersion");
  private static final List<String> WITH_TIME = List.of("by", "reason", "expectedVersion");

  private final Rollouts rollouts;
  private final RolloutStore store;
  private final RolloutsApi reading;
  private final PlansApi plans;
  private final Waiters waiters;
  private final InstantSource clock;
  private final IdempotencyKeys keys;
  private final Turns turns = new Turns();

  CommandsApi(
      Rollouts rollouts,
      RolloutStore store,
      RolloutsApi reading,
      PlansApi plans,
      Waiters waiters,
      InstantSource clock) {
    this.rollouts = rollouts;
    this.store = store;
    this.reading = reading;
    this.plans = plans;
    this.waiters = waiters;
    this.clock = clock;
    this.keys = new IdempotencyKeys(store, clock);
  }

  List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        Endpoint.post(
            PlansApi.PLAN + "/rollouts", Role.AUTHOR, Endpoint.Body.JSON, this::startStored));
    all.add(
        Endpoint.post(RolloutsApi.ROLLOUTS, Role.AUTHOR, Endpoint.Body.PLAN, this::startHandedIn)
            .knowing("reason"));
    for (Verb verb : Verb.values()) {
      for (String separator : List.of(":", "/")) {
        all.add(
            Endpoint.post(
                RolloutsApi.ROLLOUT + separator + verb.word(),
                verb.role(),
                verb == Verb.ROLLBACK ? Endpoint.Body.ANY : Endpoint.Body.JSON,
                call -> command(call, verb)));
      }
    }
    return all;
  }

  private Future<Answer> startStored(Call call) {
    String name = call.plan();
    Fields fields = Fields.of(call.body(), List.of("reason"));
    String why = fields.text("reason", LONGEST_REASON).orElse("");
    fields.check();
    return start(
        call,
        name,
        () -> plans.stored(name).compose(text -> begin(call, plans.read(text.text()), why)));
  }

  /** The text is kept as the plan's newest revision, but only when its rollout has begun. */
  private Future<Answer> startHandedIn(Call call) {
    PlansApi.Handed handed = plans.handedIn(call.body());
    String why = call.query("reason").orElse("");
    return start(
        call,
        handed.plan().name(),
        () -> begin(call, handed.plan(), why).compose(id -> keep(handed).map(v -> id)));
  }

  private Future<RolloutId> begin(Call call, Plan plan, String why) {
    return rollouts.start(plan, call.caller().actor(), why).map(Rollout::id);
  }

  /** The rollout runs and knows its plan; a text that could not be kept as well stops nothing. */
  private Future<Void> keep(PlansApi.Handed handed) {
    return store
        .putPlan(handed.stored(clock.instant()))
        .recover(
            failure -> {
              LOG.warn("The text of plan {} could not be kept", handed.plan().name(), failure);
              return Future.succeededFuture();
            });
  }

  private Future<Answer> start(Call call, String plan, Supplier<Future<RolloutId>> work) {
    Optional<String> key = call.header("Idempotency-Key");
    Future<IdempotencyKeys.Started> started =
        key.isEmpty()
            ? work.get().map(id -> new IdempotencyKeys.Started(id, false))
            : keys.once(
                new IdempotencyKeys.Asked(
                    call.caller().name(), checked(key.get()), plan, fingerprint(call, plan)),
                work);
    return started.compose(
        done ->
            reading
                .load(done.id())
                .map(
                    rollout -> {
                      Answer answer =
                          reading
                              .shown(call, 201, rollout)
                              .with("Location", RolloutsApi.ROLLOUTS + "/" + done.id());
                      return done.replayed() ? answer.with("Idempotent-Replayed", "true") : answer;
                    }));
  }

  private static String checked(String key) {
    if (!key.matches("[!-~]{1,255}")) {
      throw Problems.badRequest(
              "Idempotency-Key must have 1 to 255 visible ASCII characters without spaces.")
          .refusal();
    }
    return key;
  }

  private static String fingerprint(Call call, String plan) {
    String path = call.context().request().path();
    return path + " " + plan + " " + HexFormat.of().formatHex(Tokens.sha256(text(call.body())));
  }

  private static String text(Buffer body) {
    return body.toString();
  }

  private Future<Answer> command(Call call, Verb verb) {
    RolloutId id = call.rollout();
    Future<Rollout> done =
        verb == Verb.ROLLBACK
            ? rollback(id, new Command.RollBack(call.caller().actor(), anyReason(call.body())), 1)
            : checked(call, id, verb);
    return done.map(
        rollout -> {
          waiters.changed(id, rollout.version());
          return reading.shown(call, 200, rollout);
        });
  }

  private Future<Rollout> checked(Call call, RolloutId id, Verb verb) {
    boolean timed = verb == Verb.EXTEND;
    Fields fields = Fields.of(call.body(), timed ? WITH_TIME : FIELDS);
    String reason = fields.text("reason", LONGEST_REASON).orElse("");
    OptionalLong expected = fields.count("expectedVersion");
    Duration by = timed ? fields.neededDuration("by", LONGEST_EXTENSION) : Duration.ZERO;
    fields.check();
    Command command = verb.command(call.caller().actor(), reason, by);
    return turns.take(id, () -> rollouts.tell(id, command, expected));
  }

  /**
   * A rollback needs nothing: no version, no queue, no body that can be read. Where somebody else
   * wrote at the same moment it is asked again.
   */
  private Future<Rollout> rollback(RolloutId id, Command.RollBack command, int attempt) {
    return rollouts
        .tell(id, command)
        .recover(
            failure -> {
              if (failure instanceof RolloutStore.VersionConflict) {
                return attempt < ROLLBACK_ATTEMPTS
                    ? rollback(id, command, attempt + 1)
                    : Future.failedFuture(Problems.rollbackNotWritten().refusal());
              }
              if (failure instanceof Rollouts.Refused || failure instanceof Rollouts.Unknown) {
                return Future.failedFuture(failure);
              }
              LOG.error("The rollback of {} could not be written down", id, failure);
              return Future.failedFuture(Problems.rollbackNotWritten().refusal());
            });
  }

  /** The reason in the body if there is one; what else is in it does not stand in the way. */
  private static String anyReason(Buffer body) {
    try {
      String reason = Fields.of(body, FIELDS).text("reason", Integer.MAX_VALUE).orElse("");
      return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    } catch (Refusal unreadable) {
      return "";
    }
  }
}
