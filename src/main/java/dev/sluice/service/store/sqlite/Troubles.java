package dev.sluice.service.store.sqlite;

import dev.sluice.service.store.StoreTrouble;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What SQLite's errors mean to the person who has to mend them. */
final class Troubles {
  private final Path file;

  Troubles(Path file) {
    this.file = file;
  }

  /** A sentence where a person can help; an exception of ours where the code is at fault. */
  RuntimeException of(SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL ->
          trouble(
              e,
              "The disk that holds the database %s is full. Nothing of this was written. Free some"
                  + " space there; a service that runs then goes on by itself.");
      case SQLITE_BUSY, SQLITE_LOCKED ->
          trouble(
              e,
              "The database %s is locked by another program (an open sqlite3 shell, a backup)."
                  + " Nothing of this was written. End that program; a service that runs then goes on by"
                  + " itself.");
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          trouble(
              e,
              "The database %s cannot be written. Give the service's user the right to write the"
                  + " file, its folder and the files beside it that end in -wal and -shm, and see"
                  + " that the disk is not mounted read-only.");
      case SQLITE_CANTOPEN ->
          trouble(
              e,
              "The database %s cannot be opened. Its folder must exist, and the service's user"
                  + " must be able to write it.");
      case SQLITE_NOTADB ->
          trouble(
              e,
              "The file %s is not a database. Name another file as the store, or move this one"
                  + " away: a new database is made then.");
      case SQLITE_CORRUPT ->
          trouble(
              e,
              "The database %s is damaged. Stop the service, keep a copy of the file and of the"
                  + " ones beside it that end in -wal and -shm, and put a backup in place or"
                  + " recover it with the command .recover of the sqlite3 shell.");
      case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_PROTOCOL ->
          trouble(
              e,
              "The disk that holds the database %s does not read or write as it should ("
                  + oneLine(e)
                  + "). Nothing of this was written. Look at the machine's disk and its log.");
      case SQLITE_CONSTRAINT, SQLITE_MISUSE, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_RANGE ->
          new IllegalStateException("the database " + file + " refuses: " + oneLine(e), e);
      default -> trouble(e, "The database %s cannot be used (" + oneLine(e) + ").");
    };
  }

  private static SQLiteErrorCode primary(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
  }

  private static String oneLine(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("no message")
        .replace("%", "%%");
  }

  private StoreTrouble trouble(Throwable cause, String sentence) {
    return new StoreTrouble(sentence.formatted(file), cause);
  }

  StoreTrouble ofNativePart(Throwable e) {
    return trouble(
        e,
        "The database %s cannot be opened: SQLite's native part could not be unpacked or loaded."
            + " It needs a folder that can be written and run from: "
            + System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir", "/tmp"))
                .replace("%", "%%")
            + ". Name another one with -Dorg.sqlite.tmpdir=FOLDER.");
  }

  StoreTrouble gone() {
    return new StoreTrouble(
        "The database %s was deleted or replaced while the service runs. What is decided now would be lost. Put the file back from a backup and restart the service."
            .formatted(file));
  }

  StoreTrouble noAudit() {
    return new StoreTrouble(
        "The database %s has no audit: it is not one of Sluice, or was last opened by a version that kept none. Start the service once with this version."
            .formatted(file));
  }

  StoreTrouble closed() {
    return new StoreTrouble(
        "The database %s is closed: the service is stopping. Ask again when it has started."
            .formatted(file));
  }

  StoreTrouble noLog() {
    return new StoreTrouble(
        "The database %s lies on a disk that cannot keep SQLite's write-ahead log (a network folder, say). Put it on a local disk."
            .formatted(file));
  }

  StoreTrouble newer(int found, int known) {
    return new StoreTrouble(
        "The database %s was written by a newer version of Sluice (schema %d, this one knows up to %d). Run the newer version, or put a backup from before the upgrade in place."
            .formatted(file, found, known));
  }

  StoreTrouble foreign() {
    return new StoreTrouble(
        "The file %s is a database, but not one of Sluice. Name another file as the store."
            .formatted(file));
  }
}
