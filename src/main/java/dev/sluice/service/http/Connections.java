package dev.sluice.service.http;

import io.vertx.core.http.HttpConnection;
import java.util.HashSet;
import java.util.Set;

/** Bounds the number of connections. Used on the server's event loop only. */
final class Connections {
  private final int most;
  private final Set<HttpConnection> open = new HashSet<>();

  Connections(int most) {
    this.most = most;
  }

  /** One too many is closed at once, without a word: an answer would cost what is to be saved. */
  void opened(HttpConnection connection) {
    if (open.size() >= most) {
      connection.close();
      return;
    }
    open.add(connection);
    connection.closeHandler(v -> open.remove(connection));
  }
}
