package dev.sluice.service.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts connections, and closes those that take for ever to say what they want: a client that
 * drips its headers byte by byte is never idle and would otherwise hold its connection for days.
 * Used on the server's event loop only.
 */
final class Connections {
  private final Vertx vertx;
  private final Duration deadline;
  private final int most;
  private final Map<HttpConnection, Long> timers = new HashMap<>();

  Connections(Vertx vertx, Duration deadline, int most) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.most = most;
  }

  void opened(HttpConnection connection) {
    if (timers.size() >= most) {
      connection.close();
      return;
    }
    await(connection);
    connection.closeHandler(v -> cancel(timers.remove(connection)));
  }

  /** A request's headers are here: its own deadlines take over. */
  void asked(HttpConnection connection) {
    if (timers.containsKey(connection)) {
      cancel(timers.put(connection, 0L));
    }
  }

  /** The answer is out: the next request may take its time, but not for ever. */
  void answered(HttpConnection connection) {
    if (timers.containsKey(connection)) {
      cancel(timers.get(connection));
      await(connection);
    }
  }

  private void await(HttpConnection connection) {
    timers.put(connection, vertx.setTimer(deadline.toMillis(), t -> connection.close()));
  }

  private void cancel(@org.jspecify.annotations.Nullable Long timer) {
    if (timer != null && timer != 0) {
      vertx.cancelTimer(timer);
    }
  }

  int number() {
    return timers.size();
  }
}
