package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.StoreTrouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Opens the store: takes the lock, opens or makes the file, brings its schema up to date. */
public final class StoreOpening {
  /** Longer than SQLite's own patience with a lock: whoever sees this warning has a slow disk. */
  private static final long SLOW_SECONDS = 10;

  private StoreOpening() {}

  /**
   * Fails with {@link StoreTrouble} when another process holds the file, when it cannot be written,
   * is no database of ours, or was written by a newer version.
   *
   * @param file is made if it does not exist; its folder must exist
   * @param clock for the note of when a migration was applied
   */
  public static Future<RolloutStore> open(Vertx vertx, Path file, InstantSource clock) {
    return open(vertx, file, clock, Migrations.ALL);
  }

  static Future<RolloutStore> open(
      Vertx vertx, Path file, InstantSource clock, Migrations migrations) {
    WorkerExecutor worker =
        vertx.createSharedWorkerExecutor("sluice-store " + file, 1, SLOW_SECONDS, TimeUnit.SECONDS);
    return SqliteRolloutStore.on(worker, () -> openNow(worker, file, clock, migrations))
        .recover(failure -> worker.close().transform(closed -> Future.failedFuture(failure)));
  }

  private static RolloutStore openNow(
      WorkerExecutor worker, Path file, InstantSource clock, Migrations migrations) {
    Path real = real(file);
    if (real.toString().contains("?")) {
      throw new StoreTrouble(
          "The name of the database %s has a question mark, which SQLite takes for the begin of options. Name another file as the store."
              .formatted(real));
    }
    StoreLock lock = StoreLock.take(real);
    try {
      Database database = migrated(real, clock, migrations);
      return new SqliteRolloutStore(worker, lock, database);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Database migrated(Path file, InstantSource clock, Migrations migrations) {
    Database database = Database.open(file);
    try {
      migrations.apply(database, clock.instant());
      return database;
    } catch (RuntimeException e) {
      database.abandon();
      throw e;
    }
  }

  /** One name for one file, whatever links lead to it: the lock hangs on it. */
  private static Path real(Path file) {
    try {
      if (Files.exists(file)) {
        return regular(file.toRealPath());
      }
      Path absolute = file.toAbsolutePath();
      Path folder = absolute.getParent();
      return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      throw new StoreTrouble(
          "The folder of the database %s does not exist or cannot be read. Make it, or name another file as the store."
              .formatted(file.toAbsolutePath()),
          e);
    }
  }

  private static Path regular(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreTrouble(
          "The store must be a file, and %s is none. Name a file in a folder that can be written."
              .formatted(file));
    }
    return file;
  }
}
