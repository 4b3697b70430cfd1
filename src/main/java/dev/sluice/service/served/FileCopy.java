package dev.sluice.service.served;

import io.vertx.core.Future;

/** The file that a set is written to, if it has one. */
public interface FileCopy {
  FileCopy NONE = document -> Future.succeededFuture();

  /**
   * Completes when the file holds this text or a later one; fails with a sentence that names the
   * file and what to do.
   */
  Future<Void> write(String document);

  /** The same, where nobody waits for it: a failure is the next write's to tell. */
  default void writeInTheBackground(String document) {
    write(document).otherwiseEmpty();
  }
}
