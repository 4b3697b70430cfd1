package dev.sluice.service.store.postgresql;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which database, and how to get in.
 *
 * @param schema where the tables are; made when it does not exist
 * @param connections at most this many at once
 */
public record Server(
    String host,
    int port,
    String database,
    String user,
    Optional<String> password,
    String schema,
    int connections,
    Tls tls) {

  /** How the connection is protected. */
  public sealed interface Tls {
    record Off() implements Tls {}

    /** Encrypted, and it does not matter to whom: for tests only. */
    record Unverified() implements Tls {}

    /**
     * Encrypted, and the certificate must be the host's.
     *
     * @param caFile PEM of the authorities to trust; absent: Java's
     */
    record Verified(Optional<Path> caFile) implements Tls {}
  }

  /** For people: no user, no password. */
  public String place() {
    return "%s:%d/%s".formatted(host.contains(":") ? "[" + host + "]" : host, port, database);
  }

  @Override
  public String toString() {
    return "PostgreSQL " + place();
  }
}
