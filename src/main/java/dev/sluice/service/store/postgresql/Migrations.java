package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.sql.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The numbered steps from an empty schema to the present one. A step that was released is never
 * changed; a new one is added at the end. All that are missing are taken in one transaction, by one
 * replica at a time: the others wait and find nothing left to do.
 *
 * @param scripts names of SQL resources beside {@code beside}; the first is step 1
 * @param beside where the resources are
 */
record Migrations(Class<?> beside, List<String> scripts) {
  static final Migrations ALL =
      new Migrations(Migrations.class, List.of("1-begin.sql", "2-requests.sql", "3-traces.sql"));

  /** "Slui" in ASCII, so that our lock is nobody else's. */
  private static final long LOCK = 0x536c7569;

  Migrations {
    scripts = List.copyOf(scripts);
  }

  /**
   * Brings the schema up to date. Refuses one of somebody else and one that a newer version has
   * written, and leaves both as they are.
   */
  void apply(Session db, String schema, Troubles troubles, Instant now) throws SQLException {
    db.execute("SET LOCAL statement_timeout = 0");
    db.execute("SET LOCAL lock_timeout = '60s'");
    db.query("SELECT pg_advisory_xact_lock(?)", row -> 0, LOCK);
    if (count(db, "SELECT count(*) FROM pg_namespace WHERE nspname = ?", schema) == 0) {
      db.execute("CREATE SCHEMA \"" + schema + "\"");
    }
    int found = present(db, schema, troubles);
    if (found > scripts.size()) {
      throw troubles.newer(found, scripts.size());
    }
    for (int number = found + 1; number <= scripts.size(); number++) {
      step(db, number, now);
    }
  }

  /** The number of the last step that was taken; 0 for an empty schema. */
  private static int present(Session db, String schema, Troubles troubles) throws SQLException {
    String tables = "SELECT count(*) FROM pg_tables WHERE schemaname = ?";
    if (count(db, tables + " AND tablename = 'schema_version'", schema) == 1) {
      return db.first("SELECT max(version) FROM schema_version", row -> row.getInt(1)).orElse(0);
    }
    if (count(db, tables, schema) > 0) {
      throw troubles.foreign();
    }
    return 0;
  }

  private static long count(Session db, String sql, String schema) throws SQLException {
    return db.first(sql, row -> row.getLong(1), schema).orElse(0L);
  }

  private void step(Session db, int number, Instant now) throws SQLException {
    String script = scripts.get(number - 1);
    if (number == 1) {
      db.execute(
          "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, script TEXT NOT NULL,"
              + " applied_at BIGINT NOT NULL)");
    }
    db.script(text(script));
    db.update(
        "INSERT INTO schema_version (version, script, applied_at) VALUES (?, ?, ?)",
        number,
        script,
        now);
  }

  private String text(String script) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(script), script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
