package dev.sluice.service.store.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.store.Run;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which rollout answers to which controller. */
public final class RunRows {
  private static final TypeReference<Map<String, String>> NOTES = new TypeReference<>() {};

  private RunRows() {}

  public static Optional<Run> find(Session db, Run.Key key) throws SQLException {
    return db.first(
        "SELECT * FROM runs WHERE controller = ? AND plan_name = ? AND name = ?",
        RunRows::run,
        key.controller(),
        key.plan(),
        key.name());
  }

  public static Optional<Run> of(Session db, RolloutId rollout) throws SQLException {
    return db.first("SELECT * FROM runs WHERE rollout = ?", RunRows::run, rollout.value());
  }

  public static List<Run> open(Session db, int limit) throws SQLException {
    return db.query(
        "SELECT * FROM runs WHERE open = 1 ORDER BY seen_at + lease_ms * 1000, rollout LIMIT ?",
        RunRows::run,
        limit);
  }

  public static boolean put(Session db, Run run) throws SQLException {
    return (run.version() == 1 ? insert(db, run) : update(db, run)) == 1;
  }

  private static int insert(Session db, Run run) throws SQLException {
    return db.update(
        "INSERT INTO runs (controller, plan_name, name, version, rollout, opened_at, seen_at,"
            + " lease_ms, open, notes) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        run.key().controller(),
        run.key().plan(),
        run.key().name(),
        run.rollout().value(),
        run.openedAt(),
        run.seenAt(),
        run.lease().toMillis(),
        run.open(),
        SluiceJson.write(run.notes()));
  }

  private static int update(Session db, Run run) throws SQLException {
    return db.update(
        "UPDATE runs SET version = ?, rollout = ?, opened_at = ?, seen_at = ?, lease_ms = ?,"
            + " open = ?, notes = ?"
            + " WHERE controller = ? AND plan_name = ? AND name = ? AND version = ?",
        run.version(),
        run.rollout().value(),
        run.openedAt(),
        run.seenAt(),
        run.lease().toMillis(),
        run.open(),
        SluiceJson.write(run.notes()),
        run.key().controller(),
        run.key().plan(),
        run.key().name(),
        run.version() - 1);
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        new Run.Key(row.getString("controller"), row.getString("plan_name"), row.getString("name")),
        row.getLong("version"),
        new RolloutId(row.getString("rollout")),
        Session.instant(row, "opened_at"),
        Session.instant(row, "seen_at"),
        Duration.ofMillis(row.getLong("lease_ms")),
        row.getInt("open") == 1,
        notes(row.getString("notes")));
  }

  private static Map<String, String> notes(String json) {
    try {
      return SluiceJson.mapper().readValue(json, NOTES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("notes of a run cannot be read: " + json, e);
    }
  }
}
