package dev.sluice.service.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.metrics.prometheus.RealPrometheus;
import dev.sluice.service.store.AuditCheck;
import dev.sluice.service.store.AuditLog;
import dev.sluice.service.store.RolloutStore.Audited;
import dev.sluice.service.store.postgresql.PostgresqlAudit;
import dev.sluice.service.store.postgresql.RealPostgresql;
import dev.sluice.service.store.postgresql.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real processes on one real PostgreSQL, a real Prometheus and a receiver of decisions. One of
 * them is frozen and woken, the other one is killed: every rollout goes to its end, and every
 * decision arrives once and in its order.
 */
class ReplicasTest {
  private static final int ROLLOUTS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path folder;
  private final InstantSource clock = InstantSource.system();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }

  /** A shop in which both releases do equally well, from a while ago until long after the test. */
  private RealPrometheus prometheus() {
    Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
    Instant until = from.plus(Duration.ofMinutes(20));
    RealPrometheus prometheus = keep(RealPrometheus.in(empty("prometheus")));
    for (String version : List.of("v1", "v2")) {
      prometheus
          .series("http_requests_total{job=\"shop\",version=\"" + version + "\",code=\"200\"}")
          .every(Duration.ofSeconds(1), from, until)
          .counting(200)
          .series("http_requests_total{job=\"shop\",version=\"" + version + "\",code=\"500\"}")
          .every(Duration.ofSeconds(1), from, until)
          .counting(1);
    }
    return prometheus.load().start();
  }

  private Path empty(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String config(
      Server server, RealPostgresql postgresql, RealPrometheus prometheus, Receiver receiver) {
    return """
        store:
          postgresql:
            host: 127.0.0.1
            port: %d
            database: %s
            user: %s
            password: ${env:TEST_DB_PASSWORD}
            schema: %s
            connections: 4
        prometheus:
          main: { url: '%s', scrapeInterval: 1s }
        flags:
          flags:
            type: webhook
            url: 'http://127.0.0.1:%d/'
            secrets: ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=']
        """
        .formatted(
            postgresql.port(),
            server.database(),
            server.user(),
            server.schema(),
            prometheus.url(),
            receiver.port());
  }

  private static String plan(String name) {
    return """
        apiVersion: sluice/v1
        kind: RolloutPlan
        metadata: { name: %1$s }
        spec:
          source: { prometheus: main, every: 1s, settle: 1s }
          cohorts:
            canary: { selector: '{job="shop",version="v2"}' }
            baseline: { selector: '{job="shop",version="v1"}' }
          metrics:
            - id: errors
              type: ratio
              bad: http_requests_total{$cohort,code=~"5.."}
              total: http_requests_total{$cohort}
              worseWhen: higher
              role: guardrail
              tolerance: { absolute: 1pp }
              limit: { max: 5%% }
          steps:
            - { id: users-1, kind: expose, percent: 1, hold: { atLeast: 12s }, advanceWhen: noHarmFound }
            - { id: users-10, kind: expose, percent: 10, hold: { atLeast: 12s }, advanceWhen: noHarmFound }
            - { id: users-50, kind: expose, percent: 50, hold: { atLeast: 12s }, advanceWhen: noHarmFound }
            - { id: users-100, kind: expose, percent: 100, baseline: null, hold: { atLeast: 6s }, advanceWhen: noHarmFound, metrics: [errors] }
          flag: { target: flags, key: %1$s }
          rollback: { action: percent, confirmWithin: 10s }
        """
        .formatted(name);
  }

  /** Asked again and again, for a bounded time; answers how long it took. */
  private Duration until(String what, BooleanSupplier condition) {
    Instant begun = clock.instant();
    while (!condition.getAsBoolean()) {
      if (clock.instant().isAfter(begun.plus(PATIENCE))) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
          .join();
    }
    return Duration.between(begun, clock.instant());
  }

  private static List<String> owners(RealPostgresql postgresql, Server server) {
    return postgresql.query(
        server, "SELECT DISTINCT coalesce(owner, 'nobody') FROM leases ORDER BY 1");
  }

  @Test
  @Timeout(600)
  void rolloutsSurviveTheFreezingOfOneReplicaAndTheDeathOfTheOther() {
    RealPostgresql postgresql = keep(RealPostgresql.make()).start();
    Server server = postgresql.emptySchema();
    Receiver receiver = keep(new Receiver());
    String config = config(server, postgresql, prometheus(), receiver);
    Replica a = keep(new Replica(folder, "a", config, postgresql.password()));
    until("the first replica is ready", a::ready);
    String nameOfA = postgresql.query(server, "SELECT id FROM replicas").getFirst();
    Replica b = keep(new Replica(folder, "b", config, postgresql.password()));
    until("the second replica is ready", b::ready);

    List<String> ids = new ArrayList<>();
    for (int i = 0; i < ROLLOUTS; i++) {
      Replica.Reply started = a.post("/api/v1/rollouts", "application/yaml", plan("shop-" + i));
      assertEquals(201, started.status(), started.body().toString());
      ids.add(started.body().path("id").asText());
    }
    until("both look after some", () -> owners(postgresql, server).size() == 2);
    until("every flag is told", () -> ids.stream().noneMatch(id -> receiver.of(id).isEmpty()));

    // A replica that does not own a rollout answers and commands all the same.
    for (String id : ids) {
      for (Replica replica : List.of(a, b)) {
        assertEquals(200, replica.get("/api/v1/rollouts/" + id).status());
        for (String verb : List.of("pause", "resume")) {
          Replica.Reply told =
              replica.post(
                  "/api/v1/rollouts/" + id + "/" + verb, "application/json", "{\"reason\":\"\"}");
          assertEquals(200, told.status(), verb + told.body());
        }
      }
    }

    a.freeze();
    Duration afterTheFreeze =
        until(
            "the other one takes all",
            () ->
                owners(postgresql, server).size() == 1
                    && !owners(postgresql, server).contains(nameOfA)
                    && !owners(postgresql, server).contains("nobody"));
    a.wake();
    until(
        "it comes back as another one and gets its share",
        () -> owners(postgresql, server).size() == 2 && a.ready());
    assertTrue(a.log().contains("is looked after by another replica"), a.log());

    b.kill();
    Duration afterTheDeath =
        until(
            "the one that was frozen takes all",
            () -> {
              List<String> owners = owners(postgresql, server);
              return owners.isEmpty() || (owners.size() == 1 && owners.getFirst().startsWith(nameOfA.replaceAll("-[0-9]+$", "")));
            });
    System.out.println("taken over after a freeze: " + afterTheFreeze + ", a death: " + afterTheDeath);

    for (String id : ids) {
      until(
          id + " completes",
          () -> a.get("/api/v1/rollouts/" + id).body().path("state").asText().equals("completed"));
      long decisions =
          Long.parseLong(
              postgresql
                  .query(
                      server,
                      "SELECT count(*) FROM outbox WHERE kind = 'flag' AND rollout = '" + id + "'")
                  .getFirst());
      assertEquals(
          LongStream.rangeClosed(1, decisions).boxed().toList(),
          receiver.of(id),
          "every decision once, in its order");
      assertEquals(4, decisions);
    }
    assertWhole(server);
  }

  private static void assertWhole(Server server) {
    AuditCheck check = new AuditCheck(Optional.empty());
    try (AuditLog log = PostgresqlAudit.open(server)) {
      List<Audited> all = log.page(0, 10_000);
      all.forEach(check::next);
    }
    assertEquals(List.of(), check.faults());
    assertTrue(check.head().number() >= ROLLOUTS * 6L, check.head().toString());
  }
}
