package dev.sluice.service.store.sql;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RequestStore.StartRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Requests to start, by their keys. */
public final class RequestRows {
  private RequestRows() {}

  public static Optional<StartRequest> take(
      Session db, StartRequest request, Instant oldest, int most) throws SQLException {
    db.update("DELETE FROM requests WHERE at < ?", oldest);
    int mine =
        db.update(
            "INSERT INTO requests (caller, name, fingerprint, at, rollout) VALUES (?, ?, ?, ?, '')"
                + " ON CONFLICT DO NOTHING",
            request.caller(),
            request.key(),
            request.fingerprint(),
            request.at());
    if (mine == 0) {
      return db.first(
              "SELECT * FROM requests WHERE caller = ? AND name = ?",
              RequestRows::request,
              request.caller(),
              request.key())
          // Given back just now: whoever asks in a second gets it.
          .or(() -> Optional.of(request));
    }
    db.update(
        "DELETE FROM requests WHERE number <="
            + " (SELECT number FROM requests ORDER BY number DESC LIMIT 1 OFFSET ?)",
        most);
    return Optional.empty();
  }

  public static void started(Session db, StartRequest request) throws SQLException {
    db.update(
        "UPDATE requests SET rollout = ? WHERE caller = ? AND name = ? AND at = ?",
        request.rollout().map(RolloutId::value).orElse(""),
        request.caller(),
        request.key(),
        request.at());
  }

  public static void giveBack(Session db, StartRequest request) throws SQLException {
    db.update(
        "DELETE FROM requests WHERE caller = ? AND name = ? AND at = ?",
        request.caller(),
        request.key(),
        request.at());
  }

  private static StartRequest request(ResultSet row) throws SQLException {
    return new StartRequest(
        row.getString("caller"),
        row.getString("name"),
        row.getString("fingerprint"),
        Session.instant(row, "at"),
        Optional.of(row.getString("rollout")).filter(id -> !id.isEmpty()).map(RolloutId::new));
  }
}
