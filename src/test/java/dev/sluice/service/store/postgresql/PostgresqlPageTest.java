package dev.sluice.service.store.postgresql;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/reference/store.md tells people to type works on a store that is open. */
class PostgresqlPageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "store.md");

  @Test
  void theQueriesAnswer() throws Exception {
    String page = Files.readString(PAGE);
    List<String> queries =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
            .matcher(page.substring(page.indexOf("\n## PostgreSQL\n")))
            .results()
            .map(block -> block.group(1))
            .toList();
    Vertx vertx = Vertx.vertx();
    try (RealPostgresql postgresql = RealPostgresql.make().start()) {
      Server server = postgresql.emptySchema();
      RolloutStore store = await(PostgresqlOpening.open(vertx, server, InstantSource.system()));
      await(store.commit(Samples.commit(new RolloutId("checkout-1"), 0, 16)));

      String rollout = postgresql.query(server, queries.get(0)).getFirst();
      assertTrue(rollout.startsWith("checkout-1|16|live|2026-03-02 10:01:38|"), rollout);
      assertEquals(
          List.of(
              "2026-03-02 10:00:02|PROMOTE|anna went on by hand.",
              "2026-03-02 10:01:38|ROLL_BACK|anna went on by hand."),
          postgresql.query(server, queries.get(1)));
      String replica = postgresql.query(server, queries.get(2)).getFirst();
      assertTrue(replica.endsWith("|t|1"), replica);
      assertEquals(3, queries.size());
      await(store.close());
    } finally {
      await(vertx.close());
    }
  }
}
