package dev.sluice.service.served;

import dev.sluice.service.files.AtomicFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set in a file, for flagd's file source and for whatever copies files on. One text is written at
 * a time, the newest next; what became old while it waited is never written.
 */
public final class WrittenFile implements FileCopy {
  private static final Logger LOG = LoggerFactory.getLogger(WrittenFile.class);

  private final Vertx vertx;
  private final AtomicFile file;
  private final AtomicReference<String> wanted = new AtomicReference<>("");
  private boolean failing;

  public WrittenFile(Vertx vertx, AtomicFile file) {
    this.vertx = vertx;
    this.file = file;
  }

  @Override
  public Future<Void> write(String document) {
    wanted.set(document);
    // One after the other on the caller's context: each writes what is newest when its turn comes.
    return vertx.executeBlocking(this::writeNewest, true).mapEmpty();
  }

  private synchronized boolean writeNewest() throws IOException {
    try {
      file.replace(Objects.requireNonNull(wanted.get()));
      failing = false;
      return true;
    } catch (IOException e) {
      if (!failing) {
        LOG.error("The served flags cannot be written to {}: {}", file.path(), why(e));
      }
      failing = true;
      throw new IOException(
          "The file %s cannot be written (%s): let this user write to its folder."
              .formatted(file.path(), why(e)),
          e);
    }
  }

  private static String why(IOException e) {
    return e.getClass().getSimpleName();
  }
}
