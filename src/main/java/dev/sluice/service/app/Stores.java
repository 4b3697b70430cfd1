package dev.sluice.service.app;

import dev.sluice.service.config.Secret;
import dev.sluice.service.config.ServerConfig.Store;
import dev.sluice.service.store.AuditLog;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.postgresql.PostgresqlAudit;
import dev.sluice.service.store.postgresql.PostgresqlOpening;
import dev.sluice.service.store.postgresql.Server;
import dev.sluice.service.store.sqlite.SqliteAudit;
import dev.sluice.service.store.sqlite.StoreOpening;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The stores there are, by their configuration. */
public final class Stores {
  private Stores() {}

  /** To work with it; fails with a sentence that names place and remedy. */
  public static Future<RolloutStore> open(Vertx vertx, Store store, InstantSource clock) {
    return switch (store) {
      case Store.Sqlite s -> StoreOpening.open(vertx, s.file(), clock);
      case Store.Postgresql p -> PostgresqlOpening.open(vertx, server(p), clock);
    };
  }

  /** Only its audit, to read, also while services run on it. */
  public static AuditLog audit(Store store) {
    return switch (store) {
      case Store.Sqlite s -> SqliteAudit.open(s.file());
      case Store.Postgresql p -> PostgresqlAudit.open(server(p));
    };
  }

  private static Server server(Store.Postgresql store) {
    return new Server(
        store.host(),
        store.port(),
        store.database(),
        store.user(),
        store.password().map(Secret::value),
        store.schema(),
        store.connections(),
        tls(store.protection()));
  }

  private static Server.Tls tls(Store.Protection protection) {
    return switch (protection) {
      case Store.Protection.Off off -> new Server.Tls.Off();
      case Store.Protection.Unverified unverified -> new Server.Tls.Unverified();
      case Store.Protection.Verified v -> new Server.Tls.Verified(v.caFile());
    };
  }
}
