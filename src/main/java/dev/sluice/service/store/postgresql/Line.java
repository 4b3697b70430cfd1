package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.sql.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.ds.PGSimpleDataSource;

/** One connection. Used by one thread at a time. */
final class Line implements AutoCloseable {
  /**
   * A session that says nothing in the middle of a transaction is ended by the server: a process
   * that was frozen there must not keep its locks for longer than others wait for them.
   */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(10);
  private static final Duration LONGEST_LOCK = Duration.ofSeconds(4);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LOGIN = Duration.ofSeconds(10);

  /** Longer than any statement: only a server that is gone is silent for so long. */
  private static final Duration SOCKET = Duration.ofSeconds(15);

  /** Now and then a new one, so that a name that leads elsewhere by now is followed. */
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(30);

  /** What it says is in our exceptions; held here because loggers are forgotten otherwise. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ?, 0))";

  private final Connection connection;
  private final Session session;
  private final long openedAt = System.nanoTime();
  private boolean used;
  private boolean committing;

  private Line(Connection connection) {
    this.connection = connection;
    this.session =
        new Session(
            connection,
            (s, what) -> {
              s.query(LOCK, row -> 0, what.name());
            });
  }

  static Line open(Server server, String application) throws SQLException {
    return open(server, application, SOCKET);
  }

  /**
   * @param silence after so much of it the server counts as gone
   */
  static Line open(Server server, String application, Duration silence) throws SQLException {
    PGSimpleDataSource source = source(server, application);
    source.setSocketTimeout((int) silence.toSeconds());
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(false);
      Line line = new Line(connection);
      // What is acknowledged must be on the disk, whatever the server's default for others is.
      line.session.execute(
          "SELECT set_config('synchronous_commit', 'on', false)"
              + " WHERE current_setting('synchronous_commit') IN ('off', 'local')");
      connection.commit();
      return line;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static PGSimpleDataSource source(Server server, String application) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {server.host()});
    source.setPortNumbers(new int[] {server.port()});
    source.setDatabaseName(server.database());
    source.setUser(server.user());
    source.setPassword(server.password().orElse(""));
    source.setCurrentSchema('"' + server.schema() + '"');
    source.setApplicationName(application);
    source.setConnectTimeout((int) CONNECT.toSeconds());
    source.setLoginTimeout((int) LOGIN.toSeconds());
    source.setTcpKeepAlive(true);
    source.setGssEncMode("disable");
    // Details of an error can hold values of rows.
    source.setLogServerErrorDetail(false);
    source.setOptions(
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d -c timezone=UTC"
            .formatted(
                LONGEST_STATEMENT.toMillis(), LONGEST_LOCK.toMillis(), LONGEST_SILENCE.toMillis()));
    protect(source, server.tls());
    return source;
  }

  private static void protect(PGSimpleDataSource source, Server.Tls tls) {
    switch (tls) {
      case Server.Tls.Off off -> source.setSslMode("disable");
      case Server.Tls.Unverified unverified -> {
        source.setSslMode("require");
        source.setSslfactory("org.postgresql.ssl.NonValidatingFactory");
      }
      case Server.Tls.Verified verified -> {
        source.setSslMode("verify-full");
        verified
            .caFile()
            .ifPresentOrElse(
                file -> source.setSslRootCert(file.toString()),
                () -> source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory"));
      }
    }
  }

  Session session() {
    return session;
  }

  /** All of it or nothing. */
  <T> T transaction(Session.Work<T> work) throws SQLException {
    committing = false;
    try {
      T result = work.in(session);
      committing = true;
      connection.commit();
      used = true;
      return result;
    } catch (SQLException e) {
      rollBack();
      throw e;
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  /**
   * For work that may take as long as it takes, such as a migration of a large table: otherwise a
   * statement that is slow would look like a server that is gone, and never come to its end.
   */
  <T> T patiently(Session.Work<T> work) throws SQLException {
    int limit = connection.getNetworkTimeout();
    connection.setNetworkTimeout(Runnable::run, 0);
    try {
      return transaction(work);
    } finally {
      if (!connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, limit);
      }
    }
  }

  private void rollBack() {
    session.forgetStatements();
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and the transaction with it.
    }
  }

  /** Whether the last transaction failed in the very act of committing: its fate is not known. */
  boolean failedInCommit() {
    return committing;
  }

  /** Whether it has served before, and may have died since without our noticing. */
  boolean used() {
    return used;
  }

  boolean old() {
    return System.nanoTime() - openedAt > LONGEST_LIFE.toNanos();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is not needed any more.
    }
  }
}
