package dev.sluice.service.store.postgresql;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two replicas do at the same moment, one in the middle of the other. */
class CrossingsTest {
  private static final RolloutId ONE = new RolloutId("checkout-1");
  private static final Instant NOW = Samples.START.plusSeconds(1000);

  @SuppressWarnings("NullAway.Init")
  private static RealPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static Vertx vertx;

  @SuppressWarnings("NullAway.Init")
  private Server server;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
    postgresql = RealPostgresql.make().start();
  }

  @AfterAll
  static void end() {
    await(vertx.close());
    postgresql.close();
  }

  @BeforeEach
  void anEmptyStore() {
    server = postgresql.emptySchema();
  }

  /** Until a session waits for a lock; the server does the waiting in between. */
  private void untilSomebodyWaits() {
    for (int i = 0; i < 200; i++) {
      String waiting =
          postgresql
              .query(
                  server,
                  "SELECT count(*) || '' FROM pg_sleep(0.02), pg_stat_activity"
                      + " WHERE wait_event_type = 'Lock'")
              .getFirst();
      if (!waiting.equals("0")) {
        return;
      }
    }
    throw new AssertionError("nobody waits");
  }

  private String stateAfter(String meanwhile, Attempt attempt) throws SQLException {
    RolloutStore store = await(PostgresqlOpening.open(vertx, server, InstantSource.fixed(NOW)));
    Message raise = new Message("a", ONE, "flags", false, Message.Kind.FLAG, "raise");
    await(store.commit(Samples.commit(ONE, 0, 3, raise)));
    List<Future<Void>> noted = new ArrayList<>();
    try (Line other = Line.open(server, "other")) {
      other.transaction(
          db -> {
            db.update("UPDATE outbox SET state = ?", meanwhile);
            noted.add(store.record(1, attempt));
            untilSomebodyWaits();
            return true;
          });
    }
    await(noted.getFirst());
    String state = await(store.deliveries(ONE, 1)).getFirst().state();
    await(store.close());
    return state;
  }

  @Test
  void aRaiseThatARollbackMadePointlessIsNotRevivedByAFailureThatIsNotedLater()
      throws SQLException {
    assertEquals(
        "superseded",
        stateAfter("superseded", new Attempt.Failed("HTTP 500", NOW, NOW.plusSeconds(1))));
  }

  @Test
  void whatWasDeliveredMeanwhileStaysSo() throws SQLException {
    assertEquals("delivered", stateAfter("delivered", new Attempt.GivenUp("gone", NOW)));
  }

  @Test
  void patientWorkMayTakeLongerThanTheServerMayOtherwiseBeSilent() throws SQLException {
    try (Line line = Line.open(server, "slow", Duration.ofSeconds(1))) {
      assertEquals(
          List.of(1), line.patiently(db -> db.query("SELECT 1 FROM pg_sleep(1.5)", r -> 1)));
      assertTrue(
          Troubles.lost(
              assertThrows(
                  SQLException.class,
                  () -> line.transaction(db -> db.query("SELECT 1 FROM pg_sleep(5)", r -> 1)))));
    }
  }

  @Test
  void aSchemaFromBeforeTheTracesGetsThem() {
    Migrations first = new Migrations(Migrations.class, List.of("1-begin.sql"));
    await(
        await(
                PostgresqlOpening.open(
                    vertx, server, InstantSource.fixed(NOW), Membership.Times.USUAL, first))
            .close());

    RolloutStore store = await(PostgresqlOpening.open(vertx, server, InstantSource.fixed(NOW)));
    LookTrace trace = new LookTrace(1, "aa", 3, "bb", java.util.Map.of("errors", "cc"));
    await(store.commit(Samples.commit(ONE, 0, 3).with(java.util.Optional.of(trace))));

    assertEquals(List.of(trace), await(store.traces(ONE, 0, 10)));
    await(store.close());
  }
}
