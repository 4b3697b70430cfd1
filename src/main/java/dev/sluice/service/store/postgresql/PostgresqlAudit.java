package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.AuditLog;
import dev.sluice.service.store.RolloutStore.Audited;
import dev.sluice.service.store.sql.AuditRows;
import java.sql.SQLException;
import java.util.List;

/** Reads the audit beside the services that write it. */
public final class PostgresqlAudit implements AuditLog {
  private final Server server;
  private final Troubles troubles;
  private final Line line;

  private PostgresqlAudit(Server server, Troubles troubles, Line line) {
    this.server = server;
    this.troubles = troubles;
    this.line = line;
  }

  /** Fails with {@link dev.sluice.service.store.StoreTrouble}. */
  public static AuditLog open(Server server) {
    Troubles troubles = new Troubles(server);
    try {
      return new PostgresqlAudit(server, troubles, Line.open(server, "sluice-audit"));
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }

  @Override
  public List<Audited> page(long after, int limit) {
    try {
      return line.transaction(
          db -> {
            db.execute("SET TRANSACTION READ ONLY");
            String tables = "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'audit'";
            if (db.query(tables, row -> 1, server.schema()).isEmpty()) {
              throw troubles.foreign();
            }
            return AuditRows.audited(db, after, limit);
          });
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
