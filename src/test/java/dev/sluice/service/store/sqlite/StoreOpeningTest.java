package dev.sluice.service.store.sqlite;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreOpeningTest {
  private static final int KNOWN = Migrations.ALL.scripts().size();

  private static final RolloutId ID = new RolloutId("checkout-1");
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00.123456Z");
  private static final Migrations WITH_TWO =
      new Migrations(StoreOpeningTest.class, List.of("first.sql", "second.sql"));
  private static final Migrations WITH_A_BROKEN_TWO =
      new Migrations(StoreOpeningTest.class, List.of("first.sql", "broken.sql"));

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() {
    await(vertx.close());
  }

  private RolloutStore open(Path file) {
    return await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW)));
  }

  private String refusal(Path file) {
    return refusal(file, Migrations.ALL);
  }

  private String refusal(Path file, Migrations migrations) {
    StoreTrouble trouble =
        assertThrows(
            StoreTrouble.class,
            () -> await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW), migrations)));
    return String.valueOf(trouble.getMessage());
  }

  private static void contains(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  private static String single(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.getString(1);
    }
  }

  private static void run(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Test
  void aNewFileHasThePresentSchemaAndSaysWhenItGotIt() throws SQLException {
    Path file = folder.resolve("s.db");
    await(open(file).close());

    assertEquals(
        "5 5-traces.sql " + NOW,
        single(
            file,
            "SELECT version || ' ' || script || ' ' || strftime('%Y-%m-%dT%H:%M:%S.', applied_at /"
                + " 1000000, 'unixepoch') || (applied_at % 1000000) || 'Z' FROM schema_version ORDER BY version DESC LIMIT 1"));
    assertEquals("wal", single(file, "PRAGMA journal_mode"));
  }

  @Test
  void openingThePresentSchemaAgainChangesNothing() throws SQLException {
    Path file = folder.resolve("s.db");
    await(open(file).close());
    String before = single(file, "SELECT group_concat(sql) FROM sqlite_schema");
    await(open(file).close());

    assertEquals(before, single(file, "SELECT group_concat(sql) FROM sqlite_schema"));
    assertEquals(KNOWN + "", single(file, "SELECT count(*) FROM schema_version"));
  }

  @Test
  void theFirstSchemaThatWasReleasedIsBroughtUpToDate() throws SQLException {
    Path file = folder.resolve("s.db");
    Migrations first = new Migrations(Migrations.class, List.of("1-begin.sql"));
    await(await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW), first)).close());

    RolloutStore upgraded = open(file);
    await(upgraded.commit(Samples.commit(new RolloutId("checkout-1"), 0, 3)));

    assertEquals(2, await(upgraded.audit(0, 10)).size());
    await(upgraded.close());
    assertEquals(KNOWN + "", single(file, "SELECT max(version) FROM schema_version"));
    assertEquals("0", single(file, "SELECT count(*) FROM runs"));
  }

  @Test
  void anOlderSchemaIsBroughtUpToDateAndKeepsWhatIsInIt() throws SQLException {
    Path file = folder.resolve("s.db");
    RolloutStore old =
        await(
            StoreOpening.open(
                vertx,
                file,
                InstantSource.fixed(NOW),
                new Migrations(StoreOpeningTest.class, List.of("first.sql"))));
    await(old.close());
    run(file, "INSERT INTO fruit (name) VALUES ('apple')");

    RolloutStore upgraded =
        await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW), WITH_TWO));
    await(upgraded.close());

    assertEquals("apple red", single(file, "SELECT name || ' ' || colour FROM fruit"));
    assertEquals("2", single(file, "SELECT max(version) FROM schema_version"));
  }

  @Test
  void aMigrationThatFailsLeavesTheOldSchemaWhole() throws SQLException {
    Path file = folder.resolve("s.db");

    assertThrows(
        IllegalStateException.class,
        () -> await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW), WITH_A_BROKEN_TWO)));

    assertEquals("1", single(file, "SELECT max(version) FROM schema_version"));
    assertEquals(
        "0", single(file, "SELECT count(*) FROM pragma_table_info('fruit') WHERE name = 'colour'"));
    await(await(StoreOpening.open(vertx, file, InstantSource.fixed(NOW), WITH_TWO)).close());
  }

  @Test
  void aSchemaFromTheFutureIsRefusedAndLeftAsItIs() throws SQLException {
    Path file = folder.resolve("s.db");
    await(open(file).close());
    run(file, "INSERT INTO schema_version VALUES (7, '7-x.sql', 0)");

    String message = refusal(file);

    contains(file.toString(), message);
    contains("newer version of Sluice (schema 7, this one knows up to " + KNOWN + ")", message);
    assertEquals(KNOWN + 1 + "", single(file, "SELECT count(*) FROM schema_version"));
  }

  @Test
  void aDatabaseOfSomethingElseIsRefusedAndLeftAsItIs() throws SQLException {
    Path file = folder.resolve("cookies.sqlite");
    run(file, "CREATE TABLE cookies (name TEXT)");

    contains("not one of Sluice", refusal(file));

    assertEquals("cookies", single(file, "SELECT group_concat(name) FROM sqlite_schema"));
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() throws IOException {
    Path file = folder.resolve("notes.txt");
    String text = "These are my notes.\n".repeat(500);
    Files.writeString(file, text);

    contains("is not a database", refusal(file));

    assertEquals(text, Files.readString(file, StandardCharsets.UTF_8));
  }

  @Test
  void aFolderThatDoesNotExistIsNamed() {
    Path file = folder.resolve("nowhere/s.db");
    contains("folder of the database " + file + " does not exist", refusal(file));
  }

  @Test
  void aFolderInWhichNothingCanBeMadeIsNamedWithWhatToDo() {
    String message = refusal(Path.of("/proc/sluice.db"));
    contains("/proc/sluice.db.lock", message);
    contains("user must be able to write it", message);
  }

  @Test
  void aFolderIsNoStore() {
    contains("must be a file", refusal(folder));
  }

  @Test
  void aQuestionMarkInTheNameIsRefused() {
    contains("question mark", refusal(folder.resolve("what?.db")));
  }

  @Test
  void theSameFileIsNotOpenedTwiceInOneProcessWhateverItIsCalled() throws IOException {
    Path file = folder.resolve("s.db");
    RolloutStore first = open(file);
    Path other = Files.createSymbolicLink(folder.resolve("other.db"), file);

    String message = refusal(other);

    contains(file.toString(), message);
    contains("this very process, " + ProcessHandle.current().pid(), message);
    await(first.commit(Samples.commit(ID, 0, 1)));
    await(first.close());
    await(open(other).close());
  }

  @Test
  void aSecondProcessIsRefusedWithTheNameOfTheFileAndThePidOfTheFirst() throws Exception {
    Path file = folder.resolve("s.db");
    RolloutStore first = open(file);
    refusal(file); // A refused attempt in this process must not free the lock.

    Process second = Child.start(CommitLoop.class, file.toString());
    String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(second.waitFor(60, TimeUnit.SECONDS));

    contains("refused: The database " + file + " is in use by process", said);
    contains("process " + ProcessHandle.current().pid() + ",", said);
    await(first.close());
  }

  @Test
  void withoutAFolderForItsNativePartItSaysHowToNameOne() throws Exception {
    Process child =
        Child.start(
            List.of("-Dorg.sqlite.tmpdir=/proc/nowhere"),
            CommitLoop.class,
            folder.resolve("s.db").toString());
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));

    contains("native part could not be unpacked", said);
    contains("/proc/nowhere. Name another one with -Dorg.sqlite.tmpdir=FOLDER.", said);
  }

  @Test
  void aClosedStoreSaysThatItIsClosedAndCanBeClosedAgain() {
    RolloutStore store = open(folder.resolve("s.db"));
    await(store.close());
    await(store.close());

    StoreTrouble trouble = assertThrows(StoreTrouble.class, () -> await(store.live()));
    contains("is closed", String.valueOf(trouble.getMessage()));
  }

  @Test
  void theLockEndsWhenTheStoreIsClosed() {
    Path file = folder.resolve("s.db");
    for (int i = 0; i < 3; i++) {
      await(open(file).close());
    }
    assertFalse(Files.exists(folder.resolve("s.db-wal")), "the log was moved into the file");
  }
}
