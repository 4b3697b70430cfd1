package dev.sluice.service.app;

import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.ConfiguredNames;
import dev.sluice.service.config.PlanNames;
import dev.sluice.service.config.ServerConfig;
import dev.sluice.service.flags.DriftWatch;
import dev.sluice.service.flags.FlagSystem;
import dev.sluice.service.http.HttpApi;
import dev.sluice.service.loop.Engine;
import dev.sluice.service.loop.FlagAnswers;
import dev.sluice.service.loop.KnownNames;
import dev.sluice.service.loop.Scheduler;
import dev.sluice.service.loop.VertxScheduler;
import dev.sluice.service.metrics.MetricSource;
import dev.sluice.service.metrics.prometheus.PrometheusSource;
import dev.sluice.service.notify.EndpointComposer;
import dev.sluice.service.notify.Targets;
import dev.sluice.service.outbox.Composer;
import dev.sluice.service.outbox.Relay;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.plan.PlanReader;
import dev.sluice.service.plan.PlanReading;
import dev.sluice.service.plan.Problem;
import dev.sluice.service.runs.Leases;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole service, put together by hand: who knows whom can be read here and nowhere else.
 *
 * <p>Everything that takes turns (the loop and the relay) lives on one scheduler, so that a
 * decision and the message it sends off follow each other without locks.
 */
