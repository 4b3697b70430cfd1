package dev.sluice.service.store.sql;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.store.LookTrace;
import dev.sluice.service.store.RolloutStore.Commit;
import java.sql.SQLException;
import java.util.List;

/** What the looks were judged from: one row a look, written with its verdict. */
public final class TraceRows {
  private TraceRows() {}

  public static void write(Session db, Commit commit) throws SQLException {
    if (commit.trace().isPresent()) {
      LookTrace trace = commit.trace().get();
      db.update(
          "INSERT INTO traces (rollout, look, body)"
              + " SELECT number, ?, ? FROM rollouts WHERE id = ?",
          trace.look(),
          SluiceJson.write(trace),
          commit.after().id().value());
    }
  }

  public static List<LookTrace> read(Session db, RolloutId id, long after, int limit)
      throws SQLException {
    return db.query(
        "SELECT t.body FROM traces t JOIN rollouts r ON r.number = t.rollout"
            + " WHERE r.id = ? AND t.look > ? ORDER BY t.look LIMIT ?",
        row -> SluiceJson.read(row.getString("body"), LookTrace.class),
        id.value(),
        after,
        limit);
  }
}
