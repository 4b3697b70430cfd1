package dev.sluice.service.store.sqlite;

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
 * The numbered steps from an empty file to the present schema. A step that was released is never
 * changed; a new one is added at the end. Each runs in a transaction together with the row in
 * {@code schema_version} that says so.
 *
 * @param scripts names of SQL resources beside {@code beside}; the first is step 1
 * @param beside where the resources are
 */
record Migrations(Class<?> beside, List<String> scripts) {
  static final Migrations ALL =
      new Migrations(
          Migrations.class,
          List.of("1-begin.sql", "2-runs.sql", "3-audit.sql", "4-requests.sql", "5-traces.sql"));

  /** "Slui" in ASCII, in SQLite's header field for who owns a file. */
  private static final int APPLICATION_ID = 0x536c7569;

  Migrations {
    scripts = List.copyOf(scripts);
  }

  /**
   * Brings a database to the present schema. Refuses a file of somebody else and one that a newer
   * version has written, and leaves both as they are.
   */
  void apply(Database database, Instant now) {
    int found = database.read(db -> present(db, database.troubles()));
    if (found > scripts.size()) {
      throw database.troubles().newer(found, scripts.size());
    }
    for (int number = found + 1; number <= scripts.size(); number++) {
      step(database, number, now);
    }
  }

  /** The number of the last step that was taken; 0 for an empty file. */
  private static int present(Session db, Troubles troubles) throws SQLException {
    int application = single(db, "PRAGMA application_id");
    if (application == APPLICATION_ID) {
      return single(db, "SELECT max(version) FROM schema_version");
    }
    if (application != 0 || single(db, "SELECT count(*) FROM sqlite_schema") > 0) {
      throw troubles.foreign();
    }
    return 0;
  }

  private static int single(Session db, String sql) throws SQLException {
    return db.first(sql, row -> row.getInt(1)).orElse(0);
  }

  private void step(Database database, int number, Instant now) {
    String script = scripts.get(number - 1);
    String sql = text(script);
    database.write(
        db -> {
          if (number == 1) {
            db.execute("PRAGMA application_id = " + APPLICATION_ID);
            db.execute(
                "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, script TEXT NOT NULL,"
                    + " applied_at INTEGER NOT NULL) STRICT");
          }
          db.script(sql);
          return db.update(
              "INSERT INTO schema_version (version, script, applied_at) VALUES (?, ?, ?)",
              number,
              script,
              now);
        });
  }

  private String text(String script) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(script), script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
