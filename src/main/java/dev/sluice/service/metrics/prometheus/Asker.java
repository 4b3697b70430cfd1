package dev.sluice.service.metrics.prometheus;

import io.vertx.core.Future;

/** Sends a query, or finds that it has been sent already; never fails. */
interface Asker {
  Future<Reply> ask(Query query);
}
