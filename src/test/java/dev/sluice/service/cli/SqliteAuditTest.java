package dev.sluice.service.cli;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.sqlite.StoreOpening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class SqliteAuditTest extends AuditCommandContract {
  private Path file() {
    return folder.resolve("sluice.db");
  }

  @Override
  RolloutStore open() {
    return await(StoreOpening.open(vertx, file(), InstantSource.system()));
  }

  @Override
  String config() {
    return "  file: " + file() + "\n";
  }

  @Override
  void tamper(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStoreThatIsNotThereCannotBeReadAndIsNotMade() throws Exception {
    Path config = folder.resolve("other.yaml");
    Files.writeString(
        config,
        "prometheus: { main: { url: 'http://127.0.0.1:9090' } }\nstore: { file: none.db }\n");

    Ran ran = run("audit", "verify", "--config=" + config);

    assertEquals(4, ran.code());
    assertTrue(ran.err().contains("There is no database"), ran.err());
    assertTrue(Files.notExists(folder.resolve("none.db")));
  }
}
