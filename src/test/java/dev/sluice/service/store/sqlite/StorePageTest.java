package dev.sluice.service.store.sqlite;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.RolloutId;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.RolloutStore.Message;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/reference/store.md tells people to type works on a store that is open. */
class StorePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "store.md");
  private static final RolloutId ID = new RolloutId("checkout-1");

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private RolloutStore store;

  StorePageTest() {
    store = new dev.sluice.service.store.InMemoryRolloutStore();
  }

  @BeforeEach
  void open() {
    store = await(StoreOpening.open(vertx, folder.resolve("sluice.db"), InstantSource.system()));
    Message news = new Message("a", ID, "chat", false, Message.Kind.ANNOUNCEMENT, "");
    await(store.commit(Samples.commit(ID, 0, 16, news)));
  }

  @AfterEach
  void end() {
    await(store.close());
    await(vertx.close());
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private List<String> query(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(rows.getString(i));
        }
        found.add(String.join("|", row));
      }
      return found;
    }
  }

  @Test
  void theQueriesAnswer() throws Exception {
    List<String> queries = blocks("sql");
    Path file = folder.resolve("sluice.db");

    assertEquals(List.of("checkout-1|16|live|2026-03-02 10:01:38"), query(file, queries.get(0)));
    assertEquals(
        List.of(
            "2026-03-02 10:00:02|PROMOTE|anna went on by hand.",
            "2026-03-02 10:01:38|ROLL_BACK|anna went on by hand."),
        query(file, queries.get(1)));
    assertEquals(List.of("a|chat|pending|0|2026-03-02 10:01:38|"), query(file, queries.get(2)));
    assertTrue(Double.parseDouble(query(file, queries.get(3)).getFirst()) > 0);
  }

  @Test
  void theBackupIsAWholeStore() throws Exception {
    Process shell =
        new ProcessBuilder("bash", "-euc", blocks("bash").getFirst())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    shell.getInputStream().readAllBytes();
    assertTrue(shell.waitFor(60, TimeUnit.SECONDS));

    RolloutStore backup =
        await(StoreOpening.open(vertx, folder.resolve("sluice-backup.db"), InstantSource.system()));
    assertEquals(await(store.load(ID)), await(backup.load(ID)));
    await(backup.close());
  }
}
