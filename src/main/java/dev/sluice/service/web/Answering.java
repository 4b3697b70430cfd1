package dev.sluice.service.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Who listens to the answer of a call, as it comes in. Nothing is heard after {@link Call#cut}. */
public interface Answering {
  /** Status and headers are here. */
  void begins(HttpClientResponse head);

  /** A piece of the body, in order. */
  void goesOn(Buffer piece);
}
