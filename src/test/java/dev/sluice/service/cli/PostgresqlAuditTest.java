package dev.sluice.service.cli;

import static dev.sluice.service.store.Await.await;

import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.postgresql.PostgresqlOpening;
import dev.sluice.service.store.postgresql.RealPostgresql;
import dev.sluice.service.store.postgresql.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresqlAuditTest extends AuditCommandContract {
  @SuppressWarnings("NullAway.Init")
  private static RealPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private Server server;

  @BeforeAll
  static void begin() {
    postgresql = RealPostgresql.make().start();
  }

  @AfterAll
  static void stop() {
    postgresql.close();
  }

  @Override
  RolloutStore open() {
    server = postgresql.emptySchema();
    return await(PostgresqlOpening.open(vertx, server, InstantSource.system()));
  }

  @Override
  String config() {
    try {
      Files.writeString(folder.resolve("password"), postgresql.password());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
          postgresql:
            host: %s
            port: %d
            database: %s
            user: %s
            password: ${file:password}
            schema: %s
        """
        .formatted(server.host(), server.port(), server.database(), server.user(), server.schema());
  }

  @Override
  void tamper(String sql) {
    postgresql.execute(server, sql);
  }
}
