package dev.sluice.service.app;

import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Decider;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.loop.Engine;
import dev.sluice.service.loop.KnownNames;
import dev.sluice.service.loop.VertxScheduler;
import dev.sluice.service.metrics.ScriptedMetricSource;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.Samples;
import dev.sluice.service.store.postgresql.PostgresqlOpening;
import dev.sluice.service.store.postgresql.RealPostgresql;
import dev.sluice.service.store.postgresql.Server;
import dev.sluice.service.telemetry.Telemetry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Not a test: how long one replica takes to take up the rollouts that a dead one left behind.
 * Argument: how many rollouts.
 */
final class ResumeTimes {
  private ResumeTimes() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    Vertx vertx = Vertx.vertx();
    try (RealPostgresql postgresql = RealPostgresql.make().start()) {
      Server server = postgresql.emptySchema();
      RolloutStore dead = PostgresqlOpening.open(vertx, server, InstantSource.system()).await();
      for (int i = 0; i < count; i++) {
        dead.commit(begin("checkout-" + i)).await();
      }
      RolloutStore store = PostgresqlOpening.open(vertx, server, InstantSource.system()).await();
      postgresql.execute(
          server,
          "UPDATE replicas SET until = clock_timestamp() - interval '1 s' WHERE id IN"
              + " (SELECT owner FROM leases)");
      long begun = System.nanoTime();
      PrometheusRegistry registry = new PrometheusRegistry();
      engine(vertx, store, registry).start().await();
      System.out.printf("all %d are this replica's after %d ms%n", count, millisSince(begun));
      while (shown(registry) < count) {
        Stage.pass(Duration.ofMillis(20));
      }
      System.out.printf("all %d are taken up after %d ms%n", count, millisSince(begun));
    } finally {
      System.exit(0);
    }
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  private static Commit begin(String name) {
    RolloutId id = new RolloutId(name);
    Plan plan = Samples.plan(name);
    Rollout rollout = Samples.after(id, plan, 9);
    List<Event> events = Samples.events(id).subList(0, 9);
    return new Commit(rollout, 0, events, Optional.empty(), List.of());
  }

  private static Engine engine(Vertx vertx, RolloutStore store, PrometheusRegistry registry) {
    return new Engine(
        new Engine.Seams(
            store,
            Map.of("main", new ScriptedMetricSource()),
            outgoing -> List.of(),
            VertxScheduler.on(vertx),
            // No look is due: how long those that were missed take is not what is measured.
            () -> Samples.START.plusSeconds(95),
            new Random(1),
            new Telemetry(registry),
            () -> {},
            changed -> {}),
        new Decider(ZoneOffset.UTC),
        new KnownNames(Set.of("main"), Set.of("shop-flags"), Set.of("team-chat")));
  }

  private static long shown(PrometheusRegistry registry) {
    return registry.scrape().stream()
        .filter(m -> m.getMetadata().getName().equals("sluice_target_percent"))
        .mapToLong(m -> m.getDataPoints().size())
        .sum();
  }
}
