package dev.sluice.service.flags.served;

import static dev.sluice.service.store.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gates.plan.Exposure;
import dev.sluice.gates.plan.FlagTarget;
import dev.sluice.gates.plan.Plan;
import dev.sluice.gates.plan.RollbackRule;
import dev.sluice.gates.rollout.Command;
import dev.sluice.gates.rollout.Decision;
import dev.sluice.gates.rollout.Outgoing;
import dev.sluice.gates.rollout.Rollout;
import dev.sluice.service.config.FlagdEndpoint;
import dev.sluice.service.flags.Finding;
import dev.sluice.service.flags.Flag;
import dev.sluice.service.flags.FlagSystemTarget;
import dev.sluice.service.flags.Note;
import dev.sluice.service.flags.Reading;
import dev.sluice.service.flags.Trouble;
import dev.sluice.service.flags.Written;
import dev.sluice.service.http.Scenes;
import dev.sluice.service.http.TestServer;
import dev.sluice.service.notify.EndpointComposer;
import dev.sluice.service.outbox.Target;
import dev.sluice.service.served.FileCopy;
import dev.sluice.service.served.Published;
import dev.sluice.service.store.RolloutStore.Message;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Served flags keep no contract about being set by somebody: they are never set, they follow from
 * the rollouts. So this is tested instead.
 */
class ServedFlagsTest {
  private static final Plan PLAN = Scenes.plan("checkout");
  private static final FlagTarget TARGET = PLAN.flag().orElseThrow();
  private static final Flag FLAG = Flag.of(TARGET);
  private static final Note NOTE = new Note("n", "because");

  private final TestServer server = new TestServer();
  private final AtomicBoolean fileFails = new AtomicBoolean();
  private final FileCopy copy =
      document ->
          fileFails.get()
              ? Future.failedFuture(new IllegalStateException("The disk is full."))
              : Future.succeededFuture();
  private final Published published = new Published(server.store, Map.of(TARGET.target(), copy));
  private final ServedFlags flags =
      new ServedFlags(
          TARGET.target(),
          new FlagdEndpoint(Optional.empty(), Optional.empty(), Duration.ofSeconds(10)),
          published);

  @AfterEach
  void stop() {
    server.close();
  }

  private Rollout begun() {
    Rollout rollout = server.scenes.begun("checkout-1", PLAN);
    published.changed(rollout);
    return rollout;
  }

  private Reading.Seen seen() {
    return assertInstanceOf(Reading.Seen.class, await(flags.read(FLAG)));
  }

  private static Message order(Rollout rollout) {
    return new EndpointComposer(Map.of(), URI.create("http://sluice.example"))
        .compose(
            List.of(
                new Outgoing.SetExposure(
                    TARGET,
                    rollout.lastDecision().orElseThrow(),
                    rollout.lastDecision().orElseThrow().kind() == Decision.Kind.ROLL_BACK
                        ? PLAN.rollback().action()
                        : RollbackRule.Action.PERCENT,
                    rollout)))
        .getFirst();
  }

  private Target.Result deliver(Rollout rollout) {
    return await(new FlagSystemTarget(TARGET.target(), flags).deliver(order(rollout)));
  }

  @Test
  void aDecisionIsCarriedOutByBeingCommitted() {
    Rollout rollout = begun();
    assertEquals(new Target.Result.Ok(), deliver(rollout));
    assertEquals(new Exposure(1), seen().exposure());

    Rollout back = server.scenes.tell("checkout-1", new Command.RollBack(Scenes.ANNA, "it hurts"));
    published.changed(back);

    assertEquals(new Target.Result.Ok(), deliver(back));
    assertEquals(Exposure.NONE, seen().exposure());
  }

  @Test
  void aDecisionThatIsNotServedYetIsTriedAgain() {
    Rollout rollout = server.scenes.begun("checkout-1", PLAN);

    Target.Result.Retry retry = assertInstanceOf(Target.Result.Retry.class, deliver(rollout));
    assertTrue(retry.detail().contains("is served as its rollout says"), retry.detail());

    published.changed(rollout);
    assertEquals(new Target.Result.Ok(), deliver(rollout));
  }

  @Test
  void aDecisionThatIsNotInTheFileIsNotCarriedOut() {
    Rollout rollout = begun();
    fileFails.set(true);

    Target.Result.Retry retry = assertInstanceOf(Target.Result.Retry.class, deliver(rollout));
    assertTrue(retry.detail().contains("The disk is full."), retry.detail());
    assertEquals(Finding.Level.PROBLEM, await(flags.preflight(FLAG)).getLast().level());

    fileFails.set(false);
    assertEquals(new Target.Result.Ok(), deliver(rollout));
  }

  @Test
  void nobodyMovesItPastItsRollout() {
    begun();

    Written.NotDone not =
        assertInstanceOf(
            Written.NotDone.class, await(flags.set(FLAG, seen(), new Exposure(50), NOTE)));

    assertEquals(Trouble.Kind.UNFIT, not.trouble().kind());
    assertTrue(not.trouble().sentence().contains("its rollout checkout-1 has it at 1 %"));
    assertEquals(new Exposure(1), seen().exposure());
  }

  @Test
  void aFlagThatNoRolloutHasMovedIsOnForNobody() {
    assertEquals(Exposure.NONE, seen().exposure());
    assertInstanceOf(Written.Done.class, await(flags.kill(FLAG, NOTE)));
  }

  @Test
  void whatMeansNothingHereIsSaidBeforeTheRollout() {
    assertTrue(
        await(flags.preflight(FLAG)).stream()
            .anyMatch(f -> f.what().contains("no environments, projects or strategies")));
  }
}
