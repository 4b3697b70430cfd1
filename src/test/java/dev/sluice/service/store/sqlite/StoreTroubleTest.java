package dev.sluice.service.store.sqlite;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import dev.sluice.service.store.StoreTrouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with an open store, what it says then, and that it goes on afterwards. */
class StoreTroubleTest {
  private static final RolloutId ID = new RolloutId("checkout-1");

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Path file = Path.of("set before each test");
  private Database database;
  private SqliteRolloutStore store;

  @BeforeEach
  void open() {
    file = folder.resolve("s.db");
    WorkerExecutor worker = vertx.createSharedWorkerExecutor("test", 1);
    StoreLock lock = StoreLock.take(file);
    database = Database.open(file);
    Migrations.ALL.apply(database, Samples.START);
    store = new SqliteRolloutStore(worker, lock, database);
  }

  @AfterEach
  void end() {
    await(store.close().otherwiseEmpty());
    await(vertx.close());
  }

  private String trouble(Future<?> future) {
    StoreTrouble trouble = assertThrows(StoreTrouble.class, () -> await(future));
    String message = String.valueOf(trouble.getMessage());
    assertTrue(message.contains(file.toString()), message);
    return message;
  }

  private static void contains(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  private static Message large() {
    return new Message(
        "large", ID, "chat", false, Message.Kind.ANNOUNCEMENT, "x".repeat(2_000_000));
  }

  private void pages(String limit) {
    await(
        store.running(
            db -> db.query("PRAGMA max_page_count" + limit, row -> row.getLong(1)).getFirst()));
  }

  @Test
  void aFullDiskIsSaidNothingHalfIsWrittenAndItGoesOnWhenThereIsRoom() {
    await(store.commit(Samples.commit(ID, 0, 3)));
    pages(" = 60");

    String message = trouble(store.commit(Samples.commit(ID, 3, 5, large())));

    contains("is full", message);
    contains("Nothing of this was written", message);
    assertEquals(3, await(store.load(ID)).orElseThrow().rollout().version());
    assertEquals(3, await(store.events(ID, 0, 100)).size());
    assertEquals(List.of(), await(store.deliveries(ID, 100)));

    pages(" = 1000000");
    await(store.commit(Samples.commit(ID, 3, 5, large())));
    assertEquals(5, await(store.load(ID)).orElseThrow().rollout().version());
  }

  @Test
  void anotherProgramThatHoldsTheDatabaseIsSaidAndItGoesOnAfterwards() throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      await(store.running(db -> db.query("PRAGMA busy_timeout = 50", row -> row.getLong(1))));
      statement.execute("BEGIN IMMEDIATE");

      contains("locked by another program", trouble(store.commit(Samples.commit(ID, 0, 3))));
      contains("locked by another program", trouble(store.probe()));
      assertEquals(List.of(), await(store.live()), "reading goes on");

      statement.execute("COMMIT");
    }
    await(store.commit(Samples.commit(ID, 0, 3)));
    await(store.probe());
  }

  @Test
  void aFileThatWasDeletedUnderneathIsNoticedByTheProbe() throws IOException {
    await(store.probe());
    Files.move(file, folder.resolve("moved.db"));

    contains("deleted or replaced while the service runs", trouble(store.probe()));

    Files.writeString(file, "something else", StandardCharsets.UTF_8);
    contains("deleted or replaced while the service runs", trouble(store.probe()));
  }

  @Test
  void aDatabaseThatMayOnlyBeReadIsSaid() {
    await(
        store.running(
            db -> {
              db.execute("PRAGMA query_only = 1");
              return db;
            }));

    contains("cannot be written", trouble(store.commit(Samples.commit(ID, 0, 3))));
  }

  @Test
  void aDamagedFileIsSaidWithWhatToDo() throws IOException {
    await(store.commit(Samples.commit(ID, 0, 3, large())));
    await(store.close());
    try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = damaged.length() / 8192; page < damaged.length() / 4096; page++) {
        damaged.seek(page * 4096);
        damaged.write(new byte[] {99, 99, 99, 99});
      }
    }
    open();

    String message = trouble(store.due(Samples.START, 100));
    contains("is damaged", message);
    contains(".recover", message);
  }
}