public final class Sluice {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);

  /** A look that is this late is no longer explained by settling, catching up or a slow answer. */
  private static final Duration LATE = Duration.ofMinutes(2);

  private final int port;
  private final RolloutStore store;
  private final Map<String, PrometheusSource> sources;
  private final Engine engine;
  private final Leases leases;
  private final Relay relay;
  private final ServedSets served;
  private final DriftWatch drift;
  private final HttpApi http;
  private final Scheduler scheduler;

  private Sluice(
      int port,
      RolloutStore store,
      Map<String, PrometheusSource> sources,
      Engine engine,
      Leases leases,
      Relay relay,
      ServedSets served,
      DriftWatch drift,
      HttpApi http,
      Scheduler scheduler) {
    this.port = port;
    this.store = store;
    this.sources = sources;
    this.engine = engine;
    this.leases = leases;
    this.relay = relay;
    this.served = served;
    this.drift = drift;
    this.http = http;
    this.scheduler = scheduler;
  }

  /**
   * Opens the store, binds the address, takes up every live rollout. Fails with a sentence that
   * names place and remedy, and then leaves nothing open.
   *
   * @param version of this build
   */
  public static Future<Sluice> start(
      Vertx vertx, ServerConfig config, InstantSource clock, String version) {
    return Stores.open(vertx, config.store(), clock)
        .compose(
            store ->
                assemble(vertx, config, clock, version, store)
                    .recover(
                        failure ->
                            store
                                .close()
                                .transform(closed -> Future.<Sluice>failedFuture(failure))));
  }

  private static Future<Sluice> assemble(
      Vertx vertx, ServerConfig config, InstantSource clock, String version, RolloutStore store) {
    Telemetry telemetry = Telemetry.ofProcess(new PrometheusRegistry(), version);
    Map<String, PrometheusSource> sources = new LinkedHashMap<>();
    config
        .prometheus()
        .forEach((name, c) -> sources.put(name, new PrometheusSource(vertx, name, c, telemetry)));
    Decider decider = new Decider(config.zone());
    Scheduler scheduler = VertxScheduler.on(vertx);
    AtomicReference<Runnable> wakeRelay = new AtomicReference<>(() -> {});
    AtomicReference<Consumer<Rollout>> news = new AtomicReference<>(rollout -> {});
    AtomicReference<Composer> composer =
        new AtomicReference<>(composer(config, config.http().port()));
    Engine engine =
        new Engine(
            new Engine.Seams(
                store,
                Map.<String, MetricSource>copyOf(sources),
                outgoing -> Objects.requireNonNull(composer.get()).compose(outgoing),
                scheduler,
                clock,
                new SecureRandom(),
                telemetry,
                () -> Objects.requireNonNull(wakeRelay.get()).run(),
                rollout -> Objects.requireNonNull(news.get()).accept(rollout)),
            decider,
            known(ConfiguredNames.of(config)));
    Map<String, Target> targets = new LinkedHashMap<>(Targets.from(vertx, config, clock, version));
    ServedSets served = new ServedSets(vertx, config, store, scheduler);
    Map<String, FlagSystem> systems =
        FlagSystems.from(vertx, config, clock, version, Optional.of(served.published()));
    targets.putAll(FlagSystems.targets(systems));
    DriftWatch drift = new DriftWatch(engine::watched, systems, engine, scheduler);
    Relay relay =
        new Relay(
            store,
            targets,
            new FlagAnswers(engine),
            scheduler,
            clock,
            new SecureRandom(),
            telemetry,
            engine::mayAct);
    wakeRelay.set(relay::wake);
    HttpApi http =
        new HttpApi(
                vertx,
                config.http(),
                new HttpApi.Parts(
                    store,
                    engine,
                    sources.keySet(),
                    plans(config),
                    decider,
                    telemetry,
                    probes(store, sources, engine),
                    clock,
                    version))
            .with(served.endpoints());
    news.set(
        rollout -> {
          served.published().changed(rollout);
          http.changed(rollout.id(), rollout.version());
          drift.news(rollout);
        });
    return served
        .load()
        .compose(v -> http.start())
        .compose(
            port -> {
              composer.set(composer(config, port));
              Leases leases = new Leases(store, engine, scheduler, clock);
              Sluice sluice =
                  new Sluice(
                      port, store, sources, engine, leases, relay, served, drift, http, scheduler);
              sources.forEach(Sluice::warnIfUnreachable);
              return sluice
                  .onLoop(relay::start)
                  .compose(v -> engine.start())
                  .compose(v -> sluice.onLoop(leases::start))
                  .compose(v -> sluice.onLoop(served::start))
                  .compose(v -> sluice.onLoop(drift::start))
                  .map(sluice);
            });
  }

  private static KnownNames known(ConfiguredNames names) {
    return new KnownNames(names.prometheus(), names.flags(), names.sinks(), names.granularities());
  }

  private static void warnIfUnreachable(String name, PrometheusSource source) {
    source
        .probe()
        .onFailure(
            failure ->
                LOG.warn(
                    "The data source '{}' does not answer now: {} Rollouts that need it will wait.",
                    name,
                    failure.getMessage()));
  }

  /** A plan is good for this server when it reads and names only what is configured here. */
  private static Function<String, PlanReading> plans(ServerConfig config) {
    PlanReader reader = new PlanReader();
    return text ->
        switch (reader.read(text)) {
          case PlanReading.Broken broken -> broken;
          case PlanReading.Ok ok -> {
            List<Problem> unknown = PlanNames.check(ok, config);
            yield unknown.isEmpty() ? ok : new PlanReading.Broken(unknown);
          }
        };
  }

  private static Map<String, Supplier<Future<Void>>> probes(
      RolloutStore store, Map<String, PrometheusSource> sources, Engine engine) {
    Map<String, Supplier<Future<Void>>> probes = new LinkedHashMap<>();
    probes.put("store", store::probe);
    sources.forEach((name, source) -> probes.put("prometheus:" + name, source::probe));
    probes.put("loop", () -> keepsUp(engine));
    return probes;
  }

  private static Future<Void> keepsUp(Engine engine) {
    if (!engine.status().resumed()) {
      return Future.failedFuture(
          new IllegalStateException("The rollouts under way are not taken up yet."));
    }
    Duration lag = engine.status().worstLag();
    return lag.compareTo(LATE) > 0
        ? Future.failedFuture(
            new IllegalStateException(
                "The latest look is "
                    + lag.toSeconds()
                    + " s late. See the log for the rollout and the cause."))
        : Future.succeededFuture();
  }

  private static Composer composer(ServerConfig config, int port) {
    return new EndpointComposer(config.sinks(), publicUrl(config, port));
  }

  /**
   * Where people reach this server: as configured, else where it listens.
   *
   * @param port that was bound, which is not the configured one where that is 0
   */
  private static URI publicUrl(ServerConfig config, int port) {
    String host = config.http().host();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return config.http().publicUrl().orElseGet(() -> URI.create("http://" + shown + ":" + port));
  }

  public int port() {
    return port;
  }

  /** How many rollouts are under way. */
  public int watched() {
    return engine.status().rollouts().size();
  }

  /**
   * Says first that it is not ready, lets requests, the looks and the deliveries under way end,
   * then closes. Every part has its own limit; what is cut off is repeated at the next start.
   */
  public Future<Void> stop() {
    return http.stop()
        .transform(v -> onLoop(served::stop))
        .transform(v -> onLoop(leases::stop))
        .transform(v -> onLoop(drift::stop))
        .transform(v -> engine.stop())
        .transform(v -> onLoop(() -> {}).compose(w -> relay.stop()))
        .transform(v -> engine.end())
        .transform(
            v -> {
              sources.values().forEach(PrometheusSource::close);
              return store.close();
            });
  }

  private Future<Void> onLoop(Runnable work) {
    Promise<Void> promise = Promise.promise();
    scheduler.after(
        Duration.ZERO,
        () -> {
          work.run();
          promise.complete();
        });
    return promise.future();
  }
}
