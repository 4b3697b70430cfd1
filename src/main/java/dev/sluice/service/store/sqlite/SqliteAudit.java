package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.AuditLog;
import dev.sluice.service.store.RolloutStore.Audited;
import dev.sluice.service.store.StoreTrouble;
import dev.sluice.service.store.sql.AuditRows;
import dev.sluice.service.store.sql.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Reads the audit of a file that a service may have open. */
public final class SqliteAudit implements AuditLog {
  private final Troubles troubles;
  private final Connection connection;
  private final Session session;

  private SqliteAudit(Troubles troubles, Connection connection) {
    this.troubles = troubles;
    this.connection = connection;
    this.session = new Session(connection, (db, what) -> {});
  }

  /** Fails with {@link StoreTrouble}; makes no file. */
  public static AuditLog open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreTrouble(
          "There is no database %s. Name the store's file in the configuration.".formatted(file));
    }
    Troubles troubles = new Troubles(file);
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(5000);
    try {
      return new SqliteAudit(troubles, config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }

  @Override
  public List<Audited> page(long after, int limit) {
    try {
      if (session.query("SELECT 1 FROM sqlite_schema WHERE name = 'audit'", row -> 1).isEmpty()) {
        throw troubles.noAudit();
      }
      return AuditRows.audited(session, after, limit);
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written.
    }
  }
}
