package dev.sluice.service.served;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.files.AtomicFile;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.store.RolloutStore.PlanText;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served follows from what the store holds, whoever asks and whenever. */
class PublishedTest {
  private static final Plan PLAN = Scenes.plan("checkout");
  private static final String SET = PLAN.flag().map(FlagTarget::target).orElseThrow();

  private final TestServer server = new TestServer();
  private final Published published = published(FileCopy.NONE);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private Published published(FileCopy copy) {
    return new Published(server.store, Map.of(SET, copy));
  }

  private Rollout begun(String id, Plan plan) {
    await(
        server.store.putPlan(
            new PlanText(plan.name(), plan.hash(), "the text", server.clock.instant())));
    return server.scenes.begun(id, plan);
  }

  private Rollout rolledBack(String id) {
    return server.scenes.tell(id, new Command.RollBack(Scenes.ANNA, "it hurts"));
  }

  private static Optional<Exposure> exposure(Published published) {
    return published.set(SET).flatMap(set -> set.flag("checkout-v2")).map(ServedFlag::exposure);
  }

  private Optional<Exposure> afterARestart() {
    Published next = published(FileCopy.NONE);
    await(next.load());
    assertEquals(published.set(SET), next.set(SET), "the same set, down to its version");
    return exposure(next);
  }

  @Test
  void aRolloutIsServedFromItsCommitAndAfterARestartStill() {
    assertEquals(Optional.empty(), exposure(published));

    published.changed(begun("checkout-1", PLAN));
    assertEquals(Optional.of(new Exposure(1)), exposure(published));
    assertEquals(Optional.of(new Exposure(1)), afterARestart());

    published.changed(rolledBack("checkout-1"));
    assertEquals(Optional.of(Exposure.NONE), exposure(published));
    assertEquals(Optional.of(Exposure.NONE), afterARestart());
  }

  @Test
  void ofTwoRolloutsWithOneFlagTheOneThatBeganLastCounts() {
    Rollout first = begun("checkout-1", PLAN);
    Rollout ended = rolledBack("checkout-1");
    server.clock.advance(java.time.Duration.ofHours(1));
    Rollout second = begun("other-1", Scenes.plan("other"));

    published.changed(second);
    published.changed(first);
    published.changed(ended);

    assertEquals(Optional.of(new Exposure(1)), exposure(published));
    assertEquals(Optional.of(new Exposure(1)), afterARestart());
  }

  @Test
  void oldNewsOfARolloutChangesNothing() {
    Rollout first = begun("checkout-1", PLAN);
    Rollout ended = rolledBack("checkout-1");
    published.changed(ended);
    published.changed(first);
    assertEquals(Optional.of(Exposure.NONE), exposure(published));
  }

  @Test
  void whatWaitsForItsFirstStepHasNotTouchedTheFlag() {
    published.changed(begun("checkout-1", PLAN));
    server.clock.advance(java.time.Duration.ofDays(5)); // a Saturday
    Rollout waiting = begun("later-1", Scenes.inOfficeHours("later"));
    assertEquals(Exposure.NONE, waiting.desired());

    published.changed(waiting);

    assertEquals(Optional.of(new Exposure(1)), exposure(published));
    assertEquals(Optional.of(new Exposure(1)), afterARestart());
  }

  @Test
  void whatAnotherReplicaCommitsIsFound() {
    begun("checkout-1", PLAN);
    await(published.refresh());
    assertEquals(Optional.of(new Exposure(1)), exposure(published));

    rolledBack("checkout-1");
    await(published.refresh());
    assertEquals(Optional.of(Exposure.NONE), exposure(published));
  }

  @Test
  void aStoreThatIsAwayChangesNothingOfWhatIsServed() {
    published.changed(begun("checkout-1", PLAN));
    server.breakStore();

    String came =
        await(
            published
                .refresh()
                .transform(done -> Future.succeededFuture(done.failed() ? "no" : "yes")));
    assertEquals("no", came);
    assertEquals(Optional.of(new Exposure(1)), exposure(published));
  }

  @Test
  void flagsOfOtherSystemsAreNotServed() {
    Published other = new Published(server.store, Map.of("another", FileCopy.NONE));
    other.changed(begun("checkout-1", PLAN));
    await(other.load());
    await(other.refresh());
    assertEquals(Map.of(), other.set("another").map(FlagSet::flags).orElseThrow());
    assertFalse(other.set(SET).isPresent());
  }

  @Test
  void theFileHoldsWhatIsServed() throws IOException {
    Path file = folder.resolve("flags.json");
    Published written = published(new WrittenFile(server.vertx, new AtomicFile(file)));
    await(written.load());
    assertEquals(await(written.written(SET)).document(), Files.readString(file));

    written.changed(begun("checkout-1", PLAN));
    await(written.written(SET));
    assertTrue(Files.readString(file).contains("\"fractional\""));

    written.changed(rolledBack("checkout-1"));
    await(written.written(SET));
    assertFalse(Files.readString(file).contains("\"fractional\""));
  }

  @Test
  void aFileThatCannotBeWrittenIsSaid() {
    Path file = folder.resolve("nowhere").resolve("flags.json");
    Published written = published(new WrittenFile(server.vertx, new AtomicFile(file)));

    Throwable failure =
        await(written.written(SET).transform(done -> Future.succeededFuture(done.cause())));

    assertEquals(
        "The file "
            + file
            + " cannot be written (NoSuchFileException): let this user write to its folder.",
        failure.getMessage());
  }
}
