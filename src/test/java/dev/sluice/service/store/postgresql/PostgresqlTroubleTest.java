package dev.sluice.service.store.postgresql;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Samples;
import dev.sluice.service.store.StoreTrouble;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when PostgreSQL is not as it should be, and what goes on by itself. */
class PostgresqlTroubleTest {
  private static final RolloutId ONE = new RolloutId("checkout-1");

  @SuppressWarnings("NullAway.Init")
  private static RealPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static Path authority;

  private static final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void begin(@TempDir Path folder) throws Exception {
    certificate(folder);
    postgresql = RealPostgresql.make();
    Path key = postgresql.give(folder.resolve("db.key"));
    Path certificate = postgresql.give(folder.resolve("db.pem"));
    postgresql
        .option("ssl=on")
        .option("ssl_cert_file=" + certificate)
        .option("ssl_key_file=" + key)
        .start();
    authority = java.nio.file.Files.copy(certificate, folder.resolve("authority.pem"));
  }

  private static void certificate(Path folder) throws IOException, InterruptedException {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder.resolve("db.key").toString(),
                "-out",
                folder.resolve("db.pem").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(openssl.waitFor(60, TimeUnit.SECONDS) && openssl.exitValue() == 0, "openssl");
  }

  @AfterAll
  static void end() {
    await(vertx.close());
    postgresql.close();
  }

  private static RolloutStore open(Server server) {
    return await(PostgresqlOpening.open(vertx, server, InstantSource.system()));
  }

  private static String said(Executable work) {
    return String.valueOf(assertThrows(StoreTrouble.class, work).getMessage());
  }

  private static String refusal(Server server) {
    return said(() -> open(server));
  }

  private static Server with(
      Server s, String host, int port, String database, String password, Server.Tls tls) {
    return new Server(
        host, port, database, s.user(), Optional.of(password), s.schema(), s.connections(), tls);
  }

  private static Server over(Server s, String host, Server.Tls tls) {
    return with(s, host, s.port(), s.database(), s.password().orElseThrow(), tls);
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    Server server = postgresql.emptySchema();

    String said = refusal(with(server, "127.0.0.1", 1, "sluice", "secret-word", server.tls()));

    assertTrue(said.contains("PostgreSQL 127.0.0.1:1/sluice cannot be reached"), said);
    assertFalse(said.contains("secret-word"), said);
  }

  @Test
  void aWrongPasswordIsSaidAndNotShown() {
    Server server = postgresql.emptySchema();

    String said =
        refusal(with(server, "127.0.0.1", server.port(), "postgres", "wrong-word", server.tls()));

    assertTrue(said.contains("does not let this user in"), said);
    assertTrue(said.contains("store.postgresql.user and password"), said);
    assertFalse(said.contains("wrong-word"), said);
  }

  @Test
  void aDatabaseThatDoesNotExistIsSaid() {
    Server server = postgresql.emptySchema();

    String said =
        refusal(
            with(
                server,
                "127.0.0.1",
                server.port(),
                "nowhere",
                postgresql.password(),
                server.tls()));

    assertTrue(said.contains("no such database. Make it (createdb)"), said);
  }

  @Test
  void aSchemaOfSomebodyElseIsLeftAsItIs() {
    Server server = postgresql.emptySchema();
    postgresql.execute(server, "CREATE SCHEMA " + server.schema());
    postgresql.execute(server, "CREATE TABLE theirs (one INTEGER)");

    assertTrue(refusal(server).contains("has tables, but not those of Sluice"));

    assertEquals(
        List.of("theirs"),
        postgresql.query(
            server,
            "SELECT tablename FROM pg_tables WHERE schemaname = '" + server.schema() + "'"));
  }

  @Test
  void aSchemaOfANewerVersionIsRefused() {
    Server server = postgresql.emptySchema();
    await(open(server).close());
    postgresql.execute(server, "INSERT INTO schema_version VALUES (99, 'later.sql', 0)");

    assertTrue(refusal(server).contains("written by a newer version of Sluice (schema 99"));
  }

