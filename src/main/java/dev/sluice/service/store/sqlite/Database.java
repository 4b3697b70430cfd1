package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.StoreTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;

/**
 * One connection to one file. Used by one thread at a time; all errors leave as {@link
 * StoreTrouble}.
 *
 * <p>WAL with synchronous FULL: a commit has returned only when its log record is on the disk, and
 * readers from outside (a backup, a look with the sqlite3 shell) do not hold it up.
 */
final class Database implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LARGEST_IDLE_LOG = 64L << 20;
  private static final int CACHE_KIB = 16 << 10;

  private final Path file;
  private final Troubles troubles;
  private final Connection connection;
  private final Object identity;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Something to do in a transaction. */
  interface Work<T> {
    T in(Database database) throws SQLException;
  }

  /** Something to write in a transaction. */
  interface Change {
    void in(Database database) throws SQLException;
  }

  /** Reads one row. */
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Database(Path file, Connection connection, Object identity) {
    this.file = file;
    this.troubles = new Troubles(file);
    this.connection = connection;
    this.identity = identity;
  }

  /** Opens the file, or makes an empty one. */
  static Database open(Path file) {
    Troubles troubles = new Troubles(file);
    Connection connection = connect(file, troubles);
    try {
      prepare(connection, troubles);
      return new Database(file, connection, identity(file));
    } catch (SQLException e) {
      close(connection);
      throw troubles.of(e);
    } catch (IOException e) {
      close(connection);
      throw troubles.gone();
    } catch (StoreTrouble e) {
      close(connection);
      throw e;
    }
  }

  private static Connection connect(Path file, Troubles troubles) {
    try {
      return new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
    } catch (SQLException e) {
      throw nativePartIsMissing(e) ? troubles.ofNativePart(e) : troubles.of(e);
    } catch (LinkageError e) {
      throw troubles.ofNativePart(e);
    }
  }

  private static boolean nativePartIsMissing(SQLException e) {
    return e.getCause() instanceof NativeLibraryNotFoundException
        || e.getCause() instanceof LinkageError;
  }

  private static void prepare(Connection connection, Troubles troubles) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + PATIENCE.toMillis());
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !mode.getString(1).equals("wal")) {
          throw troubles.noLog();
        }
      }
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
      statement.execute("PRAGMA journal_size_limit = " + LARGEST_IDLE_LOG);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // What made us close it is thrown by the caller and says more.
    }
  }

  private static Object identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  Troubles troubles() {
    return troubles;
  }

  /** SQLite goes on writing into a file that was deleted; nobody would ever read it again. */
  void checkThatTheFileIsStillThere() {
    try {
      if (!identity(file).equals(identity)) {
        throw troubles.gone();
      }
    } catch (IOException e) {
      throw troubles.gone();
    }
  }

  /** All of it or nothing. */
  <T> T write(Work<T> work) {
    return transaction("BEGIN IMMEDIATE", work);
  }

  /** Several reads of one moment. */
  <T> T read(Work<T> work) {
    return transaction("BEGIN", work);
  }

  private <T> T transaction(String begin, Work<T> work) {
    try {
      execute(begin);
      T result = work.in(this);
      execute("COMMIT");
      return result;
    } catch (SQLException e) {
      rollBack();
      throw troubles.of(e);
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  /** After some failures (a full disk, say) SQLite has rolled back already. */
  private void rollBack() {
    forgetStatements();
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // No transaction is open: that is what was wanted.
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs several statements, as they stand in a migration. */
  void script(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Number of rows changed. */
  int update(String sql, Object... arguments) throws SQLException {
    return bound(sql, arguments).executeUpdate();
  }

  <T> List<T> query(String sql, Reader<T> reader, Object... arguments) throws SQLException {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    }
  }

  <T> Optional<T> first(String sql, Reader<T> reader, Object... arguments) throws SQLException {
    return query(sql, reader, arguments).stream().findFirst();
  }

  /** The driver closes a statement that fails; kept, it would fail for ever. */
  private void forgetStatements() {
    try {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
    } catch (SQLException e) {
      // They go with the connection at the latest.
    } finally {
      statements.clear();
    }
  }

  /** Prepared once: the statements are few and fixed. */
  private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, stored(arguments[i]));
    }
    return statement;
  }

  private static Object stored(Object argument) {
    return switch (argument) {
      case Boolean b -> b ? 1 : 0;
      case Instant i -> ChronoUnit.MICROS.between(Instant.EPOCH, i);
      default -> Objects.requireNonNull(argument);
    };
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
  }

  /** Closes it when something else has failed already, which says more than a failed close. */
  void abandon() {
    close(connection);
  }

  /** Also moves the log into the file. */
  @Override
  public void close() {
    forgetStatements();
    try {
      connection.close();
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }
}
