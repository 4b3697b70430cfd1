package dev.sluice.service.store.sqlite;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.rollout.Event;
import dev.sluice.gates.rollout.Evolution;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.store.RolloutStore;
import dev.sluice.service.store.Samples;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed while it commits loses nothing it was told is safe, and leaves no half.
 */
class KilledTest {
  private static final int KILLS = 10;
  private static final int MOST_COMMITS = 25;
  private static final int LONGEST_COMMIT_MICROS = 15_000;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() {
    await(vertx.close());
  }

  @Test
  @Timeout(300)
  void theLastAcknowledgedCommitIsThereAndNoHalfOne() throws Exception {
    Path file = folder.resolve("s.db");
    Random random = new Random(20260302);
    long before = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = acknowledgedBeforeTheKill(file, random);
      assertTrue(acknowledged > before, "it went on where the last one was killed");
      long stored = storedVersion(file);
      assertTrue(
          stored == acknowledged || stored == acknowledged + 1,
          acknowledged + " was acknowledged, " + stored + " is stored");
      before = stored;
    }
  }

  /** Lets the child commit for a while, and kills it somewhere within a commit. */
  private static long acknowledgedBeforeTheKill(Path file, Random random) throws Exception {
    Process child = Child.start(CommitLoop.class, file.toString());
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      int commits = 1 + random.nextInt(MOST_COMMITS);
      long last = 0;
      for (int i = 0; i < commits; i++) {
        last = version(said.readLine());
      }
      child.waitFor(random.nextInt(LONGEST_COMMIT_MICROS), TimeUnit.MICROSECONDS);
      child
          .toHandle()
          .destroyForcibly(); // Unlike the process itself, leaves the stream to be read.
      return Math.max(last, rest(said));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static long version(String line) {
    assertNotNull(line, "the child ended by itself");
    return Long.parseLong(line);
  }

  /**
   * What was acknowledged between the last line we waited for and the end; the last may be torn.
   */
  private static long rest(BufferedReader said) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = said.read(); c >= 0; c = said.read()) {
      text.append((char) c);
    }
    int end = text.lastIndexOf("\n");
    return end < 0 ? 0 : text.substring(0, end).lines().mapToLong(Long::parseLong).max().orElse(0);
  }

  private long storedVersion(Path file) {
    RolloutStore store = await(StoreOpening.open(vertx, file, InstantSource.system()));
    try {
      RolloutStore.Stored stored = await(store.load(CommitLoop.ID)).orElseThrow();
      Rollout rollout = stored.rollout();
      List<Event> events =
          await(store.events(CommitLoop.ID, 0, Integer.MAX_VALUE)).stream()
              .map(RolloutStore.Recorded::event)
              .toList();
      assertEquals(folded(events), rollout, "the events lead to the state");
      assertTrue(
          Arrays.stream(stored.evidence().get("version")).allMatch(d -> d == rollout.version()),
          "the evidence is of the same commit");
      assertEquals(
          rollout.version(),
          await(store.deliveries(CommitLoop.ID, Integer.MAX_VALUE)).size(),
          "so are the messages");
      await(store.probe());
      return rollout.version();
    } finally {
      await(store.close());
    }
  }

  private static Rollout folded(List<Event> events) {
    Rollout rollout =
        Evolution.begin(CommitLoop.ID, Samples.plan("checkout"), (Event.Started) events.getFirst());
    for (Event event : events.subList(1, events.size())) {
      rollout = Evolution.evolve(rollout, event);
    }
    return rollout;
  }
}
