package dev.sluice.service.store.postgresql;

import dev.sluice.service.store.RolloutStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Opens the store: connects, brings the schema up to date, joins the replicas. */
public final class PostgresqlOpening {
  private PostgresqlOpening() {}

  /**
   * Fails with {@link dev.sluice.service.store.StoreTrouble} when the server cannot be reached,
   * does not let us in, or holds a schema that is not ours.
   *
   * @param clock for the note of when a migration was applied
   */
  public static Future<RolloutStore> open(Vertx vertx, Server server, InstantSource clock) {
    return open(vertx, server, clock, Membership.Times.USUAL, Migrations.ALL);
  }

  static Future<RolloutStore> open(
      Vertx vertx,
      Server server,
      InstantSource clock,
      Membership.Times times,
      Migrations migrations) {
    String name = name();
    Lines lines = new Lines(vertx, server, "sluice-" + name, server.connections());
    Membership membership =
        new Membership(new Lines(vertx, server, "sluice-leases-" + name, 1), name, times);
    return lines
        .patiently(
            db -> {
              migrations.apply(db, server.schema(), lines.troubles(), clock.instant());
              return true;
            })
        .compose(migrated -> membership.join())
        .<RolloutStore>map(joined -> new PostgresqlRolloutStore(lines, membership))
        .recover(
            failure ->
                membership
                    .leave()
                    .transform(left -> lines.close())
                    .transform(closed -> Future.failedFuture(failure)));
  }

  /** The machine's name for people, and a tail that no other process has. */
  private static String name() {
    return host() + "-" + Long.toString(new SecureRandom().nextLong() >>> 24, 36);
  }

  private static String host() {
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "_");
      return host.substring(0, Math.min(host.length(), 40));
    } catch (UnknownHostException e) {
      return "replica";
    }
  }
}
