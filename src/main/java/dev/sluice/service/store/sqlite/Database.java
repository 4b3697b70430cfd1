package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.StoreTrouble;
import dev.sluice.service.store.sql.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
  private final Session session;

  private Database(Path file, Connection connection, Object identity) {
    this.file = file;
    this.troubles = new Troubles(file);
    this.connection = connection;
    this.identity = identity;
    this.session = new Session(connection, (session, what) -> {});
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
  <T> T write(Session.Work<T> work) {
    return transaction("BEGIN IMMEDIATE", work);
  }

  /** Several reads of one moment. */
  <T> T read(Session.Work<T> work) {
    return transaction("BEGIN", work);
  }

  private <T> T transaction(String begin, Session.Work<T> work) {
    try {
      session.execute(begin);
      T result = work.in(session);
      session.execute("COMMIT");
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
    session.forgetStatements();
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      // No transaction is open: that is what was wanted.
    }
  }

  /** Outside a transaction. */
  Session session() {
    return session;
  }

  /** Closes it when something else has failed already, which says more than a failed close. */
  void abandon() {
    close(connection);
  }

  /** Also moves the log into the file. */
  @Override
  public void close() {
    session.forgetStatements();
    try {
      connection.close();
    } catch (SQLException e) {
      throw troubles.of(e);
    }
  }
}
