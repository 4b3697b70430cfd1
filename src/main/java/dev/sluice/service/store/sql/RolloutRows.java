package dev.sluice.service.store.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.json.SluiceJson;
import dev.sluice.service.store.RolloutStore.Commit;
import dev.sluice.service.store.RolloutStore.Recorded;
import dev.sluice.service.store.RolloutStore.Stored;
import dev.sluice.service.store.RolloutStore.VersionConflict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** States, events and evidence. A state is kept without its plan, which never changes. */
public final class RolloutRows {
  private static final String PLAN = "plan";
  private static final String SELECT =
      "SELECT r.number, r.state, p.body AS plan FROM rollouts r JOIN rollout_plans p ON p.rollout ="
          + " r.number ";

  private RolloutRows() {}

  /** Writes the state if the version is still the expected one, then what belongs to it. */
  public static void write(Session db, Commit commit) throws SQLException {
    if (commit.expectedVersion() == 0) {
      begin(db, commit);
    } else {
      goOn(db, commit);
    }
    long number =
        db.first("SELECT number FROM rollouts WHERE id = ?", r -> r.getLong(1), id(commit))
            .orElseThrow();
    if (commit.expectedVersion() == 0) {
      db.update(
          "INSERT INTO rollout_plans (rollout, body) VALUES (?, ?)",
          number,
          SluiceJson.write(commit.after().plan()));
    }
    append(db, number, commit);
    if (commit.evidence().isPresent()) {
      db.update(
          "INSERT INTO evidence (rollout, body) VALUES (?, ?)"
              + " ON CONFLICT (rollout) DO UPDATE SET body = excluded.body",
          number,
          Evidence.write(commit.evidence().get()));
    }
  }

  private static String id(Commit commit) {
    return commit.after().id().value();
  }

  private static void begin(Session db, Commit commit) throws SQLException {
    Rollout after = commit.after();
    if (commit.newest().isPresent()) {
      db.exclusive(Session.Exclusive.BEGINNING);
      if (newest(db) != commit.newest().getAsLong()) {
        throw new VersionConflict(after.id(), 0);
      }
    }
    int changed =
        db.update(
            "INSERT INTO rollouts (id, plan_name, version, ended, updated_at, state)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            id(commit),
            after.plan().name(),
            after.version(),
            after.ended(),
            after.updatedAt(),
            withoutPlan(after));
    expectOne(changed, commit);
  }

  private static void goOn(Session db, Commit commit) throws SQLException {
    Rollout after = commit.after();
    int changed =
        db.update(
            "UPDATE rollouts SET version = ?, ended = ?, updated_at = ?, state = ?"
                + " WHERE id = ? AND version = ?",
            after.version(),
            after.ended(),
            after.updatedAt(),
            withoutPlan(after),
            id(commit),
            commit.expectedVersion());
    expectOne(changed, commit);
  }

  private static void expectOne(int changed, Commit commit) {
    if (changed != 1) {
      throw new VersionConflict(commit.after().id(), commit.expectedVersion());
    }
  }

  private static void append(Session db, long number, Commit commit) throws SQLException {
    long version = commit.expectedVersion();
    for (Event event : commit.events()) {
      String body = SluiceJson.write(event);
      version++;
      db.update(
          "INSERT INTO events (rollout, version, at, type, body) VALUES (?, ?, ?, ?, ?)",
          number,
          version,
          event.at(),
          type(body),
          body);
    }
  }

  private static String type(String body) {
    try {
      return SluiceJson.mapper().readTree(body).path("type").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was just written cannot be read", e);
    }
  }

  public static Optional<Stored> load(Session db, RolloutId id) throws SQLException {
    return db.first(
        SELECT.replace("p.body AS plan", "p.body AS plan, e.body AS evidence")
            + "LEFT JOIN evidence e ON e.rollout = r.number WHERE r.id = ?",
        row -> new Stored(rollout(row), evidence(row)),
        id.value());
  }

  private static Map<String, double[]> evidence(ResultSet row) throws SQLException {
    byte[] body = row.getBytes("evidence");
    return body == null ? Map.of() : Evidence.read(body);
  }

  public static long newest(Session db) throws SQLException {
    return db.first("SELECT coalesce(max(number), 0) FROM rollouts", row -> row.getLong(1))
        .orElseThrow();
  }

  public static List<Rollout> list(Session db, int limit) throws SQLException {
    return db.query(SELECT + "ORDER BY r.number DESC LIMIT ?", RolloutRows::rollout, limit);
  }

  public static List<Rollout> listBefore(Session db, RolloutId id, int limit) throws SQLException {
    return db.query(
        SELECT
            + "WHERE r.number < (SELECT number FROM rollouts WHERE id = ?)"
            + " ORDER BY r.number DESC LIMIT ?",
        RolloutRows::rollout,
        id.value(),
        limit);
  }

  public static Optional<Rollout> latestOf(Session db, String planName) throws SQLException {
    return db.first(
        SELECT + "WHERE r.plan_name = ? ORDER BY r.number DESC LIMIT 1",
        RolloutRows::rollout,
        planName);
  }

  public static List<RolloutId> live(Session db) throws SQLException {
    return db.query(
        "SELECT id FROM rollouts WHERE ended = 0 ORDER BY number",
        row -> new RolloutId(row.getString("id")));
  }

  public static List<Recorded> events(Session db, RolloutId id, long after, int limit)
      throws SQLException {
    return db.query(
        "SELECT e.version, e.body FROM events e JOIN rollouts r ON r.number = e.rollout"
            + " WHERE r.id = ? AND e.version > ? ORDER BY e.version LIMIT ?",
        row ->
            new Recorded(
                row.getLong("version"), SluiceJson.read(row.getString("body"), Event.class)),
        id.value(),
        after,
        limit);
  }

  private static String withoutPlan(Rollout rollout) {
    ObjectNode state = SluiceJson.mapper().valueToTree(rollout);
    state.remove(PLAN);
    return state.toString();
  }

  private static Rollout rollout(ResultSet row) throws SQLException {
    try {
      ObjectNode state = (ObjectNode) SluiceJson.mapper().readTree(row.getString("state"));
      JsonNode plan = SluiceJson.mapper().readTree(row.getString(PLAN));
      state.set(PLAN, plan);
      return SluiceJson.mapper().treeToValue(state, Rollout.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "rollout number " + row.getLong("number") + " cannot be read: " + e.getOriginalMessage(),
          e);
    }
  }
}
