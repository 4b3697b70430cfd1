package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.StoreTrouble;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL's errors mean to the person who has to mend them. */
final class Troubles {
  /** Nothing is wrong with what was asked; asked again it may work. */
  private static final Set<String> PASSING =
      Set.of(
          "40001", // serialization failure
          "40P01", // deadlock
          "0A000"); // a newer version has changed a table under a prepared statement

  /** The server ended the connection, or is about to come up. */
  private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

  private final Server server;

  Troubles(Server server) {
    this.server = server;
  }

  /** Whether the connection is of no more use. */
  static boolean lost(SQLException e) {
    String state = state(e);
    return state.startsWith("08") || ENDED.contains(state) || state.equals("25006");
  }

  static boolean passing(SQLException e) {
    return PASSING.contains(state(e));
  }

  private static String state(SQLException e) {
    return Optional.ofNullable(e.getSQLState()).orElse("");
  }

  /** A sentence where a person can help; an exception of ours where the code is at fault. */
  RuntimeException of(SQLException e) {
    String state = state(e);
    return switch (state) {
      case "28P01", "28000" ->
          trouble(
              e,
              "PostgreSQL %s does not let this user in ("
                  + oneLine(e)
                  + ")."
                  + " Check store.postgresql.user and password, and the server's pg_hba.conf.");
      case "3D000" ->
          trouble(
              e,
              "PostgreSQL %s has no such database. Make it (createdb), or name another one in"
                  + " store.postgresql.database.");
      case "42501" ->
          trouble(
              e,
              "PostgreSQL %s: the user lacks a right ("
                  + oneLine(e)
                  + "). It must own the schema,"
                  + " or be allowed to make it: GRANT CREATE ON DATABASE ... TO ...");
      case "25006" ->
          trouble(
              e,
              "PostgreSQL %s can only be read: it is a standby, or full. Nothing of this was"
                  + " written. Let the configured host lead to the primary; the service goes on by"
                  + " itself.");
      case "53100" ->
          trouble(
              e,
              "The disk of PostgreSQL %s is full. Nothing of this was written. Free some space"
                  + " there; the service goes on by itself.");
      case "53300" ->
          trouble(
              e,
              "PostgreSQL %s has no connection free. Raise max_connections there, or lower"
                  + " store.postgresql.connections; the service goes on by itself.");
      case "55P03", "57014", "25P03" ->
          trouble(
              e,
              "PostgreSQL %s does not answer in time ("
                  + oneLine(e)
                  + "): it is overloaded, or"
                  + " another session holds a lock. Nothing of this was written; the service goes"
                  + " on by itself. Look at pg_stat_activity.");
      default ->
          state.startsWith("22") || state.startsWith("23") || state.startsWith("42")
              ? new IllegalStateException(
                  "PostgreSQL " + server.place() + " refuses: " + oneLine(e), e)
              : trouble(
                  e,
                  "PostgreSQL %s cannot be reached or used ("
                      + oneLine(e)
                      + "). Check that it runs"
                      + " and that store.postgresql leads to it; the service goes on by itself.");
    };
  }

  /** Whether what was asked for is done is not known: the answer to COMMIT did not arrive. */
  StoreTrouble unanswered(SQLException e) {
    return trouble(
        e,
        "PostgreSQL %s was lost in the middle of a commit ("
            + oneLine(e)
            + "): whether it was"
            + " written shows when it is back. The service reads again and goes on by itself.");
  }

  private static String oneLine(SQLException e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("no message")
        .replace("%", "%%");
  }

  private StoreTrouble trouble(Throwable cause, String sentence) {
    return new StoreTrouble(sentence.formatted(server.place()), cause);
  }

  StoreTrouble closed() {
    return new StoreTrouble(
        "The store in PostgreSQL %s is closed: the service is stopping. Ask again when it has started."
            .formatted(server.place()));
  }

  StoreTrouble overrun(int waiting) {
    return new StoreTrouble(
        "%d pieces of work wait for PostgreSQL %s already: it is too slow for what is asked. Look at its load, or raise store.postgresql.connections."
            .formatted(waiting, server.place()));
  }

  StoreTrouble newer(int found, int known) {
    return new StoreTrouble(
        "The schema %s in PostgreSQL %s was written by a newer version of Sluice (schema %d, this one knows up to %d). Run the newer version, or put a backup from before the upgrade in place."
            .formatted(server.schema(), server.place(), found, known));
  }

  StoreTrouble foreign() {
    return new StoreTrouble(
        "The schema %s in PostgreSQL %s has tables, but not those of Sluice. Name another one in store.postgresql.schema."
            .formatted(server.schema(), server.place()));
  }
}
