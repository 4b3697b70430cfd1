package dev.sluice.service.loop;

import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Rejection;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.ScriptedMetricSource;
import dev.sluice.service.outbox.Composer;
import dev.sluice.service.outbox.FlagCommand;
import dev.sluice.service.outbox.Relay;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.InMemoryRolloutStore;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Everything around the loop, on virtual time: metrics, flags, people's chat, and a store that
 * outlives the process. The process itself can be ended at any moment and begun anew.
 */
final class World {
  /** A Monday, eight in the morning. */
  static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");

  static final Actor ANNA = Actor.person("anna");

  final ManualScheduler time = new ManualScheduler(MONDAY);
  final InMemoryRolloutStore stored = new InMemoryRolloutStore();
  final Map<String, MetricSource> sources = new HashMap<>();
  final List<Message> delivered = new ArrayList<>();

  /** Every state that was committed, in order. */
  final List<Rollout> news = new ArrayList<>();

  final PrometheusRegistry registry = new PrometheusRegistry();

  /** What stands between the process and the store. */
  UnaryOperator<RolloutStore> storeSeenBy = store -> store;

  /** What the process takes for the time. */
  InstantSource clock = time;

  /** How long the flag system takes. */
  Duration flagDelay = Duration.ofSeconds(2);

  /** Asked before every piece of work whether the process dies there. */
  BooleanSupplier mayDie = () -> false;

  /** Whether the flag system does what it is told. */
  boolean flagsObey = true;

  private final Telemetry telemetry = new Telemetry(registry);
  private Life life = new Life();

  World() {
    sources.put("prod", healthy().source());
  }

  /** A shop in which nothing is wrong and the split is as told. */
  Shop healthy() {
    return Shop.of(1, Instant.MAX, this::shareAt);
  }

  /** A share of the traffic that follows what the flag system was told. */
  double shareAt(Instant at) {
    double share = 0;
    for (Switched switched : switches) {
      share = switched.at().isAfter(at) ? share : switched.share();
    }
    return share;
  }

  private record Switched(Instant at, double share) {}

  private final List<Switched> switches = new ArrayList<>();

  ScriptedMetricSource prod() {
    return (ScriptedMetricSource) Objects.requireNonNull(sources.get("prod"));
  }

  /** One life of the process. */
  final class Life implements Scheduler {
    private boolean dead;

    @SuppressWarnings("NullAway.Init") // set by begin, which every life starts with
    private Engine engine;

    @SuppressWarnings("NullAway.Init")
    private Relay relay;

    @Override
    public Timer after(Duration delay, Runnable work) {
      return time.after(
          delay,
          () -> {
            if (!dead && mayDie.getAsBoolean()) {
              kill();
            }
            if (!dead) {
              work.run();
            }
          });
    }

    private void begin() {
      RolloutStore store = storeSeenBy.apply(stored);
      engine =
          new Engine(
              new Engine.Seams(
                  store,
                  sources,
                  World::compose,
                  this,
                  clock,
                  new Random(7),
                  telemetry,
                  () -> relay.wake(),
                  news::add),
              new Decider(ZoneOffset.UTC),
              new KnownNames(sources.keySet(), Set.of("flags"), Set.of("chat")));
      relay =
          new Relay(
              store,
              Map.of("flags", this::flag, "chat", this::chat),
              new FlagAnswers(engine),
              this,
              clock,
              new Random(8),
              telemetry,
              () -> engine.mayAct());
      engine.start();
      relay.start();
    }

    boolean dead() {
      return dead;
    }

    private Future<Target.Result> flag(Message message) {
      Promise<Target.Result> promise = Promise.promise();
      after(
          flagDelay,
          () -> {
            if (flagsObey) {
              delivered.add(message);
              switches.add(new Switched(time.instant(), Double.parseDouble(message.body()) / 100));
            }
            promise.complete(
                flagsObey
                    ? new Target.Result.Ok()
                    : new Target.Result.Retry("HTTP 503", java.util.Optional.empty()));
          });
      return promise.future();
    }

    private Future<Target.Result> chat(Message message) {
      delivered.add(message);
      return Future.succeededFuture(new Target.Result.Ok());
    }
  }

  private static List<Message> compose(List<Outgoing> outgoing) {
    return outgoing.stream().map(World::message).toList();
  }

  /** {@link Composer} in its simplest form. */
  private static Message message(Outgoing outgoing) {
    return switch (outgoing) {
      case Outgoing.SetExposure o ->
          new Message(
              FlagCommand.messageId(o.decision()),
              new RolloutId(o.decision().id().substring(0, o.decision().id().lastIndexOf('-'))),
              o.flag().target(),
              o.decision().kind() == dev.sluice.gates.rollout.Decision.Kind.ROLL_BACK,
              Message.Kind.FLAG,
              Double.toString(o.decision().to().percent()));
      case Outgoing.Announce o ->
          new Message(
              o.rollout().id() + "-" + o.key(),
              o.rollout().id(),
              o.to().sink(),
              false,
              Message.Kind.ANNOUNCEMENT,
              o.headline());
    };
  }

  /** The process comes up. */
  World begin() {
    life = new Life();
    life.begin();
    return settle();
  }

  /** The process is gone, without a word. */
  void kill() {
    life.dead = true;
  }

  Life life() {
    return life;
  }

  Engine engine() {
    return life.engine;
  }

  World settle() {
    time.runDue();
    return this;
  }

  void pass(Duration duration) {
    time.advance(duration);
  }

  void passUntil(Instant instant) {
    time.advanceTo(instant);
  }

  RolloutId start(Plan plan) {
    return now(engine().start(plan, ANNA)).id();
  }

  Rollout tell(RolloutId id, Command command) {
    return now(engine().tell(id, command));
  }

  /** The result of what completes without time passing. */
  <T> T now(Future<T> future) {
    for (int i = 0; i < 20 && !future.isComplete(); i++) {
      settle();
    }
    if (future.failed() && future.cause() instanceof RuntimeException e) {
      throw e;
    }
    return future.isComplete() ? future.result() : fail("not complete");
  }

  Rejection refusal(Future<?> future) {
    try {
      now(future);
    } catch (Rollouts.Refused refused) {
      return refused.rejection();
    }
    return fail("was not refused");
  }

  Rollout rollout(RolloutId id) {
    return now(stored.load(id)).orElseThrow().rollout();
  }

  List<Event> events(RolloutId id) {
    return now(stored.events(id, 0, Integer.MAX_VALUE)).stream()
        .map(RolloutStore.Recorded::event)
        .toList();
  }

  <E extends Event> List<E> events(RolloutId id, Class<E> kind) {
    return events(id).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What the flag system was told and has done, as percentages. */
  List<String> flagged() {
    return delivered.stream()
        .filter(m -> m.kind() == Message.Kind.FLAG)
        .map(Message::body)
        .toList();
  }

  double failedLooks() {
    return registry.scrape().stream()
        .filter(m -> m.getMetadata().getName().equals("sluice_failed_looks"))
        .flatMap(m -> m.getDataPoints().stream())
        .mapToDouble(
            p ->
                ((io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot) p)
                    .getValue())
        .sum();
  }
}