  @Test
  void manyReplicasThatStartAtOnceMigrateOnce() {
    Server server = postgresql.emptySchema();
    List<io.vertx.core.Future<RolloutStore>> all =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(i -> PostgresqlOpening.open(vertx, server, InstantSource.system()))
            .toList();

    all.forEach(store -> await(await(store).close()));

    assertEquals(
        List.of("1|1-begin.sql", "2|2-requests.sql", "3|3-traces.sql"),
        postgresql.query(server, "SELECT version, script FROM schema_version"));
  }

  @Test
  void afterTheServerWasAwayTheStoreGoesOnByItself() {
    RolloutStore store = open(postgresql.emptySchema());
    await(store.commit(Samples.commit(ONE, 0, 3)));

    postgresql.stop();
    String said = said(() -> await(store.probe()));
    postgresql.start();

    assertTrue(said.contains("the service goes on by itself"), said);
    await(store.commit(Samples.commit(ONE, 3, 5)));
    assertEquals(5, await(store.load(ONE)).orElseThrow().rollout().version());
    await(store.close());
  }

  @Test
  void connectionsThatDiedWhileTheyLayIdleAreReplacedWithoutAWord() {
    RolloutStore store = open(postgresql.emptySchema());
    await(store.commit(Samples.commit(ONE, 0, 3)));

    postgresql.stop().start();

    await(store.commit(Samples.commit(ONE, 3, 5)));
    assertEquals(5, await(store.load(ONE)).orElseThrow().rollout().version());
    await(store.close());
  }

  @Test
  void aSessionThatFallsSilentInATransactionDoesNotKeepItsLocks() {
    Server server = postgresql.emptySchema();
    RolloutStore store = open(server);
    await(store.close());
    Line line = connected(server);
    try {
      assertEquals(
          "5s",
          transaction(line, "SHOW idle_in_transaction_session_timeout"),
          "a frozen process is thrown out by the server");
      assertEquals("10s", transaction(line, "SHOW statement_timeout"));
      assertEquals("4s", transaction(line, "SHOW lock_timeout"));
      assertEquals("on", transaction(line, "SHOW synchronous_commit"));
    } finally {
      line.close();
    }
  }

  private static Line connected(Server server) {
    try {
      return Line.open(server, "test");
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String transaction(Line line, String sql) {
    try {
      return line.transaction(db -> db.first(sql, row -> row.getString(1)).orElseThrow());
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    RolloutStore store = open(postgresql.emptySchema());
    await(store.close());

    assertTrue(said(() -> await(store.probe())).contains("the service is stopping"));
    await(store.close());
  }

  @Test
  void overTlsTheCertificateMustBeTheHosts() {
    Server server = postgresql.emptySchema();
    Server.Tls trusted = new Server.Tls.Verified(Optional.of(authority));

    await(open(over(server, "localhost", trusted)).close());

    assertTrue(refusal(over(server, "127.0.0.1", trusted)).contains("cannot be reached or used"));
    assertTrue(
        refusal(over(server, "localhost", new Server.Tls.Verified(Optional.empty())))
            .contains("cannot be reached or used"),
        "nobody knows this authority");
    await(open(over(server, "127.0.0.1", new Server.Tls.Unverified())).close());
  }

  @Test
  void overTlsTheConnectionIsEncrypted() {
    Server server = postgresql.emptySchema();
    Line line =
        connected(over(server, "localhost", new Server.Tls.Verified(Optional.of(authority))));
    try {
      assertEquals(
          "t",
          transaction(line, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
              .substring(0, 1));
    } finally {
      line.close();
    }
  }

  @Test
  void whatTheServerIsCalledShowsNoSecret() {
    Server server = postgresql.emptySchema();
    assertEquals("PostgreSQL 127.0.0.1:" + server.port() + "/postgres", server.toString());
  }
}
