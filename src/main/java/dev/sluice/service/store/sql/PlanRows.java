package dev.sluice.service.store.sql;

import dev.sluice.service.store.RolloutStore.PlanText;
import dev.sluice.service.store.RolloutStore.Revision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Plans as they were handed in. Every revision is kept. */
public final class PlanRows {
  private static final String NEWEST =
      "SELECT * FROM plans WHERE number IN (SELECT max(number) FROM plans GROUP BY name)";

  private PlanRows() {}

  public static boolean replace(Session db, PlanText plan, Optional<String> expected)
      throws SQLException {
    db.exclusive(Session.Exclusive.PLANS);
    boolean still = newest(db, plan.name()).map(PlanText::hash).equals(expected);
    if (still) {
      put(db, plan);
    }
    return still;
  }

  public static List<Revision> revisions(Session db, String name, long before, int limit)
      throws SQLException {
    return db.query(
        "SELECT * FROM (SELECT p.*, row_number() OVER (ORDER BY number) AS revision FROM plans p"
            + " WHERE name = ?) r WHERE revision < ? ORDER BY revision DESC LIMIT ?",
        row -> new Revision(row.getLong("revision"), plan(row)),
        name,
        before,
        limit);
  }

  public static List<PlanText> after(Session db, String name, int limit) throws SQLException {
    return db.query(NEWEST + " AND name > ? ORDER BY name LIMIT ?", PlanRows::plan, name, limit);
  }

  public static void put(Session db, PlanText plan) throws SQLException {
    if (newest(db, plan.name()).filter(p -> p.hash().equals(plan.hash())).isEmpty()) {
      db.update(
          "INSERT INTO plans (name, hash, body, stored_at) VALUES (?, ?, ?, ?)",
          plan.name(),
          plan.hash(),
          plan.text(),
          plan.storedAt());
    }
  }

  public static Optional<PlanText> newest(Session db, String name) throws SQLException {
    return db.first(
        "SELECT * FROM plans WHERE name = ? ORDER BY number DESC LIMIT 1", PlanRows::plan, name);
  }

  public static List<PlanText> all(Session db) throws SQLException {
    return db.query(NEWEST + " ORDER BY name", PlanRows::plan);
  }

  private static PlanText plan(ResultSet row) throws SQLException {
    return new PlanText(
        row.getString("name"),
        row.getString("hash"),
        row.getString("body"),
        Session.instant(row, "stored_at"));
  }
}
