package dev.sluice.service.playbook;

import static dev.sluice.service.store.Await.await;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Actor;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.app.Stores;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.loop.Engine;
import dev.sluice.service.loop.FlagAnswers;
import dev.sluice.service.loop.KnownNames;
import dev.sluice.service.loop.ManualScheduler;
import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.prometheus.PrometheusSource;
import dev.sluice.service.notify.EndpointComposer;
import dev.sluice.service.notify.Targets;
import dev.sluice.service.outbox.Relay;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Recorded;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** One life of the service: its own store, source, loop and relay, all real but for the time. */
final class Life {
  private static final URI PUBLIC = URI.create("https://sluice.example");

  private static final Duration POLL = Duration.ofSeconds(1);

  private final ManualScheduler time;
  private final RolloutStore store;
  private final List<PrometheusSource> sources;
  private final Engine engine;
  private final Relay relay;

  private Life(
      ManualScheduler time,
      Waiting waiting,
      RolloutStore store,
      Map<String, PrometheusSource> sources,
      Map<String, Target> targets,
      ServerConfig config,
      Telemetry telemetry) {
    this.time = time;
    this.store = store;
    this.sources = List.copyOf(sources.values());
    Relay[] wakes = new Relay[1];
    engine =
        new Engine(
            new Engine.Seams(
                store,
                all(waiting, MetricSource.class, sources),
                new EndpointComposer(config.sinks(), PUBLIC),
                time,
                time,
                new Random(7),
                telemetry,
                () -> wakes[0].wake(),
                rollout -> {}),
            new Decider(config.zone()),
            new KnownNames(
                config.prometheus().keySet(), config.flags().keySet(), config.sinks().keySet()));
    relay =
        new Relay(
            store,
            all(waiting, Target.class, targets),
            new FlagAnswers(engine),
            unhurried(time),
            time,
            new Random(8),
            telemetry,
            engine::mayAct);
    wakes[0] = relay;
  }

  private static <T> Map<String, T> all(
      Waiting waiting, Class<T> seam, Map<String, ? extends T> real) {
    return real.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> waiting.on(seam, e.getValue())));
  }

  /**
   * The relay asks the store once a second, beside being woken by every commit. Five days of
   * seconds are half a million questions, so here it asks by itself only once in ten minutes.
   */
  private static Scheduler unhurried(ManualScheduler time) {
    return (delay, work) -> time.after(delay.equals(POLL) ? POLL.multipliedBy(600) : delay, work);
  }

  static Life begin(Vertx vertx, ManualScheduler time, ServerConfig config) {
    Waiting waiting = new Waiting(vertx.getOrCreateContext());
    Telemetry telemetry = new Telemetry(new PrometheusRegistry());
    RolloutStore store = await(Stores.open(vertx, config.store(), time));
    Map<String, PrometheusSource> sources =
        config.prometheus().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> new PrometheusSource(vertx, e.getKey(), e.getValue(), telemetry)));
    Life life =
        new Life(
            time,
            waiting,
            waiting.on(RolloutStore.class, store),
            sources,
            Targets.from(vertx, config, time, "test"),
            config,
            telemetry);
    life.engine.start();
    life.relay.start();
    time.runDue();
    return life;
  }

  RolloutId start(Plan plan) {
    return now(engine.start(plan, Actor.person("anna"))).id();
  }

  Rollout tell(RolloutId id, Command command) {
    return now(engine.tell(id, command));
  }

  Rollout rollout(RolloutId id) {
    return now(store.load(id)).orElseThrow().rollout();
  }

  List<Event> events(RolloutId id) {
    return now(store.events(id, 0, Integer.MAX_VALUE)).stream().map(Recorded::event).toList();
  }

  /** Orderly, as on SIGTERM: what is open is closed, and the lock on the store is given back. */
  void end() {
    now(engine.stop());
    now(relay.stop());
    sources.forEach(PrometheusSource::close);
    now(store.close());
  }

  /** What completes without much time passing. */
  private <T> T now(Future<T> future) {
    for (int i = 0; i < 20 && !future.isComplete(); i++) {
      time.advance(Duration.ZERO);
    }
    return await(future);
  }
}
