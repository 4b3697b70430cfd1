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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @TempDir private Path folder;
  private final List<Stage> stages = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (Stage stage : stages) {
      stage.end();
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
        %s
        """
        .formatted(
            postgresql.port(),
            server.database(),
            server.user(),
            server.schema(),
            Stage.around(prometheus, receiver));
  }

  private static List<String> owners(RealPostgresql postgresql, Server server) {
    return postgresql.query(
        server, "SELECT DISTINCT coalesce(owner, 'nobody') FROM leases ORDER BY 1");
  }

  @Test
  @Timeout(600)
  void rolloutsSurviveTheFreezingOfOneReplicaAndTheDeathOfTheOther() {
    Stage stage = new Stage(folder);
    stages.add(stage);
    RealPostgresql postgresql = stage.keep(RealPostgresql.make()).start();
    Server server = postgresql.emptySchema();
    Receiver receiver = stage.keep(new Receiver());
    String config = config(server, postgresql, stage.prometheus(Duration.ofMinutes(20)), receiver);
    Replica a = stage.keep(new Replica(folder, "a", config, postgresql.password()));
    stage.until("the first replica is ready", a::ready);
    String nameOfA = postgresql.query(server, "SELECT id FROM replicas").getFirst();
    Replica b = stage.keep(new Replica(folder, "b", config, postgresql.password()));
    stage.until("the second replica is ready", b::ready);

    List<String> ids = new ArrayList<>();
    for (int i = 0; i < ROLLOUTS; i++) {
      Replica.Reply started =
          a.post("/api/v1/rollouts", "application/yaml", Stage.plan("shop-" + i, 12));
      assertEquals(201, started.status(), started.body().toString());
      ids.add(started.body().path("id").asText());
    }
    stage.until("both look after some", () -> owners(postgresql, server).size() == 2);
    stage.until(
        "every flag is told", () -> ids.stream().noneMatch(id -> receiver.of(id).isEmpty()));

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
        stage.until(
            "the other one takes all",
            () ->
                owners(postgresql, server).size() == 1
                    && !owners(postgresql, server).contains(nameOfA)
                    && !owners(postgresql, server).contains("nobody"));
    a.wake();
    stage.until(
        "it comes back as another one and gets its share",
        () -> owners(postgresql, server).size() == 2 && a.ready());
    assertTrue(a.log().contains("is looked after by another replica"), a.log());

    b.kill();
    Duration afterTheDeath =
        stage.until(
            "the one that was frozen takes all",
            () -> {
              List<String> owners = owners(postgresql, server);
              return owners.isEmpty()
                  || (owners.size() == 1
                      && owners.getFirst().startsWith(nameOfA.replaceAll("-[0-9]+$", "")));
            });
    System.out.println(
        "taken over after a freeze: " + afterTheFreeze + ", a death: " + afterTheDeath);

    for (String id : ids) {
      stage.until(
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
