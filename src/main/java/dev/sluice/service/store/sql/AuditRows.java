package dev.sluice.service.store.sql;

import dev.sluice.gates.rollout.Event;
import dev.sluice.service.store.AuditEntry;
import dev.sluice.service.store.RolloutStore.Audited;
import dev.sluice.service.store.RolloutStore.Commit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The audit: appended to in the transaction of the commit it tells of, and never changed. */
public final class AuditRows {
  private AuditRows() {}

  /**
   * Adds what belongs into the audit. The last thing a transaction does: until it ends, others who
   * have something for the audit wait.
   */
  public static void append(Session db, Commit commit) throws SQLException {
    if (commit.events().stream().noneMatch(AuditEntry::tellsOf)) {
      return;
    }
    db.exclusive(Session.Exclusive.AUDIT);
    Optional<AuditEntry.Sealed> last =
        db.first("SELECT * FROM audit ORDER BY number DESC LIMIT 1", AuditRows::read);
    long number = last.map(AuditEntry.Sealed::number).orElse(0L);
    String hash = last.map(AuditEntry.Sealed::hash).orElse(AuditEntry.GENESIS);
    long version = commit.expectedVersion();
    for (Event event : commit.events()) {
      version++;
      Optional<AuditEntry> entry = AuditEntry.of(number + 1, commit.after(), version, event);
      if (entry.isPresent()) {
        AuditEntry.Sealed sealed = entry.get().after(hash);
        insert(db, entry.get(), sealed);
        number++;
        hash = sealed.hash();
      }
    }
  }

  private static void insert(Session db, AuditEntry entry, AuditEntry.Sealed sealed)
      throws SQLException {
    db.update(
        "INSERT INTO audit (number, rollout, version, body, hash) VALUES (?, ?, ?, ?, ?)",
        sealed.number(),
        entry.rollout(),
        entry.version(),
        sealed.body(),
        sealed.hash());
  }

  private static AuditEntry.Sealed read(ResultSet row) throws SQLException {
    return new AuditEntry.Sealed(
        row.getLong("number"), row.getString("body"), row.getString("hash"));
  }

  /** Entries with a number above {@code after}, oldest first, beside the events they tell of. */
  public static List<Audited> audited(Session db, long after, int limit) throws SQLException {
    return db.query(
        "SELECT a.number, a.body, a.hash, (SELECT e.body FROM events e JOIN rollouts r"
            + " ON r.number = e.rollout WHERE r.id = a.rollout AND e.version = a.version) AS event"
            + " FROM audit a WHERE a.number > ? ORDER BY a.number LIMIT ?",
        row ->
            new Audited(
                read(row), Optional.ofNullable(row.getString("event")).map(AuditEntry::sha256)),
        after,
        limit);
  }
}
