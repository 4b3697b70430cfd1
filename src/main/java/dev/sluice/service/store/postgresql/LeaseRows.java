package dev.sluice.service.store.postgresql;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.Leases.Held;
import dev.sluice.service.store.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who looks after which rollout.
 *
 * <p>A replica lives as long as it renews its one row in {@code replicas}. When it has not in time,
 * another one deletes that row, and the foreign key takes the owner out of all its leases in the
 * same transaction. The row's lock decides who is first: a renewal that comes at the last moment
 * either keeps everything, or finds its row gone and knows that it has nothing any more.
 *
 * <p>All times are the database's own: the clocks of the replicas do not matter.
 */
final class LeaseRows {
  private static final String DONE =
      "rollout IN (SELECT r.id FROM rollouts r JOIN leases l ON l.rollout = r.id"
          + " WHERE l.owner = ? AND r.ended = 1 AND NOT EXISTS"
          + " (SELECT 1 FROM outbox o WHERE o.rollout = r.id AND o.state = 'pending'))";

  private LeaseRows() {}

  /** Whether this replica still counts as alive; if so, it does for this much longer. */
  static boolean stayAlive(Session db, String replica, Duration howLong) throws SQLException {
    return db.update(
            "UPDATE replicas SET until = clock_timestamp() + ? * interval '1 millisecond'"
                + " WHERE id = ?",
            howLong.toMillis(),
            replica)
        == 1;
  }

  static void join(Session db, String replica, Duration howLong) throws SQLException {
    db.update(
        "INSERT INTO replicas (id, until)"
            + " VALUES (?, clock_timestamp() + ? * interval '1 millisecond')",
        replica,
        howLong.toMillis());
  }

  /** What the dead held is nobody's afterwards. */
  static void buryTheDead(Session db) throws SQLException {
    db.update(
        "DELETE FROM replicas WHERE id IN (SELECT id FROM replicas"
            + " WHERE until < clock_timestamp() FOR UPDATE SKIP LOCKED)");
  }

  /** Forgets the leases of rollouts that have ended and have nothing more to tell. */
  static void forgetTheDone(Session db, String replica) throws SQLException {
    db.update("DELETE FROM leases WHERE " + DONE, replica);
  }

  /** Each replica may have as many as this; together that is enough for all. */
  static long share(Session db) throws SQLException {
    return db.first(
            "SELECT ((SELECT count(*) FROM leases) + n - 1) / n"
                + " FROM (SELECT greatest(count(*), 1) AS n FROM replicas) AS alive",
            row -> row.getLong(1))
        .orElseThrow();
  }

  static long count(Session db, String replica) throws SQLException {
    return db.first("SELECT count(*) FROM leases WHERE owner = ?", row -> row.getLong(1), replica)
        .orElseThrow();
  }

  /** Takes up to so many of those that nobody has. */
  static void claim(Session db, String replica, long most) throws SQLException {
    db.update(
        "UPDATE leases SET owner = ?, token = token + 1 WHERE rollout IN (SELECT rollout FROM"
            + " leases WHERE owner IS NULL ORDER BY rollout LIMIT ? FOR UPDATE SKIP LOCKED)",
        replica,
        most);
  }

  /**
   * Gives up to so many back. Not those with a message that waits: it may be on its way, and
   * whoever takes the rollout would send it as well.
   */
  static void handOver(Session db, String replica, long most) throws SQLException {
    db.update(
        "UPDATE leases SET owner = NULL, handed_over = 1 WHERE rollout IN (SELECT l.rollout FROM"
            + " leases l WHERE l.owner = ? AND NOT EXISTS (SELECT 1 FROM outbox o"
            + " WHERE o.rollout = l.rollout AND o.state = 'pending')"
            + " ORDER BY l.rollout DESC LIMIT ? FOR UPDATE SKIP LOCKED)",
        replica,
        most);
  }

  static List<Held> held(Session db, String replica) throws SQLException {
    return db.query(
        "SELECT l.rollout, l.token, l.handed_over, r.version, r.ended FROM leases l"
            + " JOIN rollouts r ON r.id = l.rollout WHERE l.owner = ? ORDER BY r.number",
        row ->
            new Held(
                new RolloutId(row.getString("rollout")),
                row.getLong("token"),
                row.getLong("version"),
                !row.getBoolean("ended"),
                row.getBoolean("handed_over")),
        replica);
  }

  /** From now on a death would leave it behind in the middle of something. */
  static void takenUp(Session db, String replica) throws SQLException {
    db.update("UPDATE leases SET handed_over = 0 WHERE owner = ? AND handed_over = 1", replica);
  }

  /**
   * The lease of a rollout that begins: its beginner's. A beginner that was declared dead meanwhile
   * gets none, and somebody else looks after it.
   *
   * @return the token
   */
  static OptionalLong begin(Session db, String replica, RolloutId id) throws SQLException {
    db.update(
        "INSERT INTO leases (rollout, owner, token, handed_over)"
            + " VALUES (?, (SELECT id FROM replicas WHERE id = ? FOR KEY SHARE), 1, 0)",
        id.value(),
        replica);
    return token(db, replica, id);
  }

  /** The token of this replica's lease; nobody can take the lease before the transaction ends. */
  static OptionalLong token(Session db, String replica, RolloutId id) throws SQLException {
    return db.first(
            "SELECT token FROM leases WHERE rollout = ? AND owner = ? FOR SHARE",
            row -> OptionalLong.of(row.getLong(1)),
            id.value(),
            replica)
        .orElse(OptionalLong.empty());
  }

  /** The end of this replica: what it holds goes to the others in good order. */
  static void leave(Session db, String replica) throws SQLException {
    db.update("UPDATE leases SET owner = NULL, handed_over = 1 WHERE owner = ?", replica);
    db.update("DELETE FROM replicas WHERE id = ?", replica);
  }
}
