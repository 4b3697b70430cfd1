package dev.sluice.service.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One connection and the statements prepared on it. Used by one thread at a time. The SQL here and
 * in the rows is what SQLite and PostgreSQL both understand; instants are whole microseconds since
 * 1970, truth is 1 and 0.
 */
public final class Session {
  private final Connection connection;
  private final Turnstile turnstile;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Something to do in a transaction. */
  public interface Work<T> {
    T in(Session session) throws SQLException;
  }

  /** Something to write in a transaction. */
  public interface Change {
    void in(Session session) throws SQLException;
  }

  /** Reads one row. */
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** What only one transaction may do at a time, over all processes. */
  public enum Exclusive {
    /** Beginning a rollout: whether it may begin depends on all the others. */
    BEGINNING,
    /** Adding to the audit: each entry rests on the one before. */
    AUDIT,
    /** Replacing a plan that is still the one somebody has read. */
    PLANS
  }

  /** Takes such a right, which ends with the transaction. */
  public interface Turnstile {
    void pass(Session session, Exclusive what) throws SQLException;
  }

  /**
   * @param turnstile does nothing where transactions that write follow one another anyway
   */
  public Session(Connection connection, Turnstile turnstile) {
    this.connection = connection;
    this.turnstile = turnstile;
  }

  /** Waits until no other transaction does this; keeps others waiting until this one ends. */
  public void exclusive(Exclusive what) throws SQLException {
    turnstile.pass(this, what);
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs several statements, as they stand in a migration. */
  public void script(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Number of rows changed. */
  public int update(String sql, Object... arguments) throws SQLException {
    return bound(sql, arguments).executeUpdate();
  }

  public <T> List<T> query(String sql, Reader<T> reader, Object... arguments) throws SQLException {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    }
  }

  public <T> Optional<T> first(String sql, Reader<T> reader, Object... arguments)
      throws SQLException {
    return query(sql, reader, arguments).stream().findFirst();
  }

  /** A statement that failed may have been closed by its driver; kept, it would fail for ever. */
  public void forgetStatements() {
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
      // PostgreSQL's text cannot hold it, and nobody means it.
      case String s -> s.indexOf('\0') < 0 ? s : s.replace('\0', '\ufffd');
      default -> Objects.requireNonNull(argument);
    };
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
  }
}
