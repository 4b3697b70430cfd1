package dev.sluice.service.store.sql;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.MessageState;
import dev.sluice.service.store.RolloutStore.Attempt;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.RolloutStore.Delivery;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.RolloutStore.Pending;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Messages on their way, and the log of those that are through. */
public final class OutboxRows {
  /**
   * The head of each lane (a rollout's messages to one target), then the first few heads of each
   * target.
   */
  private static final String DUE =
      """
      WITH heads AS (
        SELECT number, target, urgent, attempts, due_at,
               row_number() OVER (PARTITION BY rollout, target ORDER BY urgent DESC, number) AS place
        FROM outbox WHERE state = 'pending'%s),
      turns AS (
        SELECT number,
               row_number() OVER (PARTITION BY target ORDER BY urgent DESC, due_at, number) AS turn
        FROM heads WHERE place = 1 AND (attempts = 0 OR due_at <= ?))
      SELECT o.* FROM turns t JOIN outbox o ON o.number = t.number
      WHERE t.turn <= ? ORDER BY o.urgent DESC, o.due_at, o.number
      """;

  private static final String LOG =
      "SELECT id, target, kind, state, attempts, detail, updated_at FROM outbox WHERE rollout = ? ";

  private OutboxRows() {}

  public static void write(Session db, Commit commit) throws SQLException {
    supersede(db, commit);
    for (Message message : commit.messages()) {
      Instant at = commit.after().updatedAt();
      db.update(
          "INSERT INTO outbox"
              + " (id, rollout, target, urgent, kind, state, created_at, due_at, updated_at, body)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
          message.id(),
          message.rolloutId().value(),
          message.target(),
          message.urgent(),
          message.kind().name().toLowerCase(Locale.ROOT),
          MessageState.PENDING.word(),
          at,
          at,
          at,
          message.body());
    }
  }

  /** The rule is the commit's own; here are only the few rows it can be about. */
  private static void supersede(Session db, Commit commit) throws SQLException {
    List<Pending> waiting =
        db.query(
            "SELECT * FROM outbox WHERE state = 'pending' AND rollout = ? AND kind = 'flag'",
            OutboxRows::pending,
            commit.after().id().value());
    for (Pending pending : waiting) {
      if (commit.supersedes(pending.message())) {
        db.update(
            "UPDATE outbox SET state = ?, updated_at = ? WHERE number = ? AND state = 'pending'",
            MessageState.SUPERSEDED.word(),
            commit.after().updatedAt(),
            pending.row());
      }
    }
  }

  public static List<Pending> due(Session db, Instant now, int perTarget) throws SQLException {
    return db.query(DUE.formatted(""), OutboxRows::pending, now, perTarget);
  }

  /** Only what belongs to the rollouts that this replica looks after. */
  public static List<Pending> dueOf(Session db, String replica, Instant now, int perTarget)
      throws SQLException {
    return db.query(
        DUE.formatted(" AND rollout IN (SELECT rollout FROM leases WHERE owner = ?)"),
        OutboxRows::pending,
        replica,
        now,
        perTarget);
  }

  /** Whose message it is. */
  public static Optional<RolloutId> rolloutOf(Session db, long number) throws SQLException {
    return db.first(
        "SELECT rollout FROM outbox WHERE number = ?",
        row -> new RolloutId(row.getString(1)),
        number);
  }

  /**
   * Each attempt is noted in one statement that looks at the state as it is when it writes: where
   * replicas share the store, a rollback may supersede the message between a reading and a writing,
   * and what was superseded must not come back to life.
   */
  public static void record(Session db, long number, Attempt attempt) throws SQLException {
    int changed =
        switch (attempt) {
          case Attempt.Delivered a ->
              note(db, number, "'" + MessageState.DELIVERED.word() + "'", "", a.at());
          case Attempt.GivenUp a ->
              note(
                  db,
                  number,
                  "CASE WHEN state = 'superseded' THEN state ELSE '"
                      + MessageState.GIVEN_UP.word()
                      + "' END",
                  a.detail(),
                  a.at());
          case Attempt.Failed a -> {
            int noted = note(db, number, "state", a.detail(), a.at());
            if (noted == 1) {
              db.update("UPDATE outbox SET due_at = ? WHERE number = ?", a.nextAt(), number);
            }
            yield noted;
          }
        };
    if (changed == 0 && rolloutOf(db, number).isEmpty()) {
      throw new IllegalArgumentException("no message in row " + number + " of the outbox");
    }
  }

  /**
   * @param next SQL for the state after it
   * @return 0 where the message is through already
   */
  private static int note(Session db, long number, String next, String detail, Instant at)
      throws SQLException {
    return db.update(
        "UPDATE outbox SET state = "
            + next
            + ", detail = ?, updated_at = ?, attempts = attempts + 1"
            + " WHERE number = ? AND state IN ('pending', 'superseded')",
        detail,
        at,
        number);
  }

  public static List<Delivery> deliveries(Session db, RolloutId id, int limit) throws SQLException {
    return db.query(LOG + "ORDER BY number DESC LIMIT ?", OutboxRows::delivery, id.value(), limit);
  }

  public static List<Delivery> deliveriesBefore(
      Session db, RolloutId id, String messageId, int limit) throws SQLException {
    return db.query(
        LOG
            + "AND number < (SELECT number FROM outbox WHERE id = ?)"
            + " ORDER BY number DESC LIMIT ?",
        OutboxRows::delivery,
        id.value(),
        messageId,
        limit);
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(
        row.getString("id"),
        row.getString("target"),
        kind(row),
        row.getString("state"),
        row.getInt("attempts"),
        row.getString("detail"),
        Session.instant(row, "updated_at"));
  }

  private static Pending pending(ResultSet row) throws SQLException {
    return new Pending(
        row.getLong("number"),
        new Message(
            row.getString("id"),
            new RolloutId(row.getString("rollout")),
            row.getString("target"),
            row.getBoolean("urgent"),
            kind(row),
            row.getString("body")),
        row.getInt("attempts"),
        Session.instant(row, "created_at"),
        Session.instant(row, "due_at"));
  }

  private static Message.Kind kind(ResultSet row) throws SQLException {
    return Message.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
  }
}
